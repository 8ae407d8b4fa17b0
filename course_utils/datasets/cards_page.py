"""The page data/README.md, made from the cards in code so that the two cannot drift apart.

After a change to a card: `python -m course_utils.datasets.cards_page`.
"""

from __future__ import annotations

from course_utils import paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.registry import card

__all__ = ["cards_page", "write_cards_page"]

_HEAD = """# The data

A card for each data set that the course knows by name. This page is made from the cards in code
(`datasets.card(name)`); change them there, then run `python -m course_utils.datasets.cards_page`.

Nothing of it lies in this folder. `digits` is inside scikit-learn, `shapes` is made on the spot, and the benchmarks are
kept in the data home: the folder in the environment variable `COURSE_DATA`, else the user's cache folder. Nothing is
downloaded unasked.

| to do | command |
| --- | --- |
| see what is there | `course data list` |
| download a benchmark, its SHA-256 compared | `course data fetch NAME` |
| the same without a network | put the original files into `originals/NAME` of the data home, then the same command |
| take a folder or archive of pictures | `course data import PATH --name NAME` |
| check everything in the data home | `course data verify` |

A benchmark is read from its original binary files, never from a pickle, into one file: `NAME.npz` with the arrays
`x_train`, `y_train`, `x_test`, `y_test`. A file of that name and form put there by hand is found as it is. Where data
brings no validation split, a tenth of the training images (at most 5,000), the same ones for every seed and in the
proportions of the classes, is held out. The SHA-256 of the original files is what is compared; the MD5 sums are those
that the projects publish themselves.
"""


def cards_page() -> str:
    """The whole page as Markdown, a section a card."""
    sections = []
    for name in ("digits", "shapes", *BENCHMARKS):
        sections.append(f"<!-- card: {name} -->\n{card(name).markdown(level=2)}")
    return _HEAD + "\n" + "\n".join(sections)


def write_cards_page() -> None:
    """Write data/README.md."""
    (paths.project_root() / "data" / "README.md").write_text(cards_page(), encoding="utf-8")


if __name__ == "__main__":
    write_cards_page()
