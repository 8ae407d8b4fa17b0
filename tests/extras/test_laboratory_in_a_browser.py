"""`course lab` as a learner meets it: a real server, a real kernel, a real browser. The stage `pages` runs this."""

import json
import os
import re
import subprocess
import sys
import time

import nbformat
import pytest

LAPTOP = {"width": 1280, "height": 720}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
PATIENCE = 120_000  # milliseconds: a busy machine takes its time
OPEN = """
import sys
from pathlib import Path
from course_utils.tooling import lab
sys.exit(lab.open_lab(browser=False, port=8940, folder=Path(sys.argv[1])))
"""


class Laboratory:
    """A running `course lab` in a folder of its own, and the address that it printed."""

    def __init__(self, folder):
        self.mine, self.log = folder / "mine", folder / "log"
        self.mine.mkdir()
        environment = {name: value for name, value in os.environ.items() if name != "COURSE_HEADLESS"}
        environment["COURSE_STATE"] = str(folder / "state")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", OPEN, str(self.mine)], stdout=log, stderr=log, env=environment
            )
        until = time.monotonic() + 120
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w+)", self.log.read_text())):
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)
        self.address, self.token = found.groups()

    def write(self, name, *cells):
        """A notebook of code cells, and of text where a cell begins with #."""
        made = [
            nbformat.v4.new_markdown_cell(cell) if cell.startswith("# ") else nbformat.v4.new_code_cell(cell)
            for cell in cells
        ]
        for number, cell in enumerate(made):
            cell.id = f"cell-{number}"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=kernel), self.mine / name)


class Notebook:
    """A notebook in the page."""

    def __init__(self, page):
        self.page = page

    def run_all(self):
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()

    def wait(self):
        """Until the kernel has nothing to do."""
        self.page.wait_for_function("document.querySelector('#jp-main-statusbar')?.innerText.includes('Idle')")

    def cell(self, number):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def output(self, number):
        return self.cell(number).locator(".jp-OutputArea")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    lab = Laboratory(tmp_path_factory.mktemp("laboratory"))
    yield lab
    lab.process.terminate()
    lab.process.wait(60)


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport=LAPTOP)
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


@pytest.fixture
def opened(laboratory, page, request):
    """Write a notebook of these cells, open it, and have its kernel ready."""

    def open_(*cells, name=None):
        name = name or f"{abs(hash(request.node.name))}.ipynb"
        laboratory.write(name, *cells)
        page.goto(f"{laboratory.address}/lab/tree/{name}?token={laboratory.token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        notebook = Notebook(page)
        notebook.wait()
        return notebook

    return open_


def set_theme(laboratory, page, theme):
    answer = page.request.put(
        f"{laboratory.address}/lab/api/settings/@jupyterlab/apputils-extension:themes?token={laboratory.token}",
        data=json.dumps({"raw": json.dumps({"theme": theme})}),
    )
    assert answer.ok, answer.text()


def test_an_exercise_and_questions_are_answered_by_keyboard(opened, page):
    notebook = opened(
        "from course_utils import exercises, quizzes",
        "exercises.check('04.2', 1)",
        "quizzes.ask('04.q1')\nquizzes.answer('04.q1', ...)",
        "quizzes.ask('04.q3')",
        "quizzes.ask('04.q4')",
    )
    notebook.run_all()
    hint = notebook.output(1).get_by_role("button", name="Hint")
    for number in (1, 2):
        hint.press("Enter")
        notebook.output(1).get_by_text(f"hint {number} of 3").wait_for()
    notebook.output(1).get_by_role("button", name="Solution").press("Space")
    notebook.output(1).locator("pre code").wait_for()

    for number, letters in ((2, ["a", "b"]), (3, ["a", "c"])):
        output = notebook.output(number)
        fields = output.get_by_role("radio" if number == 2 else "checkbox")
        for letter in letters:
            fields.nth("abcd".index(letter)).press("Space")
            if letter == letters[0]:
                output.get_by_role("button", name="Answer").press("Enter")
                output.get_by_text("Not right").wait_for()
        output.get_by_role("button", name="Answer").press("Enter")  # tried again
        output.get_by_text("✓ Right").wait_for()
    output = notebook.output(4)
    output.get_by_role("textbox").press_sequentially("1,229")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    output.get_by_text("3 of 5 questions in this lesson done").wait_for()
    assert page.locator(".jp-Notebook .jp-Cell").count() == 5  # no key was taken for a command


def test_a_prediction_comes_before_the_result(opened, page):
    prepare = (
        "from course_utils import quizzes\n"
        "from course_utils.quizzes import predictions, questions\n"
        "options = tuple(questions.Option(k, f'option {k}', k == 'c', f'It is since {k}.') for k in 'abc')\n"
        "predictions.get = lambda id: questions.Question('04.p1', 'single', 'Will it rise?', options)"
    )
    notebook = opened(prepare, "quizzes.predict('04.p1')", "quizzes.verdict('04.p1')")
    notebook.run_all()
    notebook.output(2).get_by_text("It was c.").wait_for()
    assert "since" not in notebook.output(1).inner_text()
    notebook.output(1).get_by_role("button", name="(b)").press("Enter")
    notebook.output(1).get_by_text("You say b").wait_for()
    notebook.run_all()
    notebook.output(2).get_by_text("You said b. It was c.").wait_for()
    assert "c) It is since c." in notebook.output(2).inner_text()
