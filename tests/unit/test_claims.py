"""Claims show their figures, refuse anything else, and fail the notebook that does not bear them out."""

import json
import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course_utils import claims

CLAIM = "application/vnd.course.claim+json"


@pytest.fixture
def shown(monkeypatch):
    """The bundles displayed, newest last."""
    bundles = []
    monkeypatch.setattr(claims, "show", lambda panel: bundles.append(panel._repr_mimebundle_()))
    return bundles


def test_a_claim_that_holds_is_shown_with_figures_bound_and_margin(shown):
    claims.begin("04", profile="quick", defaults=True)
    claims.claim("04.c1", "It beats the linear model.", measured=[0.12, 0.15, 0.11], at_least=0.1, unit="points")
    text = shown[0]["text/plain"]
    assert "✓ Holds" in text and "It beats the linear model." in text
    assert "0.12, 0.15, 0.11 points" in text and "at least 0.1 points" in text and "+0.01" in text
    assert "worst of 3" in text
    assert "✓" in shown[0]["text/html"] and "Holds" in shown[0]["text/html"]


def test_the_data_keep_every_digit_and_are_plain_json(shown):
    claims.begin("04", profile="quick", defaults=True)
    claims.claim("04.c1", "It is fast.", measured=np.array([1 / 3, 2 / 3]), at_most=np.float32(0.75), about_time=True)
    data = json.loads(json.dumps(shown[0][CLAIM], allow_nan=False))
    assert data == {
        "id": "04.c1",
        "statement": "It is fast.",
        "measured": [1 / 3, 2 / 3],
        "bound": 0.75,
        "direction": "at_most",
        "margin": 0.75 - 2 / 3,
        "holds": True,
        "about_time": True,
        "unit": "",
        "enforced": True,
    }


@pytest.mark.parametrize("profile", ["quick", "full"])
def test_one_figure_on_the_wrong_side_fails_after_showing(shown, profile):
    claims.begin("04", profile=profile, defaults=True)
    with pytest.raises(claims.ClaimFailed, match=r"04\.c1 does not hold.*0\.9, 0\.4.*at least 0\.5.*−0\.1"):
        claims.claim("04.c1", "It works.", measured=[0.9, 0.4], at_least=0.5)
    assert shown[0][CLAIM]["holds"] is False
    assert "✗ Does not hold" in shown[0]["text/plain"]


def test_one_figure_above_the_highest_that_is_allowed_fails_too(shown):
    claims.begin("04", profile="quick", defaults=True)
    with pytest.raises(
        claims.ClaimFailed, match=r"04\.c1 does not hold.*0\.1, 0\.6 s; expected at most 0\.5 s; .*−0\.1"
    ):
        claims.claim("04.c1", "It is quick.", measured=[0.1, 0.6], at_most=0.5, unit="s")
    assert shown[0][CLAIM]["holds"] is False
    assert shown[0][CLAIM]["margin"] == pytest.approx(-0.1)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@pytest.mark.parametrize("apart", [0.0, 1e-12, 1e-3])
def test_a_figure_on_its_bound_holds_and_one_just_beyond_does_not(shown, direction, apart):
    beyond = 0.5 - apart if direction == "at_least" else 0.5 + apart
    claims.begin("04", profile="smoke", defaults=True)
    claims.claim("04.c1", "It works.", measured=[beyond], **{direction: 0.5})
    assert shown[0][CLAIM]["holds"] is (apart == 0)


@pytest.mark.parametrize(("profile", "defaults"), [("smoke", True), ("quick", False), ("full", False)])
def test_other_runs_only_record(shown, profile, defaults):
    claims.begin("04", profile=profile, defaults=defaults)
    claims.claim("04.c1", "It works.", measured=[0.4], at_least=0.5)
    assert shown[0][CLAIM]["holds"] is False
    assert shown[0][CLAIM]["enforced"] is False


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (True, "list"),
        (0.5, "list"),
        ([], "empty"),
        ([True], "yes or no"),
        ([np.True_], "yes or no"),
        (np.array([True, False]), "yes or no"),
        ([0.1, float("nan")], "nan"),
        ([float("inf")], "inf"),
        (["0.1"], "0.1"),
        ([None], "None"),
        ([[0.1]], "0.1"),
        ([1j], "1j"),
        ({"seed": 0.1}, "list"),
    ],
)
def test_what_is_no_list_of_figures_is_refused(shown, measured, said):
    claims.begin("04", profile="quick", defaults=True)
    with pytest.raises(ValueError, match=said):
        claims.claim("04.c1", "It works.", measured=measured, at_least=0.0)
    assert shown == []


@pytest.mark.parametrize(
    "bounds", [{}, {"at_least": 0.1, "at_most": 0.2}, {"at_least": float("nan")}, {"at_most": True}]
)
def test_exactly_one_bound(shown, bounds):
    claims.begin("04", profile="quick", defaults=True)
    with pytest.raises(ValueError, match="bound"):
        claims.claim("04.c1", "It works.", measured=[0.1], **bounds)


@pytest.mark.parametrize("id", ["05.c1", "c1", "04.", 4])
def test_an_id_belongs_to_its_lesson(shown, id):
    claims.begin("04", profile="quick", defaults=True)
    with pytest.raises(ValueError, match="id of lesson 04"):
        claims.claim(id, "It works.", measured=[0.1], at_least=0.0)


