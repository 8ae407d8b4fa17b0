"""What a lesson asserts, next to the figures that show it; a claim that does not hold fails the notebook."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from course_utils import profiles
from course_utils.display import Panel, number, show
from course_utils.reviewing import review

__all__ = ["Claim", "ClaimFailed", "begin", "claim", "review"]

ENFORCED_PROFILES = ("quick", "full")  # smoke trains for a moment, so its figures show nothing


class ClaimFailed(AssertionError):
    """A claim does not hold in a run that has to show it."""


@dataclass(frozen=True)
class Claim:
    """A statement, its figures and its bound, as it is written into the notebook.

    Attributes:
        id: lesson and name, "04.c1".
        statement: one sentence.
        measured: one figure a seed.
        bound: the number that every figure is compared with.
        direction: "at_least" or "at_most".
        margin: how far the worst figure lies on the right side of the bound; negative where it does not.
        holds: whether every figure lies on the right side.
        about_time: whether the figures depend on the speed of the machine.
        unit: of the figures and the bound, "" for none.
        enforced: whether this run fails if the claim does not hold.
    """

    id: str
    statement: str
    measured: tuple[float, ...]
    bound: float
    direction: str
    margin: float
    holds: bool
    about_time: bool
    unit: str
    enforced: bool


@dataclass(frozen=True)
class _Run:
    lesson: str
    enforced: bool


_runs: list[_Run] = []  # the lesson that this kernel is running; empty or one


def begin(lesson: str, *, profile: str, defaults: bool) -> None:
    """Say which lesson runs and whether its claims have to hold.

    Args:
        lesson: its two digits, "04".
        profile: "smoke", "quick" or "full".
        defaults: True where the lesson's parameters are the stored ones. With other values a claim is recorded only.

    Raises:
        ValueError: the lesson is not two digits, the profile is unknown, or `defaults` is not a bool.
    """
    if not isinstance(lesson, str) or not re.fullmatch(r"\d\d", lesson):
        raise ValueError(f'Expected a lesson as two digits, such as "04". Received: {lesson!r}.')
    if profile not in profiles.NAMES:
        raise ValueError(f"A profile is one of {', '.join(profiles.NAMES)}. Received: {profile!r}.")
    if not isinstance(defaults, (bool, np.bool_)):
        raise ValueError(f"Expected defaults=True or defaults=False. Received: {defaults!r}.")
    _runs[:] = [_Run(lesson, bool(defaults) and profile in ENFORCED_PROFILES)]


def claim(
    id: str,
    statement: str,
    *,
    measured: Sequence[float],
    at_least: float | None = None,
    at_most: float | None = None,
    about_time: bool = False,
    unit: str = "",
) -> None:
    """State what the lesson asserts, show the figures beside it, and fail where they do not bear it out.

    Every figure has to lie on the right side of the bound: the margin shown is that of the worst one. A mean over
    seeds is one figure, so pass the mean in a list where the claim is about the mean, and say so in the statement.

    Args:
        id: the lesson's number, a dot, and a name that no other claim has: "04.c1".
        statement: what is asserted, one sentence.
        measured: the figures, one a seed: a list, tuple or array (n,) of finite numbers.
        at_least: the lowest value that bears the statement out. Give exactly one of the two bounds.
        at_most: the highest such value.
        about_time: True where the figures depend on the machine's speed or load.
        unit: of the figures and the bound, such as "s".

    Raises:
        ClaimFailed: a figure lies on the wrong side, in the quick or full profile with the default parameters.
        ValueError: the figures are no finite numbers, or there is not exactly one bound.
        RuntimeError: `begin` has not been called.

    Example:
        >>> claim("04.c1", "It beats the linear model.", measured=[0.11, 0.09], at_least=0.05)  # doctest: +SKIP
    """
    run = _run_of(id, statement)
    made = _compare(id, statement, _figures(measured), at_least, at_most, bool(about_time), unit, run.enforced)
    show(_panel(made))
    if made.enforced and not made.holds:
        raise ClaimFailed(f"Claim {made.id} does not hold: {made.statement} {_measurement(made)}; {_verdict(made)}.")


def _run_of(id: object, statement: object) -> _Run:
    """The run that a claim belongs to, once its id and its statement are found to be sound."""
    if not _runs:
        raise RuntimeError("A claim needs to know its lesson. Call claims.begin first, below the parameters.")
    run = _runs[0]
    if not isinstance(id, str) or not re.fullmatch(rf"{run.lesson}\.\w+", id):
        raise ValueError(f'Expected an id of lesson {run.lesson}, such as "{run.lesson}.c1". Received: {id!r}.')
    if not isinstance(statement, str) or not statement.strip():
        raise ValueError(f"Expected a statement, one sentence. Received: {statement!r}.")
    return run


def _figures(measured: object) -> tuple[float, ...]:
    """The figures as floats; whatever is no list of finite numbers is refused."""
    rule = "Expected the figures measured, a list with one finite number a seed."
    if isinstance(measured, np.ndarray):
        measured = measured.tolist()
    if not isinstance(measured, (list, tuple)):
        raise ValueError(f"{rule} Received: {measured!r}.")
    if not measured:
        raise ValueError(f"{rule} Received: an empty list.")
    return tuple(_finite(figure, rule) for figure in measured)


def _finite(figure: object, rule: str) -> float:
    if isinstance(figure, (bool, np.bool_)):
        raise ValueError(f"{rule} Received: {figure!r}, a yes or no. Pass the number behind it.")
    if not isinstance(figure, (int, float, np.number)) or isinstance(figure, np.complexfloating):
        raise ValueError(f"{rule} Received: {figure!r}.")
    value = float(figure)
    if not math.isfinite(value):
        raise ValueError(f"{rule} Received: {value}.")
    return value


def _compare(
    id: str,
    statement: str,
    figures: tuple[float, ...],
    at_least: float | None,
    at_most: float | None,
    about_time: bool,
    unit: str,
    enforced: bool,
) -> Claim:
    if (at_least is None) == (at_most is None):
        raise ValueError(f"Expected one bound, at_least or at_most. Received: at_least={at_least}, at_most={at_most}.")
    rule = "Expected the bound as a finite number."
    if at_least is not None:
        direction, bound = "at_least", _finite(at_least, rule)
        margin = min(figures) - bound
    else:
        direction, bound = "at_most", _finite(at_most, rule)
        margin = bound - max(figures)
    return Claim(id, statement.strip(), figures, bound, direction, margin, margin >= 0, about_time, unit, enforced)


def _panel(made: Claim) -> Panel:
    sign, word, tone = ("✓", "Holds", "good") if made.holds else ("✗", "Does not hold", "bad")
    body = [made.statement, f"{_measurement(made)}; {_verdict(made)}."]
    if made.about_time:
        body.append("Times differ from machine to machine.")
    if not made.enforced:
        body.append("Recorded only: this run is short, or its parameters are not the defaults.")
    data = asdict(made) | {"measured": list(made.measured)}
    return Panel(sign, word, f"claim {made.id}", body, tone, "claim", data)


def _measurement(made: Claim) -> str:
    figures = ", ".join(number(figure) for figure in made.measured)
    bound = number(made.bound, made.unit)
    unit = f" {made.unit}" if made.unit else ""
    return f"Measured: {figures}{unit}; expected {made.direction.replace('_', ' ')} {bound}"


def _verdict(made: Claim) -> str:
    worst = "" if len(made.measured) == 1 else f" in the worst of {len(made.measured)}"
    if made.holds:
        return f"margin +{number(made.margin, made.unit)}{worst}"
    return f"margin −{number(-made.margin, made.unit)}{worst}"
