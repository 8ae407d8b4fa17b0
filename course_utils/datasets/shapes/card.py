"""The card of the shapes data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_utils.datasets.cards import Card
from course_utils.datasets.generated.photographs import PHOTOGRAPHS

__all__ = ["FIGURES", "figures_from", "shapes_card"]

# Measured by tests/benchmarks/measure_shapes.py; a test compares them with data/results/shapes_card.json.
FIGURES: dict[str, str] = {
    "conditions": "default knobs, 10,000 training images, 3 seeds (mean, lowest to highest)",
    "majority class, test accuracy": "10.0 %",
    "logistic regression on pixels, test accuracy": "29.0 % (28.2 to 29.5)",
    "five nearest neighbours on pixels, test accuracy": "23.9 % (22.9 to 24.7)",
    "program B, test accuracy": "86.0 % (84.7 to 88.2)",
    "program B, validation accuracy": "89.1 % (88.2 to 90.3)",
    "program B on 1,000 training images, test accuracy": "58.2 % (56.0 to 60.8)",
    "program B on 1,000 training images, training minus validation": "28.1 points (23.8 to 31.0)",
}


def figures_from(record: Mapping[str, Any]) -> dict[str, str]:
    """What the card says about a record of measurements: the mean over the seeds, and the lowest and highest.

    Args:
        record: the content of data/results/shapes_card.json.
    """

    def spread(measure: str, key: str, unit: str = "%") -> str:
        values = [100 * run[key] for run in record["measured"][measure]]
        mean, low, high = (f"{value:.1f}" for value in (sum(values) / len(values), min(values), max(values)))
        return f"{mean} {unit}" if low == high else f"{mean} {unit} ({low} to {high})"

    return {
        "conditions": f"default knobs, 10,000 training images, {len(record['seeds'])} seeds (mean, lowest to highest)",
        "majority class, test accuracy": spread("majority", "test"),
        "logistic regression on pixels, test accuracy": spread("linear", "test"),
        "five nearest neighbours on pixels, test accuracy": spread("neighbours", "test"),
        "program B, test accuracy": spread("program_b", "test"),
        "program B, validation accuracy": spread("program_b", "validation"),
        "program B on 1,000 training images, test accuracy": spread("program_b_small", "test"),
        "program B on 1,000 training images, training minus validation": spread("program_b_small", "gap", "points"),
    }


def shapes_card() -> Card:
    """Origin, licences, known flaws and measured figures of `shapes`."""
    by_split = {
        split: "; ".join(
            f"{p.file} from {p.folder.split('/')[0]}, {p.shows}, {p.licence}" for p in PHOTOGRAPHS if p.split == split
        )
        for split in ("train", "validation", "test")
    }
    return Card(
        name="shapes",
        title="Shapes over photographs",
        description="Ten classes of shapes drawn over crops of real photographs: any size from 8 to 96 pixels, grey or "
        "colour, a mask for every object. Training, validation and test images draw on different photographs.",
        origin="Drawn by this course on the spot, the same bytes for a seed on every platform; the photographs lie "
        "inside scikit-image and scikit-learn.",
        licence="The drawing: MIT, as the course's code. The photographs, in the words of the packages' notes. "
        + " ".join(f"{split.capitalize()}: {text}." for split, text in by_split.items()),
        known_flaws=(
            "The objects are drawn: they have no depth, do not hide one another and lie near the middle.",
            "There are only 20 photographs of 19 scenes, so backgrounds repeat within a split.",
            "Most objects are lighter than their background; a linear model lives on that.",
            "Some backgrounds hold shapes of their own: coins, a cup, a printed o.",
            "With rotation of 90 degrees or more the two arrows overlap and cannot all be told apart.",
            "Knobs change the difficulty: the measured figures hold for the defaults only.",
        ),
        figures=FIGURES,
    )
