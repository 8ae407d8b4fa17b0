"""Buttons and fields under a panel, for a reader who can press them; everybody else has the panel and a plain call.

Each stands in an output of its own, so that the panel stays readable in a notebook whose kernel is gone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_utils.display import Panel, somebody_can_answer

__all__ = ["answer_field", "box", "choice", "offer"]


def offer(actions: Mapping[str, Callable[[], Panel]]) -> None:
    """Show a button for each action; the panel of the one that was pressed last stands below.

    Args:
        actions: the button's word, such as "Hint", to what makes its panel.
    """
    if not somebody_can_answer():
        return
    import ipywidgets

    said = ipywidgets.HTML()
    buttons = []
    for word, panel_of in actions.items():
        button = ipywidgets.Button(description=word)
        button.on_click(lambda _, panel_of=panel_of: _say(said, panel_of()))
        buttons.append(button)
    _display(ipywidgets.HBox(buttons), said)


def choice(keys: Sequence[str], chosen: str | None, on_choice: Callable[[str], Panel]) -> None:
    """Show a button for each letter, of which one stays pressed.

    Args:
        keys: the letters.
        chosen: the one that is pressed at first, or None.
        on_choice: takes the letter that was pressed and makes the panel below.
    """
    if not somebody_can_answer():
        return
    import ipywidgets

    said = ipywidgets.HTML()
    letters = ipywidgets.ToggleButtons(options=[(f"({key})", key) for key in keys], value=chosen)
    letters.style.button_width = "4em"
    letters.observe(lambda change: change["new"] and _say(said, on_choice(change["new"])), "value")
    _display(letters, said)


def answer_field(kind: str, keys: Sequence[str], on_answer: Callable[[Any], Panel]) -> None:
    """Show what a question is answered with, and a button; it can be pressed again and again.

    Args:
        kind: "single" for radio buttons, "multiple" for boxes to tick, "numeric" for a field.
        keys: the letters; () for a number.
        on_answer: takes the letter, the set of letters or the number, `...` where there is none yet, and makes the
            panel below.
    """
    if not somebody_can_answer():
        return
    import ipywidgets

    if kind == "single":
        field = ipywidgets.RadioButtons(
            options=list(keys), value=None, orientation="horizontal", layout={"width": "auto"}
        )
    elif kind == "multiple":
        boxes = [ipywidgets.Checkbox(description=key, indent=False, layout={"width": "4em"}) for key in keys]
        field = ipywidgets.HBox(boxes)
    else:
        # Sent as a whole when the field is left: while keys follow one another, a click can overtake the last of them.
        field = ipywidgets.Text(placeholder="a number", layout={"width": "10em"}, continuous_update=False)

    def given() -> Any:
        if kind == "single":
            return field.value or ...
        if kind == "multiple":
            return {box.description for box in boxes if box.value} or ...
        return _number(field.value)

    said = ipywidgets.HTML()
    button = ipywidgets.Button(description="Answer")
    button.on_click(lambda _: _say(said, on_answer(given())))
    _display(ipywidgets.HBox([field, button], layout={"flex_flow": "row wrap", "align_items": "center"}), said)


def box(*parts: Any) -> Any:
    """The parts one below the other, in the style of the course's page."""
    import ipywidgets

    made = ipywidgets.VBox(parts)
    made.add_class("course-controls")
    return made


def _number(text: str) -> Any:
    """What was typed, as a number where it is one: 1,229 and 1229 are the same."""
    text = text.strip()
    try:
        return float(text.replace(",", "")) if text else ...
    except ValueError:
        return text


def _say(place: Any, panel: Panel) -> None:
    place.value = f'<div role="status">{panel.html()}</div>'


def _display(*parts: Any) -> None:
    from IPython.display import display

    display(box(*parts))
