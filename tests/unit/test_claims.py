"""Claims are held against the lesson's variables in one table, which fails only where nobody can answer."""

import json
import os
import subprocess
import sys
import types

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course_utils import lessons, parameters, recorded
from course_utils.claims import Claim, hold

KIND = "application/vnd.course.claims+json"
SOURCE = """\
# ---
# jupyter:
#   course_profiles:
#     smoke: {images: 30}
#     full: {images: 9000, seeds: 3}
# ---

# %% [markdown]
# # A lesson of three cells

# %% tags=["parameters"]
images: int = 300  # how many
seeds: int = 1

# %%
accuracy = 0.9
"""
BETTER = Claim("05.c1", "It is right more often.", lambda accuracy, guess: accuracy - guess, at_least=0.5)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    (tmp_path / "lesson.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(lessons, "folders", lambda: {"05": tmp_path})
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"images": 300, "seeds": 1}, "quick"),
        ({"images": 30, "seeds": 1}, "smoke"),
        ({"images": 9000, "seeds": 3}, "full"),
        ({"images": 301, "seeds": 1}, None),
        ({"images": 9000, "seeds": 1}, None),
        ({"images": 300}, None),
    ],
)
def test_the_values_of_the_parameters_say_which_run_it_is(lesson, variables, name):
    assert parameters.named_run("05", variables) == name


def test_a_lesson_without_parameters_always_runs_with_its_defaults(lesson):
    (lesson / "lesson.py").write_text("# %%\nx = 1\n", encoding="utf-8")
    assert parameters.profiles("05") == {"quick": {}} and parameters.named_run("05", {"x": 2}) == "quick"


@pytest.mark.parametrize(
    ("variables", "profile", "outcome", "enforced"),
    [
        ({"accuracy": 0.9, "guess": 0.1}, "quick", "holds", True),
        ({"accuracy": 0.6, "guess": 0.1}, "full", "holds", True),  # the bound itself bears it out
        ({"accuracy": 0.59, "guess": 0.1}, "quick", "does not hold", True),
        ({"accuracy": "0.9", "guess": 0.1}, "quick", "not measured", True),  # a text has no minus
        ({"accuracy": np.array([0.9, 0.2]), "guess": 0.1}, "quick", "does not hold", True),  # one seed of two
        ({"accuracy": float("inf"), "guess": 0.1}, "quick", "does not hold", True),
        ({"accuracy": float("nan"), "guess": 0.1}, "quick", "does not hold", True),
        ({"accuracy": 0.9}, "quick", "not measured", True),
        ({"accuracy": 0.1, "guess": 0.1}, "smoke", "not judged", False),
        ({"accuracy": 0.1, "guess": 0.1}, None, "not judged", False),
    ],
)
def test_a_claim_is_held_against_the_variables_that_it_names(variables, profile, outcome, enforced):
    made = hold(BETTER, variables, profile)
    assert (made.outcome, made.enforced) == (outcome, enforced)
    assert BETTER.names == ("accuracy", "guess")


def test_an_at_most_claim_fails_above_its_bound():
    small = Claim("05.c2", "It is small.", lambda size: size, at_most=2.0)
    assert hold(small, {"size": 2.0}, "quick").outcome == "holds"
    assert hold(small, {"size": 2.1}, "quick").outcome == "does not hold"
    assert hold(small, {"size": [1.0, 2.5]}, "quick").margin == -0.5


def test_a_named_run_may_have_a_bound_of_its_own():
    claim = Claim("05.c3", "It learns.", lambda gain: gain, at_least=0.1, bounds={"full": 0.3, "smoke": 0.0})
    assert [hold(claim, {"gain": 0.2}, name).outcome for name in ("quick", "full", "smoke")] == [
        "holds",
        "does not hold",
        "holds",
    ]


def test_recorded_figures_are_judged_in_every_run(monkeypatch):
    record = types.SimpleNamespace(figures={"gain": [0.2, 0.4]})
    monkeypatch.setattr(recorded, "load", lambda name: {"05_gain": record}[name])
    claim = Claim("05.c4", "It gains.", lambda figures: figures["gain"], at_least=0.3, record="05_gain")
    assert claim.names == ()
    for profile in ("quick", "smoke", None):
        made = hold(claim, {}, profile)
        assert (made.outcome, made.enforced, made.figures) == ("does not hold", True, (0.2, 0.4))


