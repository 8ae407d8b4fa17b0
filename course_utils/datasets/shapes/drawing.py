"""Draws objects over photographs, a batch of images at a time.

All arithmetic on pixels is elementwise float32 (+, -, *, /, minimum, maximum), which IEEE 754 defines to the last
bit, and every random number is drawn whatever the knobs are: turning one knob leaves everything else in place.
Images are (n, 3, height, width) until the last step, because NumPy is fastest along long last axes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from course_utils.datasets.generated.making import Flaws, Painted, Painter
from course_utils.datasets.photographs import PHOTOGRAPHS, Atlas, read
from course_utils.datasets.shapes import outlines

__all__ = ["Knobs", "ShapePainter", "atlas"]

# How many crops fit side by side into the short side of a photograph: from a detail to most of the scene.
_CROPS_PER_SIDE = (1.3, 2.2, 4.0)
_TURN = 4096  # angles in a full turn
_MAX_CLUTTER = 12
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601

# Colours of objects and clutter; their luminance is set for each image.
_PALETTE = np.array(
    [
        (230, 57, 70), (244, 132, 52), (249, 199, 79), (144, 190, 109), (67, 170, 139), (56, 163, 205),
        (72, 101, 196), (128, 84, 186), (224, 86, 160), (240, 236, 226), (202, 160, 120), (120, 200, 210),
    ],
    dtype=np.float32,
)  # fmt: skip

# One tint a class for a background that betrays it: ten hues of ten different luminances, so that grey images work.
_TINTS = np.array(
    [
        (40, 10, 90), (0, 50, 150), (150, 0, 60), (20, 110, 60), (190, 50, 20),
        (150, 90, 160), (40, 150, 190), (230, 140, 30), (130, 215, 90), (250, 225, 110),
    ],
    dtype=np.float32,
)  # fmt: skip


@dataclass(frozen=True)
class Knobs(Flaws):
    """How the images are drawn; `Flaws` has the others. The defaults are tuned so that the card's figures hold.

    Attributes:
        size: height and width in pixels, 8 to 96.
        channels: 3 for colour, 1 for grey.
        noise: standard deviation of the sensor noise in grey levels, 0 to 100.
        clutter: strokes and blobs of no class behind each object, 0 to 12.
        rotation: objects are turned by up to this many degrees either way, 0 to 180. From 90 on the two arrows
            overlap: nobody can tell all of them apart.
    """

    size: int = 32
    channels: int = 3
    noise: float = 10.0
    clutter: int = 3
    rotation: float = 25.0

    limits: ClassVar = {"size": (8, 96), "noise": (0, 100), "clutter": (0, 12), "rotation": (0, 180)}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.channels not in (1, 3):
            raise ValueError(f"Expected channels to be 1 (grey) or 3 (colour). Received: {self.channels!r}.")


@lru_cache(maxsize=6)
def atlas(split: str, size: int) -> Atlas:
    """The photographs of a split, reduced so that crops of size x size pixels show something at each scale.

    Args:
        split: "train", "validation" or "test".
        size: side of the crops in pixels, 8 to 96.
    """
    pictures = []
    for number, photograph in enumerate(PHOTOGRAPHS):
        if photograph.split != split:
            continue
        image = read(photograph)
        for crops in _CROPS_PER_SIDE:  # as many pictures at every size, so that a seed chooses the same at each
            factor = max(1, int(min(image.size) / (size * crops)))
            pictures.append((np.asarray(image.reduce(factor)), number))  # a mean of whole blocks, in integers
    return Atlas.of(pictures)


@lru_cache(maxsize=1)
def _sines() -> np.ndarray:
    """sin of each of the _TURN angles, rounded to 15 bits: the same whatever the platform's sine does at its end."""
    values = [math.floor(math.sin(2 * math.pi * k / _TURN) * 2**15 + 0.5) / 2**15 for k in range(_TURN)]
    return np.array(values, dtype=np.float32)


