"""The card of the cutouts data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_utils.datasets.cards import Card
from course_utils.datasets.cutouts.deal import BACKGROUNDS
from course_utils.datasets.generated.photographs import PHOTOGRAPHS

__all__ = ["CONFIRMED", "FIGURES", "cutouts_card", "figures_from"]

CONFIRMED = "default, deals 5 to 9"  # measured once, when everything had been chosen on deals 0 to 4

# Measured by tests/benchmarks/measure_cutouts.py; a test compares them with data/results/cutouts_card.json.
FIGURES: dict[str, str] = {
    "conditions": "default knobs, 600 training pictures; mean and 95 % interval over objects for deals 0 to 4 of "
    "the objects, on which the CNN was chosen, then for deals 5 to 9",
    "logistic regression on pixels, test accuracy": "35.0 % (29.2 to 41.0); 40.3 % (32.8 to 47.5)",
    "small CNN from scratch, test accuracy": "56.0 % (49.2 to 62.9); 55.2 % (47.5 to 62.8)",
    "logistic regression on ImageNet features, test accuracy": "81.0 % (73.3 to 88.3); 82.0 % (75.9 to 87.9)",
    "CNN minus pixels": "21.0 points (14.5 to 27.9); 14.9 points (8.1 to 22.0)",
    "ImageNet features minus CNN": "25.0 points (18.7 to 31.9); 26.8 points (19.2 to 34.5)",
    "first deal, default: pixels, CNN, ImageNet features": "35 %, 63 %, 88 %",
    "first deal, train 1200: pixels, CNN, ImageNet features": "33 %, 66 %, 89 %",
    "first deal, object_size 0.5: pixels, CNN, ImageNet features": "23 %, 52 %, 69 %",
    "first deal, blur 0: pixels, CNN, ImageNet features": "35 %, 58 %, 76 %",
    "first deal, objects_per_class 3: pixels, CNN, ImageNet features": "36 %, 42 %, 65 %",
    "first deal, size 96: pixels, CNN, ImageNet features": "35 %, 55 %, 78 %",
}


def figures_from(record: Mapping[str, Any]) -> dict[str, str]:
    """What the card says about a record of measurements.

    Args:
        record: the content of data/results/cutouts_card.json.
    """

    def said(name: str, unit: str) -> str:
        texts = []
        for setting in ("default", CONFIRMED):
            values = record["settings"][setting][name]
            mean, low, high = (100 * v for v in (sum(values["test"]) / len(values["test"]), *values["interval"]))
            texts.append(f"{mean:.1f} {unit} ({low:.1f} to {high:.1f})")
        return "; ".join(texts)

    figures = {
        "conditions": f"default knobs, {record['amounts']['train']} training pictures; mean and 95 % interval over "
        "objects for deals 0 to 4 of the objects, on which the CNN was chosen, then for deals 5 to 9",
        "logistic regression on pixels, test accuracy": said("pixels", "%"),
        "small CNN from scratch, test accuracy": said("cnn", "%"),
        "logistic regression on ImageNet features, test accuracy": said("features", "%"),
        "CNN minus pixels": said("cnn minus pixels", "points"),
        "ImageNet features minus CNN": said("features minus cnn", "points"),
    }
    for setting, scores in record["settings"].items():
        if setting == CONFIRMED:
            continue
        first = (100 * scores[name]["test"][0] for name in ("pixels", "cnn", "features"))
        figures[f"first deal, {setting}: pixels, CNN, ImageNet features"] = ", ".join(
            f"{score:.0f} %" for score in first
        )
    return figures


def cutouts_card() -> Card:
    """Origin, licences, known flaws and measured figures of `cutouts`."""
    behind = "; ".join(f"{p.file}, {p.shows}, {p.licence}" for p in (PHOTOGRAPHS[n] for n in BACKGROUNDS))
    return Card(
        name="cutouts",
        title="Cut-out photographs over photographs",
        description="Photographs of 152 single objects in six classes (27 birds, 53 mammals, 14 sea animals, 18 fruit, "
        "21 vegetables, 19 flowers), cut out and placed over crops of other photographs: any size from 32 to 224 "
        "pixels, with a mask and the number of the object. Training, validation and test pictures show different "
        "objects over different photographs.",
        origin="The objects: Debian's package tuxpaint-stamps-default 2022.06.04-1 (Tux Paint stamps, Bill Kendrick "
        "and contributors), chosen by eye; `data/cutouts/objects.csv` names the origin of each, `data/cutouts/make.py` "
        "makes them from the package. Left out: drawings, toys, ragged edges, and what the package's own list of "
        "changes puts under other terms than the GPL or takes from stock collections. The backgrounds: photographs "
        "inside scikit-image in which none of the classes is to be seen.",
        licence="The objects, and with them every picture that shows one (also in stored notebooks and on the site): "
        "GNU General Public License, version 2 or later; its text is `data/cutouts/COPYING`. The code is not derived "
        f"from them and stays under MIT. The backgrounds, in the words of the package: {behind}.",
        source="https://packages.debian.org/bookworm/tuxpaint-stamps-default",
        known_flaws=(
            "What counts is the number of different objects, not of pictures: a test set shows only four sea animals. "
            "Give intervals that count objects (`.objects`). From one deal to the next the CNN is 10 to 28 points "
            "ahead of pixels: judge over several (`split_seed`).",
            "The classes are those of the kitchen and the beach: avocado is a fruit; tomato, pumpkin and mushrooms are "
            "vegetables; whale, dolphin and sea lion are sea animals and not mammals.",
            "Some masks hold more than the animal: the koala's log, the quetzal's twig, the fox's stump, a piglet.",
            "Most fruit and vegetables come from small pictures (about 50 pixels) and were enlarged: they look softer "
            "than the animals, which a network can use.",
            "Colours betray much (fish are blue), and most animals are seen from the side.",
            "There are only 13 photographs to put behind, three to six a split: backgrounds repeat.",
            "Objects are pasted: no shadow, no ground, and the edge is sharper than the background.",
            "The pictures were chosen and cut by hand for children to paint with; nobody drew them at random.",
            "Same bytes: tried with Python 3.11 to 3.13 and Pillow 11 to 13 on x86-64; other processors are untried.",
        ),
        figures=FIGURES,
    )
