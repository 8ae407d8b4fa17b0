"""The page data/README.md, made from the cards in code so that the two cannot drift apart.

After a change to a card: `python -m course_utils.datasets.cards_page`.
"""

from __future__ import annotations

from course_utils import files, paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.registry import card

__all__ = ["cards_page", "write_cards_page"]

_HEAD = """# The data

A card for each data set that the course knows by name. This page is made from the cards in code
(`datasets.card(name)`); change them there, then run `python -m course_utils.datasets.cards_page`.

`digits` is inside scikit-learn. `shapes` and `cutouts` are made on the spot, `cutouts` from the pictures in the folder
`cutouts` beside this page, which have a licence of their own. The benchmarks are kept in the data home: the folder in
the environment variable `COURSE_DATA`, else the user's cache folder. Nothing is downloaded unasked.

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

# The one file in the folder that is not text, described beside the data that it was made from.
_WEIGHTS = """
<!-- weights: shapes_backbone.weights.h5 -->
## `shapes_backbone.weights.h5`: a small trained network

The weights that lesson 15 prunes, quantises and carries over to other images. No data set, and no image is in it.

- Network: `models.fast_cnn((32, 32, 3), 5, widths=(16, 32, 64))` with 70,805 parameters; 337 KB as float32, in HDF5.
- Trained on: the classes circle, triangle, heart, crescent and arrow_left of `shapes` (those of 10,000 training images,
  seed 0), 8 passes. The other five classes it has never seen.
- Origin: `course backbone` writes the file anew, in about a minute on one core. On one machine it writes the same bytes
  each time; on another, the last digits of the weights may differ.
- Licence: as the course.
- Safe to load: `load_weights` reads arrays only and runs no code from the file.
- Known flaws:
  - It knows shapes drawn on photographs and nothing else: on handwritten digits its features serve worse than the bare
    pixels (lesson 15 measures it).
  - One run with one seed: another seed gives another network.

| measured | value |
| --- | --- |
| accuracy on validation images of its five classes | 98.8 % |
| accuracy on test images of its five classes | 98.1 % |
"""


def cards_page() -> str:
    """The whole page as Markdown, a section a card, and one on the weights that lie beside them."""
    sections = []
    for name in ("digits", "shapes", "cutouts", *BENCHMARKS):
        sections.append(f"<!-- card: {name} -->\n{card(name).markdown(level=2)}")
    return _HEAD + "\n" + "\n".join(sections) + _WEIGHTS


def write_cards_page() -> None:
    """Write data/README.md."""
    files.write_text(paths.project_root() / "data" / "README.md", cards_page())


if __name__ == "__main__":
    write_cards_page()
