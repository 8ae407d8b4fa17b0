"""Sliders and a button for photographs, for those who read the notebook alive; a still figure for everybody else."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.controls import box
from course_utils.datasets.pictures import pixels_of
from course_utils.display import somebody_can_answer

__all__ = ["photograph", "slider"]


def slider(function: Callable[..., Any], *, still: dict[str, Any] | None = None, **controls: Sequence[Any]) -> None:
    """Show a figure, and below it a slider for each control that redraws it.

    Where nobody can move a slider (a stored notebook, slides, web pages) the figure is a still.

    Args:
        function: takes one value of every control by name and returns something that shows itself with its alt text,
            such as a `plots.Picture`.
        still: the values drawn at first; by default the first of each control.
        **controls: the values that each slider goes through, such as stride=[1, 2, 3].

    Example:
        >>> slider(draw, stride=[1, 2, 3], padding=[0, 1])  # doctest: +SKIP
    """
    chosen = {name: values[0] for name, values in controls.items()} | (still or {})
    from IPython.display import display

    if not somebody_can_answer():
        display(function(**chosen))
        return
    import ipywidgets

    figure = ipywidgets.HTML(_as_html(function(**chosen)))
    wide = {"width": "100%", "max_width": "640px"}
    sliders = {
        name: ipywidgets.SelectionSlider(
            options=list(values), value=chosen[name], description=name.replace("_", " "), layout=wide
        )
        for name, values in controls.items()
    }

    def redraw(_: object) -> None:
        figure.value = _as_html(function(**{name: one.value for name, one in sliders.items()}))

    for one in sliders.values():
        one.style.description_width = "initial"
        one.observe(redraw, "value")
    display(box(figure, *sliders.values()))


def photograph(classify: Callable[[np.ndarray], Any]) -> None:
    """Show a button that takes a photograph from the reader's disk or telephone, and below it what is said about it.

    Where nobody can press it, one line says what it would do. A file that is no picture gets a line too, and the next
    one can be chosen at once.

    Args:
        classify: takes the photograph, uint8, shape (height, width, 3), upright, and returns something that shows
            itself, such as `plots.answers`.

    Example:
        >>> def answers(photo):
        ...     probabilities = network.predict(models.prepare(photo), verbose=0)[0]
        ...     return plots.answers(photo, dict(models.top(probabilities)))
        >>> photograph(answers)  # doctest: +SKIP
    """
    from IPython.display import display

    if not somebody_can_answer():
        print("In JupyterLab, a button stands here that takes a photograph of your own.")
        return
    import ipywidgets

    said = ipywidgets.HTML()
    button = ipywidgets.FileUpload(accept="image/*", description="Choose a photograph", layout={"width": "max-content"})

    def look(_: object) -> None:
        if not button.value:
            return
        file = button.value[0]
        said.value = f"<p>Looking at {html.escape(file['name'])} ...</p>"
        try:
            said.value = _as_html(classify(pixels_of(bytes(file["content"]), file["name"])))
        except Exception as error:  # a learner's own function may raise anything, and nobody sees it in a callback
            said.value = f"<p>{html.escape(f'{type(error).__name__}: {error}')}</p>"
        finally:
            button.value = ()  # the same file may be chosen again

    button.observe(look, "value")
    display(box(button, said))


def _as_html(shown: Any) -> str:
    """What a notebook would show as the value of a cell."""
    from IPython.core.formatters import DisplayFormatter

    forms, _ = DisplayFormatter().format(shown, include=["text/html", "text/plain"])
    return forms.get("text/html") or f"<pre>{html.escape(forms.get('text/plain', ''))}</pre>"
