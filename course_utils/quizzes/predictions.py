"""A prediction before the result, and a verdict on it after the experiment."""

from typing import Any

from course_utils import controls
from course_utils.display import Panel, show, somebody_can_answer
from course_utils.quizzes.answers import judge, letters
from course_utils.quizzes.questions import Question, get

__all__ = ["predict", "verdict"]

_made: dict[str, str] = {}  # what this kernel's reader has predicted: id to letter


def predict(id: str, given: Any = ...) -> None:
    """Ask what the next experiment will show, and remember the answer until `verdict` is called.

    A reader answers by a button for each letter.

    Args:
        id: the prediction's, "05.p1".
        given: one letter. `...`, or nothing, means that the reader only looks; what was predicted before is kept.

    Raises:
        LookupError: there is no such prediction. An answer never raises anything.
    """
    question = _prediction(id)
    body = [question.text, *(f"{option.key})  {option.text}" for option in question.options)]
    outcome = judge(question, given)
    if outcome.status == "unreadable":
        body += outcome.lines
    elif outcome.status != "not answered":
        _made[id] = letters(given)[0]
    if id in _made:
        body.append(f"You say {_made[id]}. Run the experiment to find out.")
    elif not somebody_can_answer():
        body.append(f'To predict, put a letter in the place of the dots: `quizzes.predict("{id}", "a")`')
    data = {"id": id, "kind": "prediction"}
    show(Panel("?", "Predict first", id, body, "note", "question", data))
    controls.choice([option.key for option in question.options], _made.get(id), lambda key: _kept(id, key))


def verdict(id: str) -> None:
    """Say which option of a prediction was right, and why each other one is not.

    Args:
        id: the prediction's, "05.p1".

    Raises:
        LookupError: there is no such prediction.
    """
    question = _prediction(id)
    right = next(option for option in question.options if option.right)
    chosen = _made.get(id)
    said = f"You said {chosen}. " if chosen else ""
    right_first = sorted(question.options, key=lambda option: not option.right)
    reasons = [f"{option.key})  {option.feedback}" for option in right_first]
    hit = chosen == right.key
    sign, tone = ("✓", "good") if hit else ("→", "note")
    head = f"It was {right.key}, as you said." if hit else f"{said}It was {right.key}."
    data = {"id": id, "said": chosen, "right": right.key}
    show(Panel(sign, head, f"prediction {id}", reasons, tone, "prediction", data))


def _kept(id: str, key: str) -> Panel:
    _made[id] = key
    return Panel("?", f"You say {key}", id, ["Run the experiment to find out."], "note")


def _prediction(id: str) -> Question:
    question = get(id)
    if ".p" not in id:
        raise LookupError(f'A prediction has an id like "{question.id[:2]}.p1". Received: {id!r}.')
    return question
