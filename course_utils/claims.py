"""What a lesson claims, held against the figures of this run: `claims.review("05")` shows one table at the end.

A lesson's `claims.py` says what is claimed, by which bound, and how the figure follows from the lesson's variables.
"""

import inspect
import math
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils import lessons, parameters, recorded
from course_utils.display import Panel, Table, number, show, somebody_can_answer

__all__ = ["Claim", "ClaimsFailed", "Reviewed", "hold", "resting_on", "review"]


class ClaimsFailed(AssertionError):
    """A claim does not hold in a run that has to show it."""


@dataclass(frozen=True)
class Claim:
    """One statement of a lesson with its bound.

    Attributes:
        id: lesson, dot, name: "05.c1".
        statement: one sentence.
        measured: gives the figure, or one figure a seed. Its arguments are variables of the lesson by name, or, where
            `record` is set, the recorded figures alone.
        at_least: the lowest value that bears the statement out. Give exactly one of the two bounds.
        at_most: the highest such value.
        unit: of the figure and the bound, "" for none.
        record: name of the recorded figures that the claim rests on, "05_remedies"; "" for this run's own.
        about_time: whether the figure depends on the speed of the machine; such a claim never fails a notebook.
        bounds: a bound of its own for a named run, such as {"full": 0.9}; None means that this run shows nothing.
        note: said in the table, such as that the bound was changed after its run, and why.
    """

    id: str
    statement: str
    measured: Callable[..., Any]
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""
    record: str = ""
    about_time: bool = False
    bounds: Mapping[str, float | None] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        bounds = [self.at_least, self.at_most, *self.bounds.values()]
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"Claim {self.id} needs one bound, at_least or at_most. Received: {bounds[:2]}.")
        if not all(bound is None or math.isfinite(bound) for bound in bounds):
            raise ValueError(f"Claim {self.id} needs finite numbers as bounds. Received: {bounds}.")

    @property
    def names(self) -> tuple[str, ...]:
        """The lesson's variables that the figure follows from."""
        return () if self.record else tuple(inspect.signature(self.measured).parameters)

    @property
    def usual_bound(self) -> float:
        """The bound that holds where a run has none of its own."""
        return self.at_least if self.at_least is not None else self.at_most

    def bound(self, profile: str) -> float | None:
        """The number that the figure is compared with in a run of this name; None where the run shows nothing.

        The smoke run trains for a moment, so it shows nothing unless the claim says otherwise; recorded figures are
        the same in every run.
        """
        shows_nothing = profile == "smoke" and not self.record
        return self.bounds.get(profile, None if shows_nothing else self.usual_bound)


@dataclass(frozen=True)
class Reviewed:
    """A claim and what became of it.

    Attributes:
        claim: what is asserted.
        figures: measured in this run or on record; () where they are missing.
        bound: what they are compared with; None where this run shows nothing.
        outcome: "holds", "does not hold", "not measured" or "not judged".
        enforced: whether the notebook fails where it does not hold and nobody can answer.
        reason: why it was not measured.
    """

    claim: Claim
    figures: tuple[float, ...]
    bound: float | None
    outcome: str
    enforced: bool
    reason: str = ""

    def text(self) -> str:
        """What was asked and what was measured, in one line."""
        return " | ".join((self.claim.id, *_row(self)))

    @property
    def fails(self) -> bool:
        """Whether it has to hold, and does not or is not measured."""
        return self.enforced and self.outcome in ("does not hold", "not measured")

    @property
    def margin(self) -> float | None:
        """How far the worst figure lies on the right side of the bound; negative where it does not."""
        if not self.figures or self.bound is None:
            return None
        at_least = self.claim.at_least is not None
        return min(self.figures) - self.bound if at_least else self.bound - max(self.figures)


def review(lesson: str) -> None:
    """Show the lesson's claims with what this run measured, and fail where nobody sits before the screen.

    Args:
        lesson: its two digits, "05".

    Raises:
        ClaimsFailed: a claim does not hold, or its figure is missing, in a run that nobody watches (nbval, papermill),
            with the lesson's own parameters or those of a named run. A learner sees the table and goes on.
        KeyError: there is no such lesson.
        ModuleNotFoundError: the lesson claims nothing.
    """
    variables = sys._getframe(1).f_globals  # of the notebook: a claim names the variables that it reads
    profile = parameters.named_run(lesson, variables)
    made = [hold(claim, variables, profile) for claim in lessons.module(lesson, "claims").CLAIMS]
    show(_panel(lesson, made, profile))
    failed = [one for one in made if one.fails]
    if failed and not somebody_can_answer():
        raise ClaimsFailed("; ".join(one.text() for one in failed))


