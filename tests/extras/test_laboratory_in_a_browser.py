"""`course lab` as a learner meets it: a real server, a real kernel, a real browser. The stage `pages` runs this."""

import io
import json
import os
import re
import subprocess
import sys
import time

import nbformat
import numpy as np
import pytest
from PIL import Image

from course_utils.tooling import workspace

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
    notebook.output(1).get_by_text("side = (32 - 2) // 2").wait_for()

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


SLOW = """\
import time, ipywidgets
from course_utils import quizzes

class SlowText(ipywidgets.Text):
    def set_state(self, state):
        time.sleep(0.3)
        super().set_state(state)

ipywidgets.Text = SlowText
quizzes.ask("04.q4")"""


def test_a_number_is_judged_whole_where_the_kernel_is_slower_than_the_typing(opened, page):
    output = (notebook := opened(SLOW)).output(0)
    notebook.run_all()
    output.get_by_role("textbox").press_sequentially("1,229")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    output.get_by_text(re.compile("Right|Not right")).wait_for()
    assert "✓ Right" in output.inner_text()


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


DRAW = """\
from course_utils import plots, widgets

def draw(height):
    figure, axis = plots.canvas()
    axis.plot([1, height, 2])
    return plots.picture(figure, alt=f"height {height}")

widgets.slider(draw, height=range(10))"""


@pytest.mark.parametrize("theme", THEMES)
def test_a_slider_moves_one_figure_and_no_figure_glares(opened, laboratory, page, theme):
    set_theme(laboratory, page, theme)
    notebook = opened(DRAW)
    notebook.run_all()
    figure = page.locator(".jp-OutputArea figure img")
    figure.wait_for()
    page.locator(".noUi-handle").press("ArrowRight")
    page.locator("img[alt='height 1']").wait_for()
    assert figure.count() == 1
    assert page.locator(".noUi-target").bounding_box()["width"] > 400
    shown = np.asarray(Image.open(io.BytesIO(figure.screenshot())).convert("L"))
    brightest = float(np.percentile(shown, 90))
    assert brightest > 250 if "Light" in theme else 150 < brightest < 210


MOVE = """\
import time
from course_utils.progress_line import progress_line

with progress_line() as say:
    for step in range(600):
        say(step / 600, f"epoch {step + 1} of 600")
        time.sleep(0.1)"""

# Every text in the outputs, with its contrast to what lies behind it, as WCAG computes it; 4.5 is enough for all eyes.
CONTRASTS = """() => {
  const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number)
  const light = colour => {
    const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
    const [r, g, b] = numbers(colour).map(v => linear(v / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor
      if (numbers(colour)[3] !== 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join('')
  const texts = [...document.querySelectorAll('.jp-OutputArea *')].filter(e => own(e) && e.offsetParent && !e.disabled)
  return texts.map(e => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x)
    return [own(e).slice(0, 40), Math.round(10 * (a + 0.05) / (b + 0.05)) / 10]
  })
}"""


def pale(page):
    """The texts in the outputs that are too pale for some eyes; fails where there is none to look at."""
    seen = page.evaluate(CONTRASTS)
    assert seen
    return [text for text in seen if text[1] < 4.5]


