import re

from course_utils import paths
from course_utils.tooling.catalogue import lessons

README = (paths.project_root() / "README.md").read_text(encoding="utf-8")


def test_the_table_holds_every_notebook_with_its_title_and_minutes():
    rows = re.findall(r"^\| \[\d\d\]\(notebooks/(\w+)\.ipynb\) \| (.+?) \| (\d+), (\d+) \|", README, re.MULTILINE)
    expected = [
        (lesson.name, lesson.title, f"{lesson.minutes['run']:.0f}", f"{lesson.minutes['study']:.0f}")
        for lesson in lessons()
        if lesson.notebook.is_file()
    ]
    assert rows == expected


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
