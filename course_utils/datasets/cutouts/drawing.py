"""Places objects over photographs, a batch of pictures at a time.

All arithmetic on pixels is on whole numbers below 65,536 (uint16 takes half the time of int32), and every random number
is drawn whatever the knobs are: turning one knob leaves everything else as it is. Pictures are (3, height, width) until
the last step, because NumPy is fastest along long last axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

import numpy as np

from course_utils.datasets.cutouts.objects import CLASS_NAMES, deal, scaled
from course_utils.datasets.errors import check_range
from course_utils.datasets.generated.making import Flaws, Painted, Painter
from course_utils.datasets.generated.scaling import resized
from course_utils.datasets.photographs import PHOTOGRAPHS, Atlas, read

__all__ = ["CutoutPainter", "Knobs", "atlas", "blurred"]

# The short side of a photograph in sides of the crop: from most of the scene to a detail.
_SIDES = (1.15, 1.6, 2.4)
_MAX_CLUTTER = 12
_FULL = 128  # gains are in 128ths: with them a bright pixel still stays below 65,536
_SIZES = 5  # of each object, so that most have been scaled before

# One tint a class for a background that betrays it: sky, straw, deep sea, a wooden table, leaves, a violet cloth.
_TINTS = np.array(
    [(140, 200, 245), (196, 164, 92), (8, 60, 120), (120, 62, 30), (52, 122, 40), (150, 84, 190)], dtype=np.uint16
)


@dataclass(frozen=True)
class Knobs(Flaws):
    """How the pictures are made; `Flaws` has the others. The defaults are chosen so that the card's figures hold.

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
    """

    split_seed: int = 0
    size: int = 128
    objects_per_class: int | None = None
    object_size: float = 0.95
    off_centre: float = 1.0
    clutter: int = 0
    blur: float = 0.03

    limits: ClassVar = {
        "split_seed": (0, 2**32 - 1),
        "size": (32, 224),
        "object_size": (0.2, 1),
        "off_centre": (0, 1),
        "clutter": (0, 12),
        "blur": (0, 0.2),
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.objects_per_class is not None:
            check_range("objects_per_class", self.objects_per_class, 1, 1000, whole=True)


def blurred(pixels: np.ndarray, radius: int) -> np.ndarray:
    """Mean over a square of 2 * radius + 1 pixels, taken twice, in whole numbers; the border is repeated.

    Args:
        pixels: uint8, shape (height, width, 3).
        radius: pixels, 0 or more.

    Returns:
        uint8, shape (height, width, 3).
    """
    width = 2 * radius + 1
    for _ in range(4 if radius else 0):  # down, across, down, across
        total = np.pad(pixels, [(radius + 1, radius), (0, 0), (0, 0)], mode="edge").cumsum(axis=0, dtype=np.uint32)
        mean = (total[width:] - total[:-width] + np.uint32(radius)) // np.uint32(width)
        pixels = mean.astype(np.uint8).transpose(1, 0, 2)
    return pixels


@lru_cache(maxsize=12)
def atlas(photographs: tuple[int, ...], size: int, radius: int) -> Atlas:
    """Photographs scaled so that crops of size x size pixels show something at each scale.

    Args:
        photographs: indices into PHOTOGRAPHS.
        size: side of the crops in pixels.
        radius: radius of the blur in pixels, 0 for none.
    """
    pictures = []
    for number in photographs:
        image = read(PHOTOGRAPHS[number])
        for sides in _SIDES:
            short, most = int(size * sides), min(image.size)
            width, height = (max(size, side * short // most) for side in image.size)
            rough = image.reduce(max(1, most // short))  # a mean of whole blocks, in integers
            planes = resized(np.asarray(rough).transpose(2, 0, 1), height, width)
            pictures.append((blurred(planes.transpose(1, 2, 0), radius), number))
    return Atlas.of(pictures)


def _whole(u: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    """Whole numbers from low to high, one for each number u from 0 to 1."""
    return np.floor(np.float64(low) + u.astype(np.float64) * (np.float64(high) - low) + 0.5).astype(np.int64)


def _cover(canvas: np.ndarray, ink: np.ndarray, opacity: np.ndarray) -> None:
    """Paint over the canvas in place.

    Args:
        canvas: uint16, shape (3, h, w), 0 to 255.
        ink: the colour times its opacity, uint16, shape (3, h, w).
        opacity: uint16, shape (h, w), 0 to 255.
    """
    behind = canvas * (255 - opacity)
    behind += 128
    behind += behind >> 8
    behind >>= 8  # a division by 255, rounded
    behind += ink
    np.minimum(behind, 255, out=canvas)


@lru_cache(maxsize=128)
def _disc(radius: int) -> np.ndarray:
    """The opacity of a disc with a smooth edge, uint16, shape (2 * radius + 1, 2 * radius + 1), 0 to 255."""
    fine = 4  # samples along each side of a pixel
    axis = 2 * np.arange((2 * radius + 1) * fine) + 1 - (2 * radius + 1) * fine  # twice the distance to the middle
    inside = axis[:, None] ** 2 + axis**2 <= (fine * (2 * radius + 1)) ** 2
    side = 2 * radius + 1
    return inside.reshape(side, fine, side, fine).sum(axis=(1, 3), dtype=np.uint16) * 255 // fine**2


class CutoutPainter(Painter):
    """Places an object over a photograph."""

    class_names = CLASS_NAMES
    amounts: ClassVar = {"train": 1_200, "validation": 300, "test": 600}
    knobs_class = Knobs
    batch = 16

    def __init__(self, knobs: Knobs, seed: int, split: str, classes: np.ndarray, betrayed: np.ndarray) -> None:
        super().__init__(knobs, seed, split, classes, betrayed)
        dealt = deal(int(knobs.split_seed))
        self._photographs = dealt.photographs[split]
        # Each class goes through its objects in turn: as many pictures of each as of any other, give or take one.
        self.objects = np.empty(len(classes), dtype=np.int64)
        for label, pool in enumerate(dealt.objects[split]):
            where = np.flatnonzero(classes == label)
            self.objects[where] = np.resize(pool[: knobs.objects_per_class if split == "train" else None], len(where))

    @cached_property  # a split without pictures reads no photograph
    def _blurred(self) -> Atlas:
        return atlas(self._photographs, self._knobs.size, int(self._knobs.blur * self._knobs.size + 0.5))

    def paint(self, part: slice) -> Painted:
        """Make the next pictures."""
        classes, objects, betrayed = self._classes[part], self.objects[part], self._betrayed[part]
        n, size = len(objects), self._knobs.size
        x, masks = np.empty((n, size, size, 3), dtype=np.uint8), np.zeros((n, size, size), dtype=bool)
        backdrops, photograph = self._backdrops(n)
        clutter = self._clutter.uniform(n, 9 * _MAX_CLUTTER).reshape(n, _MAX_CLUTTER, 9)
        place, look = self._place.uniform(n, 3), self._look.uniform(n, 2)
        share = 0.8 + 0.2 * np.floor(place[:, 0] * np.float32(_SIZES)).astype(np.float64) / (_SIZES - 1)
        longest = _whole(share, 0, float(self._knobs.object_size) * size).tolist()
        light = _whole(look[:, 1], 0.85 * _FULL, 1.15 * _FULL).tolist()
        for i, canvas in enumerate(backdrops):
            if betrayed[i]:
                canvas *= 7
                canvas += 9 * _TINTS[classes[i]][:, None, None]
                canvas >>= 4
            self._scatter(canvas, clutter[i])
            cutout = scaled(int(objects[i]), longest[i]).astype(np.uint16)
            if look[i, 0] < 0.5:
                cutout = cutout[:, :, ::-1]
            where = self._corner(cutout.shape[1:], place[i, 1:])
            opacity = cutout[3]
            _cover(canvas[:, *where], np.minimum(cutout[:3] * light[i] // _FULL, opacity), opacity)
            masks[i][where] = opacity >= 128
            x[i] = canvas.transpose(1, 2, 0)
        return x, masks, photograph

    def _backdrops(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Crops of photographs, uint16, each with a colour cast of its own; grey ones get a stronger one."""
        u = self._background.uniform(n, 9)
        crops, picture = self._blurred.crops(u[:, :5], self._knobs.size)
        strength = np.where(self._blurred.grey[picture], 0.45, 0.25)
        gain = (1 + (u[:, 5:8] - 0.5) * strength[:, None]) * (0.6 + 0.4 * u[:, 8].astype(np.float64))[:, None]
        canvas = crops.astype(np.uint16)
        canvas *= 7  # a thin haze: a black bird does not vanish in a black sky
        canvas //= 8
        canvas += 32
        canvas *= _whole(gain, 0, _FULL).astype(np.uint16)[:, :, None, None]
        canvas //= _FULL
        return np.minimum(canvas, 255, out=canvas), self._blurred.photograph[picture]

    def _scatter(self, canvas: np.ndarray, u: np.ndarray) -> None:
        """Round pieces of other photographs."""
        if not self._knobs.clutter:
            return
        size, count = self._knobs.size, int(self._knobs.clutter)
        pieces, _ = atlas(self._photographs, size, 0).crops(u[:count, :5], size)
        radius = _whole(u[:count, 5], 0.06 * size, 0.2 * size).tolist()
        bright = _whole(u[:count, 6], 0.6 * _FULL, 1.2 * _FULL).tolist()
        rows, columns = _whole(u[:count, 7:].T, 0, size).tolist()
        for piece, r, light, row, column in zip(pieces, radius, bright, rows, columns, strict=True):
            down, across = (slice(max(0, middle - r), middle + r + 1) for middle in (row, column))
            ink = np.minimum(piece[:, down, across].astype(np.uint16) * light // _FULL, 255)
            # The disc without what lies outside the picture.
            opacity = _disc(r)[max(0, r - row) :, max(0, r - column) :][: ink.shape[1], : ink.shape[2]]
            _cover(canvas[:, down, across], ink * opacity // 255, opacity)

    def _corner(self, shape: tuple[int, ...], u: np.ndarray) -> tuple[slice, slice]:
        """The rows and columns that an object of this shape covers."""
        free = self._knobs.size - np.array(shape)
        share = 0.5 + (u.astype(np.float64) - 0.5) * float(self._knobs.off_centre)
        top, left = _whole(share, 0, free)
        return slice(top, top + shape[0]), slice(left, left + shape[1])
