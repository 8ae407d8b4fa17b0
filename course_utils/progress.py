"""How far the learner is: a bar in the lesson, a table of all lessons."""

from typing import Any

from course_utils import exercises, quizzes, state
from course_utils.display import Panel, is_headless
from course_utils.display import show as show_panel

__all__ = ["show", "table"]

BAR = 20  # characters


def show(lesson: str) -> None:
    """Show how far the learner is in a lesson; a run without a reader shows what there is to do.

    Args:
        lesson: its two digits, "04".
    """
    totals = _totals(lesson)
    title = f"lesson {lesson}"
    if is_headless():
        there_is = f"{totals['exercises']} exercises and {totals['quizzes']} questions"
        body = [
            f"This lesson has {there_is}. When you work through it yourself, this is where you see how far you are."
        ]
        show_panel(Panel("▸", "Progress", title, body, "note"))
        return
    kept, note = state.read()
    body = [_line(_done(kept, kind, lesson, totals[kind]), totals[kind], word) for kind, word in state.WORDS.items()]
    show_panel(Panel("▸", "Progress", title, [*body, note] if note else body, "note"))


def table() -> str:
    """The progress in every lesson as text, one line a lesson."""
    kept, note = state.read()
    lessons = sorted({one.id[:2] for one in (*exercises.all_exercises(), *quizzes.all_questions())})
    lines = [f"{'lesson':<8}{'exercises':>12}{'questions':>12}"]
    for lesson in lessons:
        totals = _totals(lesson)
        shares = [f"{_done(kept, kind, lesson, totals[kind])} of {totals[kind]}" for kind in state.WORDS]
        lines.append(f"{lesson:<8}{shares[0]:>12}{shares[1]:>12}")
    return "\n".join([*lines, *([note] if note else [])])


def _totals(lesson: str) -> dict[str, int]:
    return {
        "exercises": len(exercises.all_exercises(lesson)),
        "quizzes": len(quizzes.all_questions(lesson)),
    }


def _done(kept: dict[str, Any], kind: str, lesson: str, total: int) -> int:
    done = sum(id.startswith(f"{lesson}.") and bool(entry.get("done")) for id, entry in kept[kind].items())
    return min(done, total)  # an exercise that an update of the course removed is not counted


def _line(done: int, total: int, word: str) -> str:
    filled = round(BAR * done / total) if total else 0
    return f"{'█' * filled}{'░' * (BAR - filled)} {done} of {total} {word}"
