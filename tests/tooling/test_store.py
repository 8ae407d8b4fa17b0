"""Storing: execute with the defaults, keep what is deterministic, leave the stored notebook alone after a failure."""

import os

import pytest
import small_notebooks

from course_utils.errors import CourseError
from course_utils.tooling import catalogue, dependencies, guards, run_plan, store
from course_utils.tooling.notebook_files import read_notebook

HEADER = "# %% [markdown]\n# # Title\n\n"


@pytest.fixture
def lesson(tmp_path):
    """A lesson in an empty folder; the test writes its source."""
    small_notebooks.write_lesson(tmp_path, "01_x", HEADER)
    return catalogue.lessons(tmp_path)[0]


def write(lesson, code, prose="Prose."):
    lesson.source.write_text(f"{HEADER}# %% [markdown]\n# {prose}\n\n# %%\n{code}\n", encoding="utf-8")


def outputs(lesson):
    return [cell.outputs for cell in read_notebook(lesson.notebook).cells if cell.cell_type == "code"]


def test_a_lesson_is_executed_stored_and_then_left_alone(lesson):
    write(lesson, "print(1)\nprint(2)\n\n# %%\n1 + 1")
    assert store.store(lesson) == "executed"
    first, second = (cell for cell in read_notebook(lesson.notebook).cells if cell.cell_type == "code")
    assert (first.execution_count, second.execution_count) == (1, 2)
    assert [output.text for output in first.outputs] == ["1\n2\n"]
    assert second.outputs[0].data["text/plain"] == "2"
    written = lesson.notebook.read_bytes()
    assert store.store(lesson) == "unchanged"
    assert store.store(lesson, again=True) == "executed"
    assert lesson.notebook.read_bytes() == written


def test_a_change_of_prose_keeps_the_outputs_without_executing(lesson, monkeypatch):
    write(lesson, "6 * 7")
    store.store(lesson)
    before = outputs(lesson)
    monkeypatch.setattr(store, "execute", lambda *_, **__: pytest.fail("executed"))
    write(lesson, "6 * 7", prose="Better prose.")
    assert store.store(lesson) == "text updated"
    assert outputs(lesson) == before != [[]]
    assert "Better prose." in lesson.notebook.read_text(encoding="utf-8")


def test_a_change_of_code_without_execution_drops_the_outputs(lesson):
    write(lesson, "6 * 7")
    store.store(lesson)
    write(lesson, "6 * 8")
    assert store.store(lesson, run=False) == "text updated"
    assert outputs(lesson) == [[]]
    assert "course" not in read_notebook(lesson.notebook).metadata


def test_a_failing_cell_is_shown_and_the_stored_notebook_stays(lesson):
    write(lesson, "6 * 7")
    store.store(lesson)
    before = lesson.notebook.read_bytes()
    write(lesson, "1\n\n# %%\n!ls")
    with pytest.raises(CourseError, match=r"Code cell 2 is not plain Python: !ls\. Write it as Python"):
        store.store(lesson)
    exercises = lesson.source.with_name("exercises.py")
    exercises.write_text("def f(:", encoding="utf-8")
    write(lesson, "1")
    with pytest.raises(CourseError, match=r"A file that the lesson stands on is not plain Python: def f\(:"):
        store.store(lesson)
    exercises.unlink()
    write(lesson, "print('fine')\n\n# %%\nbad = 1 / 0\n\n# %%\nprint('never')")
    with pytest.raises(CourseError, match=r"(?s)Code cell 2 failed.*bad = 1 / 0.*ZeroDivisionError"):
        store.store(lesson)
    assert lesson.notebook.read_bytes() == before
    assert [path.name for path in lesson.notebook.parent.glob("*.part")] == []


def test_a_killed_kernel_is_told_with_its_cell(lesson):
    write(lesson, "import os\nos._exit(1)")
    with pytest.raises(CourseError, match=r"(?s)Code cell 1 failed.*os\._exit.*DeadKernel"):
        store.store(lesson)


def test_a_run_is_headless_in_an_empty_folder_and_stores_nothing_that_differs_by_itself(lesson):
    code = "import os, ipywidgets\nprint(os.environ['COURSE_HEADLESS'], os.listdir('.'))\nipywidgets.IntSlider()"
    write(lesson, code)
    store.store(lesson)
    [[printed]] = outputs(lesson)
    assert printed.text == "1 []\n" and "COURSE_HEADLESS" not in os.environ
    text = lesson.notebook.read_text(encoding="utf-8")
    assert not [chance for chance in ("model_id", "iopub", "python_version", '"version"') if chance in text]


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A folder of recorded figures that the lesson below names, and of others that it does not."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("01_named", "01_named_by_an_exercise", "01_other"):
        (folder / f"{name}.json").write_text("[1]")
    monkeypatch.setattr(dependencies.paths, "results_folder", lambda: folder)
    return folder


def change(path, text):
    """Change a file of that lesson, or make it."""
    path.write_text((path.read_text(encoding="utf-8") if path.is_file() else "") + text, encoding="utf-8")