def test_a_claim_about_time_never_fails_a_notebook():
    slow = Claim("05.c5", "It is fast.", lambda seconds: seconds, at_most=1.0, unit="s", about_time=True)
    made = hold(slow, {"seconds": 5.0}, "quick")
    assert made.outcome == "does not hold" and not made.enforced


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1.0, "at_most": 2.0}, {"at_least": float("nan")}])
def test_a_claim_has_one_finite_bound(bounds):
    with pytest.raises(ValueError, match=r"05\.c9 needs"):
        Claim("05.c9", "It works.", lambda x: x, **bounds)


CLAIMS = """\
from course_utils.claims import Claim
CLAIMS = (
    Claim("05.c1", "It is right more often.", lambda accuracy, guess: accuracy - guess, at_least=0.5),
    Claim("05.c2", "It takes one step.", lambda steps: steps, at_most=1, note="asked after the run of seed 3"),
)
"""


@pytest.fixture
def run(tmp_path):
    """Runs a notebook of three cells in a kernel of its own, with somebody who can answer or without."""
    package = tmp_path / "course_lessons"
    folder = package / "lesson_05_of_three_cells"
    folder.mkdir(parents=True)
    for place in (package, folder):
        (place / "__init__.py").touch()
    (folder / "lesson.py").write_text(SOURCE, encoding="utf-8")
    (folder / "claims.py").write_text(CLAIMS, encoding="utf-8")

    def run(cells, *, somebody):
        book = book_of(tmp_path, cells)
        client = NotebookClient(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
        with client.setup_kernel():
            client.kc.allow_stdin = somebody
            for place, cell in enumerate(book.cells):
                client.execute_cell(cell, place)
        return book.cells[-1].outputs[0].data

    return run


def book_of(folder, cells):
    head = f"import sys; sys.path.insert(0, {str(folder)!r})\nimages, seeds, guess, steps = 300, 1, 0.1, 1"
    sources = (head, *cells, 'from course_utils import claims\nclaims.review("05")')
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in sources])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.metadata["language_info"] = {"name": "python"}
    return book


def test_the_table_shows_what_is_asked_and_what_was_measured(run):
    shown = run(["accuracy = 0.9"], somebody=False)
    text = shown["text/plain"]
    assert "2 of 2 claims hold" in text and "at least 0.5" in text and "0.8" in text and "✓ yes" in text
    assert "05.c2: asked after the run of seed 3" in text
    records = json.loads(json.dumps(shown[KIND]))["claims"]
    assert [record["id"] for record in records] == ["05.c1", "05.c2"]
    assert records[0]["measured"] == [pytest.approx(0.8)] and records[0]["margin"] == pytest.approx(0.3)


def test_a_lesson_broken_on_purpose_fails_where_nobody_can_answer(run):
    with pytest.raises(CellExecutionError, match=r"05\.c1 .*✗ no.*right more often"):
        run(["accuracy = 0.2"], somebody=False)


def test_a_learner_sees_the_no_and_goes_on(run):
    assert "✗ no" in run(["accuracy = 0.2"], somebody=True)["text/plain"]


def test_a_cell_that_was_skipped_is_not_measured(run):
    assert "there is no accuracy: run its cell" in run([], somebody=True)["text/plain"]
    with pytest.raises(CellExecutionError, match=r"not measured"):
        run([], somebody=False)


def test_changed_parameters_are_shown_and_not_judged(run):
    shown = run(["accuracy = 0.2", "images = 20"], somebody=False)
    assert "You have changed the parameters" in shown["text/plain"] and "✗" not in shown["text/plain"]


@pytest.mark.parametrize("tool", ["nbval", "papermill"])
def test_the_user_s_own_tools_enforce_claims_with_nothing_set(run, tmp_path, tool):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(book_of(tmp_path, ["accuracy = 0.2"]), path)
    commands = {
        "nbval": ["pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(path)],
        "papermill": ["papermill", str(path), str(tmp_path / "executed.ipynb"), "--cwd", str(tmp_path)],
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    ended = subprocess.run([sys.executable, "-m", *commands[tool]], cwd=tmp_path, env=environment, capture_output=True)
    assert ended.returncode != 0 and b"05.c1" in ended.stdout + ended.stderr
