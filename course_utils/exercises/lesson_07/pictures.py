"""The exercise on pictures: read as OpenCV gives them, shrink them without aliasing."""

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, written

__all__ = ["SHRINK_PICTURE"]


def shrink_picture(picture: np.ndarray, factor: int) -> np.ndarray:
    rgb = picture[:, :, ::-1]  # the channels are the last axis
    height, width, channels = rgb.shape
    blocks = rgb.reshape(height // factor, factor, width // factor, factor, channels)
    small = blocks.mean(axis=(1, 3))
    return np.rint(small).astype("uint8")


def _by_sum(picture: np.ndarray, factor: int) -> np.ndarray:
    total = sum(
        picture[row::factor, column::factor, ::-1].astype("float64")
        for row in range(factor)
        for column in range(factor)
    )
    return np.floor(total / factor**2 + 0.5).astype("uint8")


def _blocks(picture: np.ndarray, factor: int) -> np.ndarray:
    height, width, channels = picture.shape
    return picture.reshape(height // factor, factor, width // factor, factor, channels)


def _blue_first(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture, factor).mean(axis=(1, 3))).astype("uint8")


def _mirrored(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture[:, ::-1], factor).mean(axis=(1, 3))).astype("uint8")


def _aliased(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[::factor, ::factor, ::-1].copy()


def _middle(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[factor // 2 :: factor, factor // 2 :: factor, ::-1].copy()


def _cut(picture: np.ndarray, factor: int) -> np.ndarray:
    return _blocks(picture[..., ::-1], factor).mean(axis=(1, 3)).astype("uint8")


def _overflowing(picture: np.ndarray, factor: int) -> np.ndarray:
    total = _blocks(picture[..., ::-1], factor).sum(axis=(1, 3), dtype="uint8")
    return np.rint(total / factor**2).astype("uint8")


def _all_reversed(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture[::-1, ::-1, ::-1], factor).mean(axis=(1, 3))).astype("uint8")


def _float(picture: np.ndarray, factor: int) -> np.ndarray:
    return _blocks(picture[..., ::-1], factor).mean(axis=(1, 3)).astype("float32")


def _untouched(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[:, ::-1][::factor, ::factor].astype("float32").astype("uint8")


# Odd factors: no mean ends in exactly .5, which may be rounded either way. Two by four blocks, and one by two.
_WIDE = (np.arange(6 * 12 * 3).reshape(6, 12, 3) * 37 + np.arange(12).reshape(12, 1) ** 2 * 5) % 251
_LARGE = (np.arange(5 * 10 * 3).reshape(5, 10, 3) ** 2 * 7) % 253

SHRINK_PICTURE = Exercise(
    id="07.4",
    title="mend a reader",
    kind="mend",
    prompt="Mend shrink_picture(picture, factor): blue first to red first, shrunk by the mean of blocks, rounded.",
    stub="""\
def shrink_picture(picture, factor):
    ...""",
    check=function_matches(
        shrink_picture,
        [(_WIDE.astype("uint8"), 3), (_LARGE.astype("uint8"), 5)],
        dtype="uint8",
        mistakes=(
            (_untouched, "That is the function as it was, with its three faults."),
            (_blue_first, "The channels are still in OpenCV's order, blue first."),
            (_mirrored, "`picture[:, ::-1]` mirrors the picture. The channels are the third axis."),
            (_all_reversed, "All three axes are reversed: the picture is upside down and mirrored as well."),
            (_aliased, "One pixel of each block was taken. Asked for is the mean of all of them."),
            (_middle, "One pixel of each block was taken, the middle one. Asked for is the mean of all of them."),
            (_cut, "`astype` drops what is behind the point: 2.9 becomes 2. Round first."),
            (_overflowing, "A sum of bytes in uint8 begins again at 0 after 255. Use a wider type, or `mean`."),
        ),
    ),
    hints=(
        "The channels are the last axis: `picture[:, :, ::-1]`.",
        "`rgb.reshape(height // factor, factor, width // factor, factor, 3)` gives each block two axes of its own.",
        "Take the mean over the axes 1 and 3, then `np.rint(...)`, then `astype`.",
    ),
    solution=written(shrink_picture),
    right=(_by_sum,),
    wrong=(
        (_untouched, "as it was"),
        (_blue_first, "blue first"),
        (_mirrored, "mirrors the picture"),
        (_all_reversed, "All three axes"),
        (_aliased, "One pixel of each block"),
        (_middle, "the middle one"),
        (_cut, "drops what is behind the point"),
        (_overflowing, "begins again at 0"),
        (_float, "uint8"),
    ),
)
