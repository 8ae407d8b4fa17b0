"""Dyed photographs with captions: what a caption says is what the picture shows, and only the dye depends on it."""

import re

import numpy as np
import pytest

from course_utils import datasets

PAIRS = [("purple", "elephant"), ("white", "fish")]


def test_captions_name_pair_and_side():
    made = datasets.dyed_things(12, PAIRS, seed=3)
    assert made.x.shape == (12, 32, 32, 3) and made.x.dtype == np.uint8
    expected = [
        f"a {' '.join(PAIRS[pair])} on the {('left', 'right')[side]}"
        for pair, side in zip(made.pair, made.side, strict=True)
    ]
    assert made.captions == expected
    assert set(made.pair) == {0, 1} == set(made.side)


def test_the_same_scene_is_dyed_otherwise_and_nothing_else_changes():
    red, blue = (datasets.dyed_things(20, [(colour, "owl")], seed=5).x.astype(int) for colour in ("red", "blue"))
    other = np.abs(red - blue).sum(axis=-1) > 0  # where the owl is
    assert 0.03 < other.mean() < 0.35
    redder = red[..., 0] - red[..., 2] > blue[..., 0] - blue[..., 2]
    assert redder[other].mean() > 0.9  # at its edge a pixel may be rounded


def test_a_thing_lies_on_its_side():
    for seed in range(3):
        made = datasets.dyed_things(10, [("red", "rooster")], seed=seed)
        other = datasets.dyed_things(10, [("green", "rooster")], seed=seed)
        for one, two, side in zip(made.x.astype(int), other.x.astype(int), made.side, strict=True):
            columns = np.flatnonzero(np.abs(one - two).sum(axis=(0, 2)))
            assert (columns.mean() > 15.5) == bool(side)


def test_the_same_bytes_for_the_same_arguments_and_others_for_another_split():
    first, again, elsewhere = (
        datasets.dyed_things(4, PAIRS, seed=1, split=split) for split in ("train", "train", "test")
    )
    np.testing.assert_array_equal(first.x, again.x)
    assert first.captions == elsewhere.captions
    assert (first.x != elsewhere.x).any()


@pytest.mark.parametrize(
    "arguments",
    [
        {"count": 0},
        {"pairs": [("pink", "elephant")]},
        {"size": 8},
        {"split": "home"},
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_line_that_says_what_can(arguments):
    asked = {"count": 2, "pairs": PAIRS} | arguments
    with pytest.raises(ValueError, match=re.escape("red, yellow, green, blue, purple, white")):
        datasets.dyed_things(**asked)