@pytest.mark.parametrize(
    "arguments",
    [
        {"lesson": "4", "profile": "quick", "defaults": True},
        {"lesson": "04", "profile": "fast", "defaults": True},
        {"lesson": "04", "profile": "quick", "defaults": "yes"},
    ],
)
def test_begin_refuses_what_it_cannot_read(arguments):
    with pytest.raises(ValueError, match="Received"):
        claims.begin(arguments.pop("lesson"), **arguments)


def lesson(threshold_code):
    """A lesson of three lines: it learns where to cut between two groups, and claims that the cut is right."""
    source = (
        'import numpy as np\nfrom course_utils import claims\nclaims.begin("04", profile="quick", defaults=True)',
        "low, high = np.array([1.0, 2.0, 3.0]), np.array([7.0, 8.0, 9.0])\n"
        f"cut = {threshold_code}\n"
        "accuracy = np.mean(np.concatenate([low < cut, high >= cut]))",
        'claims.claim("04.c1", "The cut parts the groups.", measured=[accuracy], at_least=0.95)',
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in source])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def test_a_lesson_broken_on_purpose_fails_by_its_claim(tmp_path):
    def run(notebook):
        return NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()

    sound = run(lesson("(low.max() + high.min()) / 2"))
    assert sound.cells[-1].outputs[0].data[CLAIM]["holds"] is True

    broken = lesson("low.min() - 1")  # the mistake: everything counts as high
    with pytest.raises(CellExecutionError, match=r"Claim 04\.c1 does not hold"):
        run(broken)
    assert broken.cells[-1].outputs[0].data[CLAIM]["measured"] == [0.5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: claims.begin(4, profile="quick", defaults=True),
            'Expected a lesson as two digits, such as "04". Received: 4.',
        ),
        (
            lambda: claims.begin("04", profile="fast", defaults=True),
            "A profile is one of smoke, quick, full. Received: 'fast'.",
        ),
        (
            lambda: claims.begin("04", profile="quick", defaults=1),
            "Expected defaults=True or defaults=False. Received: 1.",
        ),
        (
            lambda: claims.claim("05.c1", "It works.", measured=[1], at_least=0),
            "Expected an id of lesson 04, such as \"04.c1\". Received: '05.c1'.",
        ),
        (
            lambda: claims.claim("04.c1", " ", measured=[1], at_least=0),
            "Expected a statement, one sentence. Received: ' '.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured="12", at_least=0),
            "Expected the figures measured, a list with one finite number a seed. Received: '12'.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[], at_least=0),
            "Expected the figures measured, a list with one finite number a seed. Received: an empty list.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[True], at_least=0),
            "Expected the figures measured, a list with one finite number a seed. Received: True, a yes or no. "
            "Pass the number behind it.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=["1"], at_least=0),
            "Expected the figures measured, a list with one finite number a seed. Received: '1'.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[float("inf")], at_least=0),
            "Expected the figures measured, a list with one finite number a seed. Received: inf.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[1], at_least="0"),
            "Expected the bound as a finite number. Received: '0'.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[1], at_most="0"),
            "Expected the bound as a finite number. Received: '0'.",
        ),
        (
            lambda: claims.claim("04.c1", "It works.", measured=[1], at_least=0, at_most=2),
            "Expected one bound, at_least or at_most. Received: at_least=0, at_most=2.",
        ),
    ],
)
def test_each_refusal_says_its_rule_in_full(shown, call, message):
    claims.begin("04", profile="quick", defaults=True)
    with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
        call()
    assert shown == []


def test_a_claim_before_begin_is_refused(monkeypatch):
    monkeypatch.setattr(claims, "_runs", [])
    with pytest.raises(RuntimeError, match=r"^A claim needs to know its lesson\. Call claims\.begin first, below the"):
        claims.claim("04.c1", "It works.", measured=[1], at_least=0)


@pytest.mark.parametrize(
    ("figures", "bounds", "text"),
    [
        ([0.5], {"at_least": 0.25}, "Measured: 0.5 s; expected at least 0.25 s; margin +0.25 s."),
        (
            [0.5, 0.75],
            {"at_least": 0.25},
            "Measured: 0.5, 0.75 s; expected at least 0.25 s; margin +0.25 s in the worst of 2.",
        ),
        (
            [0.5, 0.75],
            {"at_most": 0.5},
            "Measured: 0.5, 0.75 s; expected at most 0.5 s; margin −0.25 s in the worst of 2.",
        ),
    ],
)
def test_the_panel_says_figures_bound_and_margin_and_what_they_are_worth(shown, figures, bounds, text):
    claims.begin("04", profile="smoke", defaults=True)
    claims.claim("04.c1", " It works. ", measured=tuple(figures), unit="s", about_time=True, **bounds)
    plain = shown[0]["text/plain"]
    holds = "−" not in text
    assert "claim 04.c1" in plain and ("✓ Holds" if holds else "✗ Does not hold") in plain
    assert text in " ".join(plain.split())
    assert "Times differ from machine to machine." in plain.splitlines()
    assert "Recorded only: this run is short, or its parameters are not the defaults." in plain.splitlines()
    assert shown[0][CLAIM]["statement"] == "It works." and shown[0][CLAIM]["unit"] == "s"
    claims.begin("05", profile="full", defaults=np.True_)
    claims.claim("05.c1", "It works.", measured=[np.int64(1)], at_least=1)
    plain = shown[1]["text/plain"]
    assert "Times differ" not in plain and "Recorded only" not in plain
    assert "Measured: 1; expected at least 1; margin +0." in plain
    assert shown[1][CLAIM]["about_time"] is False and shown[1][CLAIM]["enforced"] is True
