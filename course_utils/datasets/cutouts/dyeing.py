"""Photographs of six things, each dyed in a colour and put at the left or at the right, with a caption: lesson 20."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from course_utils.datasets.cutouts.drawing import atlas
from course_utils.datasets.cutouts.objects import all_cutouts, deal, scaled

__all__ = ["COLOURS", "SIDES", "THINGS", "DyedThings", "dyed_things"]

COLOURS = {
    "red": (225, 45, 40),
    "yellow": (240, 220, 50),
    "green": (60, 170, 70),
    "blue": (60, 110, 230),
    "purple": (150, 70, 190),
    "white": (245, 245, 240),
}
# What a caption calls a thing -> what the list of cut-out photographs calls it; one photograph of each.
THINGS = {
    "elephant": "elephant",
    "giraffe": "giraffe",
    "owl": "snowy owl",
    "fish": "butterflyfish",
    "rooster": "rooster",
    "seahorse": "seahorse",
}
SIDES = ("left", "right")
_SHARES = (0.45, 0.5, 0.55, 0.6, 0.65)  # longest side of a thing, as a share of the picture's side
_LUMINANCE = np.array([0.299, 0.587, 0.114])[:, None, None]  # ITU-R BT.601
_USUAL, _BRIGHTEST = 0.75, 1.35  # mean of a thing's brightness, and the most that a light spot gets


@dataclass(frozen=True, eq=False, repr=False)
class DyedThings:
    """Pictures and what is said of them.

    Attributes:
        x: uint8, shape (n, size, size, 3).
        pair: the place of each picture's colour and thing in the list that was asked for, int64, shape (n,).
        side: 0 for left, 1 for right, int64, shape (n,).
        captions: one sentence a picture, such as "a red elephant on the left".
    """

    x: np.ndarray
    pair: np.ndarray
    side: np.ndarray
    captions: list[str]


def dyed_things(
    count: int, pairs: Sequence[tuple[str, str]], *, seed: int = 0, size: int = 32, split: str = "train"
) -> DyedThings:
    """Draw pictures of dyed things over photographs, with captions.

    The draws do not depend on the pairs: with one pair in the place of another, the same scene is dyed otherwise.

    Args:
        count: pictures.
        pairs: (colour, thing), names from COLOURS and THINGS; as many pictures of each as chance gives.
        seed: another one gives other pairs, places, sizes and backgrounds.
        size: side of a picture in pixels, 16 to 224.
        split: "train", "validation" or "test": the backgrounds come from different photographs.

    Raises:
        ValueError: no pair, an unknown colour or thing, a count below 1, a size out of range or an unknown split.

    Example:
        dyed_things(6, [("purple", "elephant")], seed=1).captions
    """
    unknown = [pair for pair in pairs if len(pair) != 2 or pair[0] not in COLOURS or pair[1] not in THINGS]
    if unknown or not pairs or count < 1 or not 16 <= size <= 224 or split not in deal(0).photographs:
        raise ValueError(
            f"Expected pairs of a colour ({', '.join(COLOURS)}) and a thing ({', '.join(THINGS)}), one picture or "
            "more of 16 to 224 pixels, and the split train, validation or test. "
            f"Received: {unknown or list(pairs)[:3]}, {count}, {size}, {split!r}."
        )
    random = np.random.default_rng(seed)
    pair, side = random.integers(len(pairs), size=count), random.integers(2, size=count)
    crops, _ = atlas(deal(0).photographs[split], size, 0).crops(random.random((count, 5)).astype(np.float32), size)
    canvas = crops * random.uniform(0.5, 1, (count, 1, 1, 1))  # (n, 3, size, size)
    share, mirrored = random.integers(len(_SHARES), size=count), random.random(count) < 0.5
    down, across = random.random(count), random.uniform(0.35, 1, count)
    for number in range(count):
        colour, thing = pairs[pair[number]]
        ink, opacity = _dyed(colour, thing, int(size * _SHARES[share[number]]))
        if mirrored[number]:
            ink, opacity = ink[:, :, ::-1], opacity[:, ::-1]
        height, width = opacity.shape
        top = int(down[number] * (size - height + 1))
        middle = (size - width) / 2
        left = round(middle + (-middle, middle)[side[number]] * across[number])
        behind = canvas[number, :, top : top + height, left : left + width]
        behind += (ink - behind) * opacity
    captions = [f"a {' '.join(pairs[p])} on the {SIDES[s]}" for p, s in zip(pair, side, strict=True)]
    return DyedThings(np.round(canvas).astype(np.uint8).transpose(0, 2, 3, 1), pair, side, captions)


@cache  # 36 pairs in five sizes, however many pictures
def _dyed(colour: str, thing: str, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """A thing in a colour, its own light and shade kept: the ink, (3, h, w), and the opacity, (h, w), 0 to 1."""
    number = next(n for n, cutout in enumerate(all_cutouts()) if cutout.shows == THINGS[thing])
    planes = scaled(number, longest).astype(float)
    opacity = planes[3] / 255
    bright = (planes[:3] * _LUMINANCE).sum(axis=0) / np.maximum(planes[3], 1)  # the planes hold colour times opacity
    usual = (bright * opacity).sum() / opacity.sum()
    bright = np.clip(bright / usual * _USUAL, 0, _BRIGHTEST)
    return np.clip(np.array(COLOURS[colour], dtype=float)[:, None, None] * bright, 0, 255), opacity
