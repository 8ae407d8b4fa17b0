import re

from course_utils import paths
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


def test_what_the_readme_links_to_is_there():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert targets
    missing = [target for target in targets if not (paths.project_root() / target).exists()]
    assert not missing
