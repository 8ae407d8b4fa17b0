"""A figure together with the words that replace it for those who cannot see it."""

import base64
import functools
import html
import io
import sys
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

if TYPE_CHECKING:
    import numpy as np

__all__ = ["COLOURS", "Picture", "canvas", "picture", "tiles"]

DOTS_PER_INCH = 110  # sharp on a laptop at the notebook's width, and still a small file
COLOURS_IN_FILE = 128  # a palette of 128 colours makes a stored drawing about three times smaller
COLOURS_OF_A_DRAWING = 4096  # at most, with all shades at the edges of its lines; a photograph has far more

# Eight colours that colour-blind readers tell apart (Okabe and Ito 2008), dark enough on white.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"]

STYLE: dict[str, Any] = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.labelsize": 10,
    "font.size": 10,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.linewidth": 2,
}


class Picture:
    """A finished figure that shows itself with its text alternative and its caption.

    The text travels as the `alt` of an HTML image, because that form survives in JupyterLab, in exported pages, in
    slides and on a site. (The `alt` in an output's metadata is dropped by nbconvert.)

    Attributes:
        figure: the matplotlib figure.
        alt: what the figure shows, for those who cannot see it.
        caption: one or two sentences below the figure.
    """

    def __init__(self, figure: Figure, *, alt: str, caption: str = "") -> None:
        if not alt.strip():
            raise ValueError('A picture needs alt text that says what it shows. Received: "". Pass alt="...".')
        self.figure = figure
        self.alt = " ".join(alt.split())
        self.caption = " ".join(caption.split())

    def file(self) -> tuple[bytes, str]:
        """The figure as a file, small enough to be stored in a notebook, and its kind.

        Returns:
            A drawing as PNG with a palette and "png"; a figure that holds photographs as JPEG and "jpeg", since a
            palette would change their colours.
        """
        raw, small = io.BytesIO(), io.BytesIO()
        as_it_is = {"compress_level": 0}  # it is opened again at once
        self.figure.savefig(raw, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", pil_kwargs=as_it_is)
        image = Image.open(raw).convert("RGB")
        if image.getcolors(COLOURS_OF_A_DRAWING) is None:  # it has more
            image.save(small, format="jpeg", quality=85, optimize=True)
            return small.getvalue(), "jpeg"
        image.quantize(COLOURS_IN_FILE, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
        return small.getvalue(), "png"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        content, kind = self.file()
        data = base64.b64encode(content).decode()
        source = f'<img src="data:image/{kind};base64,{data}" alt="{html.escape(self.alt)}" style="max-width:100%"/>'
        below = f"<figcaption><em>{html.escape(self.caption)}</em></figcaption>" if self.caption else ""
        return {
            "text/html": f'<figure style="margin:0">{source}{below}</figure>',
            "text/plain": "\n".join(filter(None, [f"Figure: {self.alt}", self.caption])),
        }


def canvas(
    rows: int = 1, columns: int = 1, *, width: float = 7.0, height: float = 3.5, **subplots: Any
) -> "tuple[Figure, np.ndarray | plt.Axes]":
    """An empty figure in the style of the course, `width` by `height` inches, and its axes.

    Arguments and axes are those of `matplotlib.pyplot.subplots`.
    """
    _leave_own_settings_behind()
    cycle = matplotlib.cycler(color=COLOURS)
    with plt.rc_context({**STYLE, "axes.prop_cycle": cycle}):
        return plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **subplots)


def tiles(count: int, columns: int, *, width: float, height: float, more: float = 0.0) -> "tuple[Figure, np.ndarray]":
    """A figure for `count` images, at most so many a row, each `width` by `height` inches, and its axes in one row.

    `more` is the height of what lies beside the images. There may be more axes than images; all are switched off.
    """
    columns = min(columns, count)
    rows = -(-count // columns)
    figure, axes = canvas(rows, columns, width=columns * width, height=rows * height + more, squeeze=False)
    for axis in axes.ravel():
        axis.set(xticks=[], yticks=[])  # nobody sees them, and their places would be computed all the same
        axis.axis("off")
    return figure, axes.ravel()


@functools.cache
def _leave_own_settings_behind() -> None:
    """Before the first figure: matplotlib's defaults in place of a matplotlibrc, which may want LaTeX or a window."""
    matplotlib.rcdefaults()
    backend = "module://matplotlib_inline.backend_inline" if "ipykernel" in sys.modules else "agg"
    if matplotlib.get_backend().lower() not in (backend, "inline"):  # switching closes the figures that are open
        plt.switch_backend(backend)


def picture(figure: Figure, *, alt: str, caption: str = "") -> Picture:
    """Finish a drawn figure: give it its text alternative, what it shows in a sentence or two, and close it.

    Raises:
        ValueError: `alt` is empty.
    """
    plt.close(figure)  # or the notebook would show it a second time, without its text
    return Picture(figure, alt=alt, caption=caption)
