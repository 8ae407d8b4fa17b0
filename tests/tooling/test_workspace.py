"""The learner's copies: what they changed survives, the rest is kept up to date."""

from datetime import date

import nbformat
import pytest
import small_notebooks

from course_utils import exercises, state
from course_utils.errors import CourseError
from course_utils.tooling import catalogue, workspace
from course_utils.tooling.notebook_files import read_notebook, write_notebook


class Course:
    """A course of two lessons, and a learner's folder beside it."""

    def __init__(self, folder):
        self.folder, self.mine = folder / "notebooks", folder / "mine"
        self.folder.mkdir()
        self.publish("00_start_here", "1")
        self.publish("03_cnn_math", "2")

    def publish(self, name, code):
        cells = [nbformat.v4.new_code_cell(code, id="a")]
        write_notebook(nbformat.v4.new_notebook(cells=cells), self.folder / f"{name}.ipynb")
        small_notebooks.write_lesson(self.folder, name)

    def lessons(self):
        return catalogue.lessons(self.folder)

    def refresh(self):
        return workspace.refresh(self.lessons(), self.mine)

    def code(self, file):
        return read_notebook(self.mine / file).cells[0].source

    def change(self, file, **changes):
        notebook = read_notebook(self.mine / file)
        notebook.cells[0].update(changes)
        write_notebook(notebook, self.mine / file)


@pytest.fixture
def here(tmp_path):
    return Course(tmp_path)


def test_every_stored_notebook_is_copied_once(here):
    here.publish("05_later", "3")
    (here.folder / "05_later.ipynb").unlink()
    assert here.refresh() == []
    assert here.code("00_start_here.ipynb") == "1"
    assert here.code("03_cnn_math.ipynb") == "2"
    assert not (here.mine / "05_later.ipynb").exists()
    assert here.refresh() == []


def test_a_copy_gives_no_result_away_and_the_stored_notebook_keeps_its_own(here):
    stored = here.folder / "03_cnn_math.ipynb"
    notebook = read_notebook(stored)
    notebook.cells[0].update(outputs=[nbformat.v4.new_output("stream", text="97 %")], execution_count=1)
    notebook.metadata.update(course={"values": {"accuracy": "97 %"}}, course_profiles={"smoke": {}})
    write_notebook(notebook, stored)
    before = stored.read_bytes()

    here.refresh()
    copy = read_notebook(here.mine / "03_cnn_math.ipynb")
    assert "97 %" not in (here.mine / "03_cnn_math.ipynb").read_text(encoding="utf-8")
    assert copy.cells[0].execution_count is None and copy.cells[0].id == "a"
    assert copy.metadata.course_profiles == {"smoke": {}}
    workspace.reset(here.lessons()[1], here.mine)
    assert "97 %" not in (here.mine / "03_cnn_math.ipynb").read_text(encoding="utf-8")
    assert stored.read_bytes() == before
    assert here.refresh() == []


@pytest.mark.parametrize("change", [{}, {"execution_count": 7}], ids=["untouched", "run"])
def test_an_unchanged_copy_is_brought_up_to_date(here, change):
    here.refresh()
    here.change("03_cnn_math.ipynb", **change)
    here.publish("03_cnn_math", "better")
    assert here.refresh() == ["03_cnn_math: brought up to date."]
    assert here.code("03_cnn_math.ipynb") == "better"


@pytest.mark.parametrize("what", ["answered", "answered, without the record of copies", "damaged"])
def test_a_changed_copy_is_kept_and_the_new_version_announced(here, what):
    here.refresh()
    here.change("03_cnn_math.ipynb", source="my answer")
    assert here.refresh() == []  # the course is as it was: there is nothing to say
    if "record" in what:
        (here.mine / ".copies.json").write_text("{", encoding="utf-8")
    if what == "damaged":
        (here.mine / "03_cnn_math.ipynb").write_text("half a note", encoding="utf-8")
    kept = (here.mine / "03_cnn_math.ipynb").read_bytes()
    here.publish("03_cnn_math", "better")
    for _ in range(2):
        assert "course reset 03" in here.refresh()[0]
        assert (here.mine / "03_cnn_math.ipynb").read_bytes() == kept


def test_reset_brings_one_back_and_keeps_the_old_one(here):
    here.refresh()
    for answer, kept in (("first", ""), ("second", "-2")):
        here.change("03_cnn_math.ipynb", source=answer)
        said = workspace.reset(here.lessons()[1], here.mine)
        name = f"03_cnn_math.{date.today().isoformat()}{kept}.ipynb"
        assert name in said
        assert here.code(name) == answer
        assert here.code("03_cnn_math.ipynb") == "2"
    here.publish("03_cnn_math", "better")
    assert here.refresh() == ["03_cnn_math: brought up to date."]


def test_reset_of_a_lesson_that_is_not_stored(here):
    lesson = here.lessons()[1]
    lesson.notebook.unlink()
    with pytest.raises(CourseError, match="course store 03"):
        workspace.reset(lesson, here.mine)


def test_the_page_of_all_lessons_links_to_each_and_says_what_is_done(here, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    state.record("exercises", "03.1", "correct")
    here.refresh()
    page = workspace.write_overview(here.lessons(), here.mine)
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if ".ipynb" in line]
    assert "(00_start_here.ipynb)" in rows[0] and "(03_cnn_math.ipynb)" in rows[1]
    assert f"| 1 of {len(exercises.all_exercises('03'))} |" in rows[1]
    assert (here.mine / "03_cnn_math.ipynb").is_file()
