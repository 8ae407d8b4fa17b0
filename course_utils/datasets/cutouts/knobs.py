"""What can be turned: the knobs, their defaults and limits."""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.datasets.generated.settings import check_flawed, check_range, check_whole

__all__ = ["Knobs"]

_LIMITS = {
    "split_seed": (0, 2**32 - 1),
    "size": (32, 224),
    "object_size": (0.2, 1),
    "off_centre": (0, 1),
    "clutter": (0, 12),
    "blur": (0, 0.2),
    "imbalance": (1, 1000),
    "wrong_labels": (0, 1),
    "betrayal": (0, 1),
}


@dataclass(frozen=True)
class Knobs:
    """How the pictures are made. The defaults are chosen so that the figures on the card hold.

    Attributes:
        split_seed: another one deals the objects and the photographs to the splits anew, 0 to 4,294,967,295.
        size: height and width in pixels, 32 to 224.
        objects_per_class: how many different objects of each class the training pictures show at most, 1 or more;
            None for all. Fewer are the first of more, and a class that has fewer shows all that it has.
        object_size: longest side of an object as a share of the picture's side, 0.2 to 1; each object is up to a
            fifth smaller.
        off_centre: 0 puts every object into the middle, 1 anywhere where the whole of it is to be seen.
        clutter: sharp round pieces of other photographs behind each object, 0 to 12.
        blur: radius of the background's blur as a share of the picture's side, 0 to 0.2.
        imbalance: how many times more pictures the most frequent class (the first) has than the rarest (the last), 1
            to 1000; the others lie between in equal ratios.
        wrong_labels: fraction of pictures with a label drawn from the five wrong ones, 0 to 1.
        betrayal: fraction of pictures whose background has the tint of their class, 0 to 1.
        flawed: the splits to which imbalance, wrong_labels and betrayal apply; the others stay clean.
    """

    split_seed: int = 0
    size: int = 128
    objects_per_class: int | None = None
    object_size: float = 0.95
    off_centre: float = 1.0
    clutter: int = 0
    blur: float = 0.03
    imbalance: float = 1.0
    wrong_labels: float = 0.0
    betrayal: float = 0.0
    flawed: tuple[str, ...] = ("train",)

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            check_range(name, getattr(self, name), low, high)
        for name in ("split_seed", "size", "clutter"):
            check_whole(name, getattr(self, name))
        if self.objects_per_class is not None:
            check_whole("objects_per_class", self.objects_per_class)
            check_range("objects_per_class", self.objects_per_class, 1, 1000)
        check_flawed(self.flawed)