def test_a_change_of_what_a_lesson_stands_on_executes_it_again(lesson, results, monkeypatch):
    monkeypatch.setattr(store, "execute", lambda notebook, **_: (notebook, {}))
    folder = lesson.source.parent
    (folder / "exercises.py").write_text("from course_utils import paths\nSHOWN = '01_named_by_an_exercise'\n")
    write(lesson, 'name = "01_named"')
    assert [store.store(lesson), store.store(lesson)] == ["executed", "unchanged"]
    for file, more, expected in (
        ("exercises.py", "# a hint\n", "executed"),
        ("quiz.json", "[]", "executed"),
        ("claims.py", "BOUND = 0.5\n", "executed"),
        ("pictures.json", "[]", "executed"),
        ("../../results/01_named.json", " ", "executed"),
        ("../../results/01_named_by_an_exercise.json", " ", "executed"),
        ("../../results/01_other.json", " ", "unchanged"),
        ("notes.txt", "later", "unchanged"),
        ("recorded_table.py", "x = 1", "unchanged"),
    ):
        change(folder / file, more)
        assert (file, store.store(lesson)) == (file, expected)
    bare = dependencies._bare_code
    monkeypatch.setattr(dependencies, "_bare_code", lambda path: bare(path) + "# changed" * (path.name == "paths.py"))
    assert store.store(lesson) == "executed"  # what an exercise imports counts too
    write(lesson, "from course_utils import profiles, paths")
    assert [store.store(lesson), store.store(lesson)] == ["executed", "unchanged"]
    monkeypatch.setattr(dependencies, "_bare_code", bare)  # paths.py is as it was
    assert store.store(lesson) == "executed"


@pytest.mark.parametrize("file", ["exercises.py", "quiz.json", "claims.py"])
def test_a_run_is_not_resumed_over_a_change_of_a_lessons_own_files(tmp_path, monkeypatch, results, file):
    folder = tmp_path / "lesson_01_x"
    folder.mkdir()
    monkeypatch.setattr(run_plan.lessons, "folders", lambda: {"01": folder})
    for name in ("01_x", "01_another"):
        small_notebooks.write(tmp_path / f"{name}.ipynb", "1")

    def keys():
        plans = run_plan.make_plans([tmp_path / "01_x.ipynb", tmp_path / "01_another.ipynb"], "quick", {})
        return [plan.key for plan in plans]

    before = keys()
    change(folder / file, "[]")
    assert [now == then for now, then in zip(keys(), before, strict=True)] == [False, True]


def test_dependencies_are_followed_through_the_package():
    names = {path.name for path in dependencies.package_files("from course_utils.tooling import store")}
    assert {"store.py", "notebook_files.py", "dependencies.py", "catalogue.py", "paths.py"} <= names
    assert dependencies.package_files("import json") == []
    lazy = {path.name for path in dependencies.package_files("from course_utils import datasets, models")}
    assert {"loading.py", "walks.py", "outlines.py", "dyeing.py", "efficientnet.py", "fast.py"} <= lazy  # at first use
    assert dependencies.imported_names("from .cards import Card\nfrom . import x", within="course_utils.datasets") == {
        "course_utils.datasets.cards",
        "course_utils.datasets.cards.Card",
        "course_utils.datasets",
        "course_utils.datasets.x",
    }


QUOTES = """print("training")

# %% [markdown]
# *What you see.* The network gets {{100 * accuracy:.1f}} % right, of {{ names[0] }} all.

# %%
accuracy, names = 0.6881, ["circles"]
"""


def texts(lesson):
    return [cell.source for cell in read_notebook(lesson.notebook).cells if cell.cell_type == "markdown"]


def test_quoted_figures_are_those_of_the_stored_run_and_a_new_one_runs_the_lesson_again(lesson):
    write(lesson, QUOTES)
    assert store.store(lesson) == "executed"
    assert texts(lesson)[-1] == "*What you see.* The network gets 68.8 % right, of circles all."
    assert guards.contents_equal(read_notebook(lesson.notebook), lesson.source.read_text("utf-8")) == []
    assert len(outputs(lesson)) == 2  # nothing of what storing asked for is left
    assert store.store(lesson) == "unchanged"
    write(lesson, QUOTES.replace("gets", "has"))
    assert store.store(lesson) == "text updated"
    assert texts(lesson)[-1] == "*What you see.* The network has 68.8 % right, of circles all."
    write(lesson, QUOTES.replace("{{ names[0] }}", "{{len(names)}}"))
    assert store.store(lesson) == "executed"
    assert texts(lesson)[-1].endswith("of 1 all.")


@pytest.mark.parametrize("figure", ["68.8 %", "0.69", "19 of 30", "68%", "1.5"])
def test_a_measured_figure_typed_by_hand_is_refused(lesson, figure):
    write(lesson, QUOTES.replace("{{100 * accuracy:.1f}} %", figure))
    for run in (True, False):  # a change of prose alone stores no new figure either
        with pytest.raises(CourseError, match=f"typed by hand: {figure}"):
            store.store(lesson, run=run)


def test_what_the_end_of_a_run_shows_is_refused_in_one_message(lesson):
    """A quoted value that no cell makes, and names that change their kind."""
    write(
        lesson, QUOTES.replace("names[0]", "missing") + "scores, best = [], []\n\n# %%\nscores = {}\ndef best(): pass"
    )
    with pytest.raises(CourseError) as refused:
        store.store(lesson)
    for said in (
        r"{{missing}}: NameError",
        "scores was a list and becomes a dict",
        "best was a list and becomes a function",
    ):
        assert said in str(refused.value)
    assert not lesson.notebook.exists()


def test_other_numbers_may_be_typed_and_an_open_answer_or_another_number_is_no_change(lesson):
    texts = ["It has 32 rows.", "In `x[0.5]` stands a half.", "The year 2012.", "*Why.* 0.5 %."]
    code = "answer, best = ..., 0\n\n# %%\nimport numpy as np\nanswer, best = [1], np.float32(0.5)"
    write(lesson, f"{code}\n\n# %% [markdown]\n# *What you see.* A cat.\n#\n# " + "\n#\n# ".join(texts))
    assert store.store(lesson) == "executed"
