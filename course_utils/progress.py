"""How far the learner is: bars and a list of what is open in the lesson, a table of all lessons."""

import json
import re
from typing import Any

from course_utils import exercises, paths, quizzes, state
from course_utils.display import Links, Panel, is_headless
from course_utils.display import show as show_panel

__all__ = ["shares", "show", "table"]

BAR = 20  # characters


def show(lesson: str) -> None:
    """Show how far the learner is in a lesson, with a link to each exercise and question that is open.

    A run without a reader shows what there is to do.

    Args:
        lesson: its two digits, "04".
    """
    tasks = _tasks(lesson)
    title = f"lesson {lesson}"
    if is_headless():
        there_is = f"{len(tasks['exercises'])} exercises and {len(tasks['quizzes'])} questions"
        body = [
            f"This lesson has {there_is}. When you work through it yourself, this is where you see how far you are."
        ]
        show_panel(Panel("▸", "Progress", title, body, "note"))
        return
    kept, note = state.read()
    done = {kind: state.done(kept, kind, names) for kind, names in tasks.items()}
    body: list[str | Links] = [_line(len(done[kind]), len(tasks[kind]), word) for kind, word in state.WORDS.items()]
    left = {id: name for kind, names in tasks.items() for id, name in names.items() if id not in done[kind]}
    if left:
        cells = _cells(lesson)
        body += ["Still open:", Links(tuple((name, cells.get(id, "")) for id, name in left.items()))]
    show_panel(Panel("▸", "Progress", title, [*body, note] if note else body, "note"))


def table() -> str:
    """The progress in every lesson as text, one line a lesson."""
    kept, note = state.read()
    lines = [f"{'lesson':<8}{'exercises':>12}{'questions':>12}"]
    lines += [f"{lesson:<8}{exercises:>12}{questions:>12}" for lesson, (exercises, questions) in shares(kept).items()]
    return "\n".join([*lines, *([note] if note else [])])


def shares(kept: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Each lesson's number to what is done of its exercises and of its questions: {"04": ("2 of 6", "0 of 5")}.

    Args:
        kept: as `state.read` gives it.
    """
    lessons = sorted({one.id[:2] for one in (*exercises.all_exercises(), *quizzes.all_questions())})
    made = {}
    for lesson in lessons:
        of_exercises, of_questions = (
            f"{len(state.done(kept, kind, names))} of {len(names)}" for kind, names in _tasks(lesson).items()
        )
        made[lesson] = (of_exercises, of_questions)
    return made


def _tasks(lesson: str) -> dict[str, dict[str, str]]:
    """What there is to do in a lesson today, by kind: id to name, in order."""
    return {
        "exercises": {one.id: f"exercise {one.id}, {one.title}" for one in exercises.all_exercises(lesson)},
        "quizzes": {one.id: f"question {one.id}" for one in quizzes.all_questions(lesson)},
    }


def _cells(lesson: str) -> dict[str, str]:
    """The addresses of the cells with exercises and questions, as JupyterLab understands them in a link.

    There are none where the course was installed without its notebooks; the list stands without links then.
    """
    found = {}
    try:
        folder = paths.notebooks_folder()
    except FileNotFoundError:
        return found
    for notebook in folder.glob(f"{lesson}_*.ipynb"):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for id in re.findall(
                    r"(?:exercises\.check|quizzes\.ask)\(\s*[\"'](\d\d\.q?\d+)", "".join(cell["source"])
                ):
                    found[id] = f"{notebook.name}#cell-id={cell['id']}"
    return found


def _line(done: int, total: int, word: str) -> str:
    filled = round(BAR * done / total) if total else 0
    return f"{'█' * filled}{'░' * (BAR - filled)} {done} of {total} {word}"
