"""What is compared with what. Shares and settings were chosen on validation images and are frozen here."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["FLOWERS", "PAIRS", "QUICK", "Pair"]


@dataclass(frozen=True)
class Pair:
    """A data set, the reference program on it, and the share of its time that ours gets.

    Attributes:
        name: of the recorded figures, after "bench_".
        data: as `datasets.load` takes it.
        reference: the name of a function of `course_utils.models`.
        share: the part of the reference's time in which ours is to be as accurate.
        epochs: of the reference.
        batch: of the reference.
        knobs: further arguments of `datasets.load`.
        counts: numbers of training images for the growth with their number.
        sides: image sizes for the growth with size; program C needs 18 pixels.
        title: what the data is called where the pictures are a folder's.
    """

    name: str
    data: str
    reference: str
    share: float
    epochs: int = 10
    batch: int = 32
    knobs: dict[str, Any] = field(default_factory=dict)
    counts: tuple[int, ...] = (5_000, 10_000, 20_000, 40_000)
    sides: tuple[int, ...] = (24, 32, 64, 96)
    title: str = ""


# A race to an accuracy: there is no share of time, each way of training takes what it needs, up to a limit.
FLOWERS = Pair("flowers", "flowers12", "", share=0.1, knobs={"size": 160}, title="12 kinds of Oxford Flowers")
PAIRS = {
    pair.name: pair
    for pair in (
        Pair("cifar10", "cifar10", "program_c", share=1 / 20),
        Pair("fashion_mnist", "fashion_mnist", "program_a", share=1 / 9),
        FLOWERS,
    )
}
# For tests: the same steps in seconds, on images that need no network.
QUICK = Pair(
    "quick",
    "shapes",
    "program_c",
    share=0.9,
    epochs=1,
    knobs={"train": 300, "validation": 50, "test": 100},
    counts=(150, 300),
    sides=(24, 32),
)
