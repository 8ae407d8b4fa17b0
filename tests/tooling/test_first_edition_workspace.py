"""A workspace of the first edition: progress is carried over once, old copies are set aside and never judged."""

import itertools
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import exercises, quizzes, renumbered, state
from course_utils.tooling import catalogue, workspace
from course_utils.tooling.notebook_files import read_notebook, write_notebook

ENTRY = {"done": True, "tries": 1, "last": "2026-01-02T03:04:05+01:00"}
# What a cell of the first edition's lesson 07, on frameworks, holds once it has been answered.
ANSWERED = 'def dense_to_keras(weight):\n    return weight.T\n\n\nexercises.check("07.1", dense_to_keras)'
OTHER_CALLS = 'quizzes.answer(\n    "07.q1", "b"\n)\nrecorded.load("07_frameworks")\nprogress.show("07")\nx = "07.1"'


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    (tmp_path / "state").mkdir()
    (tmp_path / "mine").mkdir()
    return tmp_path


def first_edition_progress(kinds):
    state.file().write_text(json.dumps({"version": 1, **kinds}), encoding="utf-8")


def done(kind):
    return {id for id, entry in state.read()[0][kind].items() if entry["done"]}


def copied(folder, name, *codes):
    cells = [nbformat.v4.new_code_cell(code, id=f"c{number}") for number, code in enumerate(codes)]
    write_notebook(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


def record(folder, *names):
    """The note of a copy that nobody has changed since."""
    made = {name: workspace._fingerprint(folder / f"{name}.ipynb") for name in names}
    (folder / ".copies.json").write_text(json.dumps(made), encoding="utf-8")


def test_every_lesson_that_moved_is_there_under_its_new_name_and_no_number_is_given_twice():
    names = {lesson.name for lesson in catalogue.lessons()}
    assert set(renumbered.NAMES.values()) <= names
    assert not set(renumbered.NAMES) & names
    kept = [f"{number:02d}" for number in range(6)]
    assert len({*kept, *renumbered.NUMBERS.values()}) == len(kept) + len(renumbered.NUMBERS) == 13


def test_progress_is_carried_over_to_the_new_ids_once(home):
    first_edition_progress(
        {
            "exercises": {"04.1": ENTRY, "07.1": ENTRY, "11.1": {**ENTRY, "done": False}, "12.10": ENTRY},
            "quizzes": {"06.q1": ENTRY, "11.q2": ENTRY},
        }
    )
    for _ in range(2):  # 07 became 14 and 11 became 07: a second pass would move it on
        assert done("exercises") == {"04.1", "14.1", "21.5"}
        assert done("quizzes") == {"13.q1", "07.q2"}
        assert state.record("exercises", "04.2", "wrong") == ""
    assert json.loads(state.file().read_text(encoding="utf-8"))["version"] == 2
    assert state.read()[0]["exercises"]["07.1"]["tries"] == 1


TASKS = [f"{lesson:02d}.{n}" for lesson, n in itertools.product(range(13), range(1, 11)) if lesson != 5 or n <= 6]


@given(st.sets(st.sampled_from(TASKS)))
def test_no_two_ids_become_one(ids):
    today = [new for id in ids if (new := renumbered.id_today(id))]
    gone = {old for old, new in renumbered.TASKS.items() if not new}
    assert len(set(today)) == len(today) == len(ids - gone)


MOVED = {
    "04.3": "a model of your own",
    "04.4": "recall of each class",
    "04.5": "predict one picture",
    "04.6": "read the learning curves",
    "05.1": "early stopping by hand",
    "05.2": "mirror and rename",
    "05.3": "the target of a cutmix picture",
    "05.4": "mixup",
    "05.5": "safe or not",
    "08.1": "a learning rate that falls along a cosine",
}


def test_a_tick_goes_with_its_task_and_that_of_a_task_that_is_asked_no_more_to_no_other(home):
    for old, title in MOVED.items():
        first_edition_progress({"exercises": {old: ENTRY}, "quizzes": {}})
        assert [exercises.get(id).title for id in done("exercises")] == [title]
    first_edition_progress({"exercises": {"05.6": ENTRY}, "quizzes": {"05.q1": ENTRY, "05.q2": ENTRY}})
    assert (done("exercises"), done("quizzes")) == (set(), {"05.q1"})


def test_an_answered_copy_is_set_aside_with_one_line_and_its_calls_get_the_new_numbers(home):
    mine = home / "mine"
    copied(mine, "07_frameworks", ANSWERED, OTHER_CALLS)
    copied(mine, "07_frameworks.2026-01-31", ANSWERED)
    said = workspace.refresh([], mine)
    assert sorted(path.name for path in mine.glob("*.ipynb")) == [
        "14_frameworks.2026-01-31.first-edition.ipynb",
        "14_frameworks.first-edition.ipynb",
    ]
    assert [line.partition(":")[0] for line in said] == ["07_frameworks.2026-01-31", "07_frameworks"]
    assert all("14_frameworks" in line and "\n" not in line for line in said)
    cells = read_notebook(mine / "14_frameworks.first-edition.ipynb").cells
    assert cells[0].source == ANSWERED.replace("07.1", "14.1")
    assert cells[1].source == (
        'quizzes.answer(\n    "14.q1", "b"\n)\nrecorded.load("14_frameworks")\nprogress.show("14")\nx = "07.1"'
    )
    assert workspace.refresh([], mine) == []


def test_a_copy_that_nobody_changed_makes_room(home):
    mine = home / "mine"
    copied(mine, "12_faq", "1")
    record(mine, "12_faq")
    assert workspace.refresh([], mine) == ["12_faq: it is 21_faq now."]
    assert list(mine.glob("*.ipynb")) == []
    assert json.loads((mine / ".copies.json").read_text(encoding="utf-8")) == {}


def test_the_whole_course_stands_beside_what_was_set_aside(home):
    mine = home / "mine"
    for old in renumbered.NAMES:
        copied(mine, old, ANSWERED)
    copied(mine, "04_keras_code", "changed")
    (mine / "06_sequence_models_and_attention.ipynb").write_text("half a note", encoding="utf-8")
    said = workspace.refresh(folder=mine)
    assert len([line for line in said if "renumbered" in line]) == len(renumbered.NAMES)
    assert (mine / "13_attention.first-edition.ipynb").read_text(encoding="utf-8") == "half a note"
    names = {path.name for path in mine.glob("*.ipynb")}
    assert {lesson.notebook.name for lesson in catalogue.lessons()} <= names
    assert not {f"{old}.ipynb" for old in renumbered.NAMES} & names


@pytest.mark.parametrize(
    "served",
    ["mine/07_frameworks.ipynb", "/home/x/mine/07_frameworks.2026-01-31.ipynb", r"C:\course\mine\12_faq.ipynb"],
)
def test_a_kernel_that_serves_an_old_copy_gives_no_verdict_of_another_lesson(home, monkeypatch, served):
    """Opened without `course lab`, so nobody has set it aside."""
    monkeypatch.setenv("JPY_SESSION_NAME", served)
    for call in (
        lambda: exercises.check("07.1", lambda weight: weight.T),
        lambda: exercises.hint("07.1"),
        lambda: exercises.solution("07.1"),
        lambda: quizzes.ask("07.q1"),
        lambda: quizzes.answer("07.q1", "a"),
    ):
        with pytest.raises(LookupError, match=r"first edition.*course lab"):
            call()
    assert not state.file().exists()


@pytest.mark.parametrize("served", ["mine/07_your_own_images.ipynb", "14_frameworks.first-edition.ipynb", "x.ipynb"])
def test_any_other_notebook_is_judged(home, monkeypatch, served):
    monkeypatch.setenv("JPY_SESSION_NAME", served)
    quizzes.answer("07.q1", "a")
    assert state.file().exists()
