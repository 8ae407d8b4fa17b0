"""Sliders for those who read the notebook alive, and the same figure as a still for everybody else."""

from collections.abc import Callable, Sequence
from typing import Any

from course_utils.display import is_headless

__all__ = ["slider"]


def slider(function: Callable[..., Any], *, still: dict[str, Any] | None = None, **controls: Sequence[Any]) -> None:
    """Show a figure, and below it a slider for each control that redraws it.

    The still is an output of its own, so that the stored notebook, slides and web pages have a figure. A run without a
    reader shows nothing else, because a stored widget is dead.

    Args:
        function: takes one value of every control by name and returns something that shows itself with its alt text,
            such as a `plots.Picture`.
        still: the values drawn in the still; by default the first of each control.
        **controls: the values that each slider goes through, such as stride=[1, 2, 3].

    Raises:
        ValueError: there is no control, a control has no values, or `still` names another value.

    Example:
        >>> slider(draw, stride=[1, 2, 3], padding=[0, 1])  # doctest: +SKIP
    """
    if not controls or not all(len(values) for values in controls.values()):
        raise ValueError(f"Expected a list of values for each control. Received: {controls}.")
    chosen = {name: values[0] for name, values in controls.items()} | (still or {})
    for name, value in chosen.items():
        if name not in controls or value not in list(controls[name]):
            raise ValueError(f"Expected one of the values of a control in still. Received: {name}={value!r}.")
    from IPython.display import display

    display(function(**chosen))
    if is_headless():
        return
    import ipywidgets

    sliders = {
        name: ipywidgets.SelectionSlider(options=list(values), value=chosen[name], description=name.replace("_", " "))
        for name, values in controls.items()
    }
    display(ipywidgets.interactive(function, {"auto_display": True}, **sliders))
