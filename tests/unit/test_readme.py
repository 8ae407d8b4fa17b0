import re
from statistics import fmean, stdev

from course_utils import paths, recorded
from course_utils.tooling.catalogue import choose, lessons, on_shelves
from course_utils.tooling.guards.finding import tags
from course_utils.tooling.notebook_files import to_notebook

README = (paths.project_root() / "README.md").read_text(encoding="utf-8")


def test_the_tables_hold_every_notebook_with_its_title_and_minutes():
    rows = re.findall(r"^\| \[\d\d\]\(notebooks/(\w+)\.ipynb\) \| (.+?) \| (\d+), (\d+) \|", README, re.MULTILINE)
    offered = [lesson for shelf in on_shelves(lessons()).values() for lesson in shelf]
    expected = [
        (lesson.name, lesson.title, f"{lesson.minutes['run']:.0f}", f"{lesson.minutes['study']:.0f}")
        for lesson in offered
    ]
    assert rows == expected


def test_the_program_is_the_one_of_lesson_06():
    [shown] = re.findall(r"^```python\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
    [lesson] = choose(["06"])
    cells = to_notebook(lesson.source.read_text(encoding="utf-8")).cells
    [program] = [cell.source for cell in cells if "take-home" in tags(cell)]
    assert shown.strip() == program.replace('"example_few"', '"my_pictures"')


def test_every_promise_names_tests_that_are_there():
    rows = re.findall(r"^\| (.+?) \| (.*`.+`.*) \|$", README.partition("## What is promised")[2], re.MULTILINE)
    assert len(rows) > 15
    stages = (paths.project_root() / "tests" / "stages.py").read_text(encoding="utf-8")
    for promise, shown in rows:
        for name in re.findall(r"`(.+?)`", shown):
            if name.startswith(("make ", "course ")):
                continue
            pattern = name if "/" in name else f"tests/**/{name}"
            assert list(paths.project_root().glob(pattern)) or f'Stage("{name}"' in stages, (promise, name)


def of_three(values, form="{:.1f}", factor=100.0):
    """Lowest, median and highest as the tables have them: "90.9 / 91.2 / 91.6"."""
    return " / ".join(form.format(factor * value) for value in sorted(values))


def spread(values):
    return f"{100 * fmean(values):.1f} ± {100 * stdev(values):.1f} %"


def test_the_results_are_those_of_the_records():
    programs = recorded.load("04_programs").figures
    said = [f"| {name}, {each['parameters']:,} parameters | " for name, each in programs.items()]
    said += [f"| {of_three(each['test'])} % |" for each in programs.values()]
    remedies = recorded.load("05_remedies").figures
    said += [
        f"| {spread(each['accuracy'])} | {each['seconds']:.0f} |" for way in remedies.values() for each in way.values()
    ]
    for name in ("cifar10", "fashion_mnist"):
        found = recorded.load(f"bench_{name}").figures["summary"]
        for way in ("reference", "share", "full"):
            said.append(of_three(found[f"{way}: accuracy"].values()))
        said.append(f"{found['share: ratio of times']['median']:.1f} on 3 of 3 seeds")
    for way, each in recorded.load("bench_flowers").figures["ways"].items():
        for seconds in each["seconds"].values():
            form = "{:.1f}" if way == "features" else "{:.0f}"
            arrived = ", ".join(form.format(value) for value in seconds if value)
            said.append(f"| {arrived} s |" if arrived else "| not there |")
        accuracy = each["test accuracy"]
        said.append(f"{100 * accuracy['min']:.1f} to {100 * accuracy['max']:.1f} % |")
    assert [figure for figure in said if figure not in README] == []


def test_what_the_readme_links_to_is_there():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert targets
    missing = [target for target in targets if not (paths.project_root() / target).exists()]
    assert not missing
