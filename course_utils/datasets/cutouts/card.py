"""The card of the cutouts data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_utils.datasets.cards import Card
from course_utils.datasets.cutouts.deal import BACKGROUNDS
from course_utils.datasets.generated.photographs import PHOTOGRAPHS

__all__ = ["FIGURES", "cutouts_card", "figures_from"]

# Measured by tests/benchmarks/measure_cutouts.py; a test compares them with data/results/cutouts_card.json.
FIGURES: dict[str, str] = {
    "conditions": "default knobs, 600 training pictures, 5 deals of the objects (mean, 95 % interval over objects)",
    "logistic regression on pixels, test accuracy": "34.3 % (28.4 to 40.5)",
    "small CNN from scratch, test accuracy": "49.8 % (42.1 to 57.6)",
    "logistic regression on ImageNet features, test accuracy": "81.0 % (73.3 to 88.3)",
    "CNN minus pixels": "15.5 points (8.0 to 22.9)",
    "ImageNet features minus CNN": "31.2 points (22.6 to 40.2)",
    "first deal, default: pixels, CNN, ImageNet features": "34 %, 54 %, 88 %",
}


def figures_from(record: Mapping[str, Any]) -> dict[str, str]:
    """What the card says about a record of measurements.

    Args:
        record: the content of data/results/cutouts_card.json.
    """

    def said(values: Mapping[str, Any], unit: str) -> str:
        mean, low, high = (100 * v for v in (sum(values["test"]) / len(values["test"]), *values["interval"]))
        return f"{mean:.1f} {unit} ({low:.1f} to {high:.1f})"

    default = record["settings"]["default"]
    deals = len(default["pixels"]["test"])
    figures = {
        "conditions": f"default knobs, {record['amounts']['train']} training pictures, {deals} deals of the objects "
        "(mean, 95 % interval over objects)",
        "logistic regression on pixels, test accuracy": said(default["pixels"], "%"),
        "small CNN from scratch, test accuracy": said(default["cnn"], "%"),
        "logistic regression on ImageNet features, test accuracy": said(default["features"], "%"),
        "CNN minus pixels": said(default["cnn minus pixels"], "points"),
        "ImageNet features minus CNN": said(default["features minus cnn"], "points"),
    }
    for setting, scores in record["settings"].items():
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
        f"from them and keeps the licence of the course. The backgrounds, in the words of the package: {behind}.",
        source="https://packages.debian.org/bookworm/tuxpaint-stamps-default",
        known_flaws=(
            "What counts is the number of different objects, not of pictures: a test set shows only four sea animals. "
            "Give intervals that count objects (`.objects`).",
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