def resting_on(record: str) -> list[Reviewed]:
    """Every claim of the course that rests on some recorded figures, held against them.

    Args:
        record: their name, such as "05_remedies".
    """
    modules = [lessons.module(number, "claims") for number in lessons.numbers_with("claims.py")]
    return [hold(claim, {}, "quick") for module in modules for claim in module.CLAIMS if claim.record == record]


def hold(claim: Claim, variables: Mapping[str, Any], profile: str | None) -> Reviewed:
    """Hold one claim against the variables of a run.

    Args:
        claim: what is asserted.
        variables: of the notebook, by name.
        profile: "quick", "smoke" or "full" by the values of the parameters; None where they are the learner's own.
    """
    bound = claim.bound(profile or "quick")
    enforced = bound is not None and not claim.about_time and (bool(claim.record) or profile is not None)
    try:
        figures = _figures(claim, variables)
    except Exception as error:  # a learner may have changed anything; the table says what is wrong and goes on
        return Reviewed(claim, (), bound, "not measured", enforced, f"{type(error).__name__}: {error}")
    if not figures:
        missing = ", ".join(name for name in claim.names if name not in variables)
        return Reviewed(claim, (), bound, "not measured", enforced, f"there is no {missing}: run its cell")
    if bound is None or (profile is None and not claim.record):
        return Reviewed(claim, figures, bound, "not judged", False)
    right_side = operator.ge if claim.at_least is not None else operator.le
    sound = all(math.isfinite(value) and right_side(value, bound) for value in figures)
    return Reviewed(claim, figures, bound, "holds" if sound else "does not hold", enforced)


def _figures(claim: Claim, variables: Mapping[str, Any]) -> tuple[float, ...]:
    """The figures as floats; () where a variable is missing, since its cell was skipped."""
    if claim.record:
        found = claim.measured(recorded.load(claim.record).figures)
    elif all(name in variables for name in claim.names):
        found = claim.measured(*(variables[name] for name in claim.names))
    else:
        return ()
    values = found if isinstance(found, Sequence | np.ndarray) else [found]
    return tuple(float(value) for value in values)


def _panel(lesson: str, made: Sequence[Reviewed], profile: str | None) -> Panel:
    held = sum(one.outcome == "holds" for one in made)
    bad = any(one.outcome == "does not hold" for one in made)
    sign, tone = ("✗", "bad") if bad else ("✓", "good") if held == len(made) else ("○", "neutral")
    table = Table(("", "claim", "asked", "measured"), tuple(_row(one) for one in made))
    body: list[str | Table] = [table, *(f"{one.claim.id}: {one.claim.note}" for one in made if one.claim.note)]
    if profile is None:
        body.append("You have changed the parameters, so figures of this run are shown and not judged.")
    data = {"claims": [_record(one) for one in made]}
    title = f"{held} of {len(made)} claims hold" if profile is not None else f"{len(made)} claims, not judged"
    return Panel(sign, title, f"lesson {lesson}", body, tone, "claims", data)


def _row(one: Reviewed) -> tuple[str, str, str, str]:
    signs = {"holds": "✓ yes", "does not hold": "✗ no"}
    word = "at least" if one.claim.at_least is not None else "at most"
    asked = "nothing" if one.bound is None else f"{word} {number(one.bound, one.claim.unit)}"
    figures = ", ".join(number(value) for value in one.figures)
    measured = f"{figures} {one.claim.unit}".strip() if one.figures else one.reason
    return signs.get(one.outcome, f"○ {one.outcome}"), one.claim.statement, asked, measured


def _record(one: Reviewed) -> dict[str, Any]:
    return {
        "id": one.claim.id,
        "statement": one.claim.statement,
        "measured": list(one.figures),
        "bound": one.claim.usual_bound if one.bound is None else one.bound,
        "direction": "at_least" if one.claim.at_least is not None else "at_most",
        "margin": one.margin,
        "outcome": one.outcome,
        "holds": one.outcome == "holds",
        "about_time": one.claim.about_time,
        "unit": one.claim.unit,
        "enforced": one.enforced,
    }