@pytest.mark.parametrize("theme", THEMES)
def test_buttons_and_verdicts_can_be_read(opened, laboratory, page, theme):
    set_theme(laboratory, page, theme)
    notebook = opened(
        "from course_utils import exercises, quizzes", "exercises.check('04.2', 1)", "quizzes.ask('04.q1')"
    )
    notebook.run_all()
    notebook.output(2).get_by_role("radio").first.press("Space")
    notebook.output(2).get_by_role("button", name="Answer").press("Enter")
    notebook.output(2).get_by_text("Not right").wait_for()
    assert pale(page) == []
    notebook.output(1).get_by_role("button", name="Solution").press("Space")
    notebook.output(1).get_by_text("side = (32 - 2) // 2").wait_for()
    assert pale(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_progress_line_moves_and_can_be_read(opened, laboratory, page, theme):
    set_theme(laboratory, page, theme)
    notebook = opened(MOVE)
    notebook.run_all()
    notebook.output(0).get_by_text(re.compile(r"█.*epoch \d{2,3} of 600 \(\d\d:\d\d left\)")).wait_for()
    assert pale(page) == []


def test_names_are_whole_and_text_is_wide_enough_at_200_per_cent(opened, laboratory, page):
    workspace.refresh(folder=laboratory.mine)
    opened("# " + "A line of text. " * 30)
    page.wait_for_selector(".jp-DirListing-itemText >> text=21_faq")
    cut = "[...document.querySelectorAll('.jp-DirListing-itemText')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.evaluate(cut) == 0
    page.set_viewport_size({"width": 640, "height": 360})
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    assert page.locator(".jp-RenderedMarkdown p, .jp-RenderedMarkdown h1").first.bounding_box()["width"] >= 340


def test_progress_links_to_the_open_cell(opened, laboratory, page):
    workspace.refresh(folder=laboratory.mine)
    notebook = opened("from course_utils import progress\nprogress.show('04')")
    notebook.run_all()
    page.get_by_role("link", name="exercise 04.2").click()
    page.locator(".jp-CodeCell:visible", has_text='exercises.check("04.2"').wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('.jp-CodeCell')].some(e => e.innerText.includes('04.2')"
        " && e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight)"
    )


def test_a_large_photograph_is_classified_and_the_next_one_too(opened, page, tmp_path):
    notebook = opened("from course_utils import widgets\nwidgets.photograph(lambda photo: photo.shape)")
    notebook.run_all()
    noise = np.random.default_rng(0).integers(0, 256, (3000, 3600, 3), dtype=np.uint8)
    large, small, broken = (tmp_path / name for name in ("large.jpg", "small.png", "broken.jpg"))
    Image.fromarray(noise).save(large, quality=95)
    Image.fromarray(noise[:30, :40]).save(small)
    broken.write_bytes(b"no picture")
    assert large.stat().st_size > 12_000_000
    button = page.get_by_role("button", name="Choose a photograph")
    for file, said in ((large, "(3000, 3600, 3)"), (broken, "cannot be read"), (small, "(30, 40, 3)")):
        with page.expect_file_chooser() as chooser:
            button.press("Enter")
        chooser.value.set_files(file)
        notebook.output(0).get_by_text(said).wait_for()


def test_an_interrupted_cell_ends_in_one_line(opened, page):
    notebook = opened(
        "import keras, numpy as np\n"
        "model = keras.Sequential([keras.layers.Dense(2000), keras.layers.Dense(2000), keras.layers.Dense(1)])\n"
        "model.compile('adam', 'mse')\nprint('ready')\n"
        "model.fit(np.ones((50_000, 500)), np.ones(50_000), epochs=100, verbose=0)"
    )
    notebook.run_all()
    notebook.output(0).get_by_text("ready").wait_for()
    page.wait_for_timeout(3000)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Interrupt Kernel", exact=True).click()
    notebook.output(0).get_by_text("Stopped").wait_for()
    assert notebook.output(0).bounding_box()["height"] < 150
    assert "Traceback" not in notebook.output(0).inner_text()


def test_a_name_from_a_cell_above_is_said_and_other_errors_stay(opened, page):
    notebook = opened("model = 1", "print(model)", "print(modle)")
    for number, said in ((1, "There is no model yet"), (2, "NameError")):
        notebook.cell(number).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        notebook.output(number).get_by_text(said).first.wait_for()
        notebook.wait()  # what is asked while a failed cell ends is dropped by the kernel
    assert "Traceback" not in notebook.output(1).inner_text()


def test_the_page_goes_to_the_cell_that_stops_run_all(opened, page):
    before = [f"print({number})" for number in range(3)]
    notebook = opened(*before, "import time; time.sleep(1); 1 / 0", *(["# " + "Text. " * 300] * 6), "print('end')")
    notebook.run_all()
    notebook.output(3).get_by_text("ZeroDivisionError").first.wait_for()
    page.wait_for_timeout(1000)
    box = notebook.cell(3).bounding_box()
    assert box["y"] >= 0 and box["y"] + 100 < LAPTOP["height"]
