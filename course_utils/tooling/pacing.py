"""How long the lessons take in a room, and three plans computed from that."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from course_utils.tooling.catalogue import Lesson
from course_utils.tooling.pairing import read_notebook

__all__ = ["Load", "Session", "as_markdown", "measure", "pick", "spread"]

# An instructor explains a page at about this pace, figures and predictions included.
WORDS_A_MINUTE = 60
MINUTES_AN_EXERCISE = 6
MINUTES_A_QUESTION = 1
# What a short course can least do without, in order: the whole program, generalisation, then how and why it works.
ORDER_OF_NEED = ("00", "04", "05", "02", "03", "07", "10", "01", "15", "16", "21", "13", "12", "20", "14", "11", "09")
HALF_A_DAY, A_DAY, A_WEEKLY_SESSION = 210, 390, 120  # minutes of work, breaks not counted


@dataclass(frozen=True)
class Load:
    """What one lesson asks of a room, in minutes.

    Attributes:
        lesson: which.
        run: the quick profile, as measured in the opening.
        talk: explaining it, from the number of words.
        exercises: how many there are.
        questions: how many quiz questions.
    """

    lesson: Lesson
    run: float
    talk: float
    exercises: int
    questions: int

    @property
    def shown(self) -> float:
        """Minutes without the exercises."""
        return self.run + self.talk + MINUTES_A_QUESTION * self.questions

    @property
    def total(self) -> float:
        """Minutes with all exercises done in the room."""
        return self.shown + MINUTES_AN_EXERCISE * self.exercises


@dataclass(frozen=True)
class Session:
    """Lessons of one meeting.

    Attributes:
        loads: the lessons.
        in_the_room: minutes in the room.
        at_home: exercises that do not fit and are done at home.
    """

    loads: tuple[Load, ...]
    in_the_room: float
    at_home: int


def measure(lesson: Lesson) -> Load:
    """Count a stored notebook's words, exercises and questions."""
    cells = read_notebook(lesson.notebook).cells
    prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [cell for cell in cells if cell.cell_type == "code"]
    return Load(
        lesson=lesson,
        run=lesson.minutes.get("quick", 0.0),
        talk=len(re.findall(r"\w+", prose)) / WORDS_A_MINUTE,
        exercises=sum("exercise" in cell.metadata.get("tags", []) for cell in code),
        questions=sum(len(re.findall(r"\bquizzes\.ask\(", cell.source)) for cell in code),
    )


def pick(loads: Sequence[Load], minutes: float, order: Sequence[str] = ORDER_OF_NEED) -> Session:
    """The lessons that fit into so many minutes, with all their exercises, those that are needed most first.

    Args:
        loads: of all lessons, in order.
        minutes: of work in the room.
        order: numbers of the lessons, the most needed first.
    """
    by_number = {load.lesson.number: load for load in loads}
    chosen: set[str] = set()
    for number in order:
        taken = sum(by_number[one].total for one in chosen)
        if number in by_number and taken + by_number[number].total <= minutes:
            chosen.add(number)
    return _session([load for load in loads if load.lesson.number in chosen], minutes)


def spread(loads: Sequence[Load], sessions: int, minutes: float) -> list[Session]:
    """All lessons in their order over so many sessions, the fullest session as short as it can be.

    Raises:
        ValueError: there are fewer lessons than sessions.
    """
    if len(loads) < sessions:
        raise ValueError(f"Expected at least one lesson a session. Received {len(loads)} lessons, {sessions} sessions.")

    def groups(cuts: tuple[int, ...]) -> list[Sequence[Load]]:
        edges = [0, *cuts, len(loads)]
        return [loads[first:last] for first, last in itertools.pairwise(edges)]

    def fullest(cuts: tuple[int, ...]) -> float:
        return max(sum(load.total for load in group) for group in groups(cuts))

    best = min(itertools.combinations(range(1, len(loads)), sessions - 1), key=fullest)
    return [_session(group, minutes) for group in groups(best)]


def _session(loads: Sequence[Load], minutes: float) -> Session:
    """As many exercises in the room as there is time for; the rest at home."""
    total, exercises = sum(load.total for load in loads), sum(load.exercises for load in loads)
    over = max(0.0, total - minutes)
    at_home = min(exercises, -int(-over // MINUTES_AN_EXERCISE))  # rounded up
    return Session(tuple(loads), total - MINUTES_AN_EXERCISE * at_home, at_home)


def as_markdown(loads: Sequence[Load]) -> str:
    """The page of the site: the minutes of each lesson, then three plans."""
    lines = [
        "# Pacing",
        "",
        "Computed from the notebooks when this site was built: the measured minutes of the quick profile, "
        f"{WORDS_A_MINUTE} words a minute, {MINUTES_AN_EXERCISE} minutes an exercise and {MINUTES_A_QUESTION} a quiz "
        "question. Change these in `course_utils/tooling/pacing.py` if your room is faster.",
        "",
        "| lesson | run | explain | exercises | questions | in all |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {_link(load)} | {load.run:.0f} | {load.talk:.0f} | {load.exercises} | {load.questions} | {load.total:.0f} |"
        for load in loads
    ]
    lines += ["", "## Half a day", "", *_table([pick(loads, HALF_A_DAY)])]
    lines += ["", "## Two days", "", *_table([pick(loads, 2 * A_DAY)])]
    weeks = min(8, len(loads))
    lines += ["", f"## {weeks} weekly sessions", "", *_table(spread(loads, weeks, A_WEEKLY_SESSION))]
    return "\n".join(lines) + "\n"


def _link(load: Load) -> str:
    return f"[{load.lesson.number} {load.lesson.title}]({load.lesson.name}.ipynb)"


def _table(sessions: Sequence[Session]) -> list[str]:
    rows = ["| session | lessons | minutes in the room | exercises at home |", "| --- | --- | --- | --- |"]
    return rows + [
        f"| {number} | {', '.join(map(_link, session.loads))} | {session.in_the_room:.0f} | {session.at_home} |"
        for number, session in enumerate(sessions, start=1)
    ]