def _between(u: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.float32(low) + u * np.float32(high - low)


def _spread(values: np.ndarray) -> np.ndarray:
    """Shape (n,) to (n, 1, 1), (n, c) to (n, c, 1, 1)."""
    return values[..., None, None]


def _clip(values: np.ndarray, high: float) -> np.ndarray:
    """Keep values between 0 and high, in place; one clip is several times faster than a minimum and a maximum."""
    return values.clip(np.float32(0), np.float32(high), out=values)


def _luminance(rgb: np.ndarray) -> np.ndarray:
    return rgb[:, 0] * _LUMINANCE[0] + rgb[:, 1] * _LUMINANCE[1] + rgb[:, 2] * _LUMINANCE[2]


def _cover(canvas: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> None:
    """Paint over the canvas in place; alpha has shape (n, h, w)."""
    change = colour - canvas
    change *= alpha[:, None]
    canvas += change


class ShapePainter(Painter):
    """Draws a shape over a photograph."""

    class_names = outlines.CLASS_NAMES
    amounts: ClassVar = {"train": 10_000, "validation": 1_000, "test": 2_000}
    knobs_class = Knobs
    batch = 64

    def __init__(self, knobs: Knobs, seed: int, split: str, classes: np.ndarray, betrayed: np.ndarray) -> None:
        super().__init__(knobs, seed, split, classes, betrayed)
        self._pictures = atlas(split, knobs.size)
        size = knobs.size
        self._axis = ((2 * np.arange(size) + 1 - size) / np.float64(size)).astype(np.float32)  # -1 to 1

    def paint(self, part: slice) -> Painted:
        """Draw the next images."""
        classes = self._classes[part]
        canvas, photograph = self._backdrop(len(classes))
        tint = _spread(_TINTS[classes])
        haze = np.where(self._betrayed[part], np.float32(0.55), np.float32(0))
        canvas += (tint - canvas) * haze[:, None, None, None]
        self._scatter(canvas)
        inside = self._object(canvas, classes)
        return self._expose(canvas), inside, photograph

    def _backdrop(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """A crop of a photograph with a colour cast of its own; grey photographs get a stronger one."""
        u = self._background.uniform(n, 9)
        crops, picture = self._pictures.crops(u[:, :5], self._knobs.size)
        strength = np.where(self._pictures.grey[picture], np.float32(0.7), np.float32(0.25))
        gain = np.float32(1) + (u[:, 5:8] - np.float32(0.5)) * strength[:, None]
        gain *= _between(u[:, 8], 0.55, 1.0)[:, None]
        return crops * _spread(gain), self._pictures.photograph[picture]

    def _distance(
        self, kind: np.ndarray, x: np.ndarray, y: np.ndarray, radius: np.ndarray, turn: np.ndarray, stretch: np.ndarray
    ) -> np.ndarray:
        """Distance of every pixel to an outline, in pixels, negative inside; float32, shape (n, h, w)."""
        side = max(64, 4 * self._knobs.size)  # about four samples a pixel; a small field stays in the cache
        scale = np.float32(side / (2 * outlines.REACH))
        sine, cosine = _sines()[turn % _TURN], _sines()[(turn + _TURN // 4) % _TURN]
        wide, tall = scale / (radius * stretch), scale * stretch / radius
        middle = np.float32(side / 2)
        across, down = self._axis - x[:, None], self._axis - y[:, None]  # (n, w), (n, h)
        column = (cosine * wide)[:, None] * across + middle
        column = column[:, None, :] + ((sine * wide)[:, None] * down)[:, :, None]
        row = (cosine * tall)[:, None] * down + middle
        row = row[:, :, None] - ((sine * tall)[:, None] * across)[:, None, :]
        last = side - 1
        column = _clip(column, last).astype(np.int32)
        index = _clip(row, last).astype(np.int32)
        index *= side
        index += column
        index += _spread((kind * (side * side)).astype(np.int32))
        distance = outlines.fields(side).reshape(-1).take(index.astype(np.intp))  # other integers are much slower
        distance *= _spread(radius * np.float32(self._knobs.size / 2))
        return distance

    def _scatter(self, canvas: np.ndarray) -> None:
        """Strokes and blobs that belong to no class."""
        u = self._clutter.uniform(len(canvas), 10 * _MAX_CLUTTER).reshape(len(canvas), _MAX_CLUTTER, 10)
        for piece in range(int(self._knobs.clutter)):
            v = u[:, piece]
            kind = len(outlines.CLASS_NAMES) + np.floor(v[:, 0] * outlines.CLUTTER_KINDS).astype(np.int64)
            distance = self._distance(
                kind,
                x=_between(v[:, 1], -1, 1),
                y=_between(v[:, 2], -1, 1),
                radius=_between(v[:, 3], 0.25, 0.6),
                turn=np.floor(v[:, 4] * _TURN).astype(np.int64),
                stretch=_between(v[:, 5], 0.8, 1.25),
            )
            alpha = _clip(np.float32(0.5) - distance, 1)
            alpha *= _spread(_between(v[:, 6], 0.35, 0.9))
            colour = _PALETTE[np.floor(v[:, 7] * len(_PALETTE)).astype(np.int64)]
            _cover(canvas, _spread(colour * _between(v[:, 8], 0.25, 1.1)[:, None]), alpha)

    def _object(self, canvas: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """The object, with halo, shading, texture and rim. Returns its mask, bool (n, h, w)."""
        n, size = len(canvas), self._knobs.size
        u = self._place.uniform(n, 5)
        x, y = _between(u[:, 0], -0.25, 0.25), _between(u[:, 1], -0.25, 0.25)
        radius = _between(u[:, 2], 0.46, 0.68)
        angle = (u[:, 3].astype(np.float64) * 2 - 1) * (float(self._knobs.rotation) * _TURN / 360)
        turn = np.floor(angle + 0.5).astype(np.int64)
        distance = self._distance(classes, x, y, radius, turn, stretch=_between(u[:, 4], 0.88, 1.14))

        v = self._look.uniform(n, 16)
        pixel = np.float32(size / 32)  # widths grow with the image
        reach = _spread(_between(v[:, 0], 1.0, 4.0) * pixel)
        halo = _clip(np.float32(1) - distance / reach, 1)
        halo *= _spread(_between(v[:, 1], 0.0, 0.5))
        canvas *= (np.float32(1) - halo)[:, None]

        fill = self._fill(canvas, v)
        shade = (self._axis - x[:, None])[:, None, :] * _spread(_between(v[:, 2], -0.4, 0.4))
        shade = shade + (self._axis - y[:, None])[:, :, None] * _spread(_between(v[:, 3], -0.4, 0.4))
        fill *= (shade + np.float32(1))[:, None]

        rim = _clip(distance + _spread(_between(v[:, 4], 0.4, 1.8) * pixel + np.float32(0.5)), 1)
        rim *= _spread(_between(v[:, 5], -0.5, 0.9).clip(0))
        ink = np.where(v[:, 6] < 0.5, np.float32(20), np.float32(245))
        _cover(fill, ink[:, None, None, None], rim)

        alpha = _clip(np.float32(0.5) - distance, 1)
        _cover(canvas, fill, alpha)
        return distance <= 0

    def _fill(self, canvas: np.ndarray, v: np.ndarray) -> np.ndarray:
        """What the object is made of: a colour that stands out from its background, more or less textured."""
        size = self._knobs.size
        middle = slice(size // 4, size - size // 4)
        whole = canvas[:, :, middle, middle].astype(np.int32).sum(axis=(2, 3))  # integers add up the same in any order
        behind = _luminance(whole.astype(np.float32) / np.float32((middle.stop - middle.start) ** 2))
        contrast = _between(v[:, 7], 50, 120)
        lighter = v[:, 8] < np.float32(0.7)
        target = np.where(lighter, behind + contrast, behind - contrast)
        target = np.where(target > 240, behind - contrast, target)
        target = np.where(target < 12, behind + contrast, target)

        colour = _PALETTE[np.floor(v[:, 9] * len(_PALETTE)).astype(np.int64)]
        colour = colour * (target / _luminance(colour))[:, None]
        colour += (target - _luminance(np.minimum(colour, 255)))[:, None].clip(0)  # what a full channel could not give
        texture, _ = self._pictures.crops(v[:, 10:15], size)
        strength = _between(v[:, 15], -0.3, 0.65).clip(0)
        whole = texture.sum(axis=(2, 3), dtype=np.int64).astype(np.float32) / np.float32(size * size)
        level = _luminance(whole) + np.float32(20)
        grain = texture * _spread(strength / level)[:, None] + _spread(np.float32(1) - strength)[:, None]
        grain *= _spread(np.minimum(colour, 255))
        return grain

    def _expose(self, canvas: np.ndarray) -> np.ndarray:
        """Grey or colour, sensor noise, and 8 bits."""
        n, size, channels = len(canvas), self._knobs.size, self._knobs.channels
        if channels == 1:
            canvas = _luminance(canvas)[:, None]
        noise = self._noise.bell(n, channels * size * size).reshape(n, channels, size, size)
        noise *= np.float32(self._knobs.noise)
        noise += canvas
        noise += np.float32(0.5)
        pixels = _clip(noise, 255).astype(np.uint8)
        image = np.empty((n, size, size, channels), dtype=np.uint8)
        for channel in range(channels):  # faster than one transpose
            image[..., channel] = pixels[:, channel]
        return image
