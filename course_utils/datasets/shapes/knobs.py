"""What can be turned: the knobs, their defaults and limits."""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.datasets.generated.settings import check_flawed, check_range, check_whole

__all__ = ["Knobs"]

_LIMITS = {
    "size": (8, 96),
    "noise": (0, 100),
    "clutter": (0, 12),
    "rotation": (0, 180),
    "imbalance": (1, 1000),
    "wrong_labels": (0, 1),
    "betrayal": (0, 1),
}


@dataclass(frozen=True)
class Knobs:
    """How the images are drawn. The defaults are tuned so that the figures on the card hold.

    Attributes:
        size: height and width in pixels, 8 to 96.
        channels: 3 for colour, 1 for grey.
        noise: standard deviation of the sensor noise in grey levels, 0 to 100.
        clutter: strokes and blobs of no class behind each object, 0 to 12.
        rotation: objects are turned by up to this many degrees either way, 0 to 180. From 90 on the two arrows
            overlap: nobody can tell all of them apart.
        imbalance: how many times more images the most frequent class (the first) has than the rarest (the last), 1
            to 1000; the others lie between in equal ratios.
        wrong_labels: fraction of images with a label drawn from the nine wrong ones, 0 to 1.
        betrayal: fraction of images whose background has the tint of their class, 0 to 1.
        flawed: the splits to which imbalance, wrong_labels and betrayal apply; the others stay clean.
    """

    size: int = 32
    channels: int = 3
    noise: float = 10.0
    clutter: int = 3
    rotation: float = 25.0
    imbalance: float = 1.0
    wrong_labels: float = 0.0
    betrayal: float = 0.0
    flawed: tuple[str, ...] = ("train",)

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            check_range(name, getattr(self, name), low, high)
        for name in ("size", "clutter"):
            check_whole(name, getattr(self, name))
        if self.channels not in (1, 3):
            raise ValueError(f"Expected channels to be 1 (grey) or 3 (colour). Received: {self.channels!r}.")
        check_flawed(self.flawed)
