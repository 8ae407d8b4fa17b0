"""The shapes data set: photographs, masks, knobs, card; what it shares with cutouts is in test_made.py."""

import json
import math
from statistics import NormalDist

import numpy as np
import pytest

from course_utils import datasets, paths
from course_utils.datasets.generated import chance
from course_utils.datasets.photographs import PHOTOGRAPHS
from course_utils.datasets.shapes import CLASS_NAMES, drawing


def small(**changes):
    return datasets.load("shapes", quiet=True, **{"train": 70, "validation": 20, "test": 20, "size": 16} | changes)


def test_no_photograph_serves_two_splits():
    data = small(train=500, validation=200, test=200, size=8)
    used = [set(split.photograph) for split in (data.train, data.validation, data.test)]
    assert not used[0] & used[1] and not used[0] & used[2] and not used[1] & used[2]
    assert set().union(*used) == set(range(len(PHOTOGRAPHS)))
    for name, numbers in zip(("train", "validation", "test"), used, strict=True):
        assert {PHOTOGRAPHS[number].split for number in numbers} == {name}


def step_at_the_edge(split, masks):
    """Mean difference in brightness between neighbours of which one lies inside the mask and the other outside."""
    brightness = split.x.astype(float).mean(axis=3)
    down = abs(np.diff(brightness, axis=1))[np.diff(masks, axis=1)]
    across = abs(np.diff(brightness, axis=2))[np.diff(masks, axis=2)]
    return np.concatenate([down, across]).mean()


@pytest.mark.parametrize("knobs", [{}, {"size": 16}, {"size": 64, "rotation": 0}], ids=str)
def test_the_mask_lies_where_the_object_is(knobs):
    """The pictures change most where their masks have their edges, and less one pixel beside them, on any side."""
    data = small(**{"size": 32, "noise": 0, "clutter": 0, "train": 200} | knobs)
    here = step_at_the_edge(data.train, data.train.masks)
    for shift in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1)):
        assert here > 1.2 * step_at_the_edge(data.train, np.roll(data.train.masks, shift, axis=(1, 2)))
    inside = data.train.masks.mean(axis=(1, 2))
    assert inside.min() > 0.05 and inside.max() < 0.6


def centred(masks):
    """Each mask shifted so that its middle lies in the middle of the image."""
    rows, columns = (masks.sum(axis=axis) > 0 for axis in (2, 1))
    size = masks.shape[1]
    shifted = []
    for mask, row, column in zip(masks, rows, columns, strict=True):
        down, across = (size // 2 - (np.flatnonzero(line)[[0, -1]].sum() + 1) // 2 for line in (row, column))
        shifted.append(np.roll(mask, (down, across), axis=(0, 1)))
    return np.array(shifted)


def mean_masks(split):
    masks = centred(split.masks)
    return np.stack([masks[split.true_y == k].mean(axis=0) for k in range(10)])


def test_masks_belong_to_the_labels():
    """The nearest mean mask of the training objects names most test objects."""
    data = small(train=1_000, test=300, rotation=0, size=24)
    distance = ((centred(data.test.masks)[:, None] - mean_masks(data.train)) ** 2).sum(axis=(2, 3))
    assert (distance.argmin(axis=1) == data.test.y).mean() > 0.8


def test_a_flip_turns_one_arrow_into_the_other():
    data = small(train=1_000, rotation=0, size=24)
    means = mean_masks(data.train)
    left, right = means[CLASS_NAMES.index("arrow_left")], means[CLASS_NAMES.index("arrow_right")]
    apart, after_flip = abs(left - right).sum(), abs(np.roll(left[:, ::-1], 1, axis=1) - right).sum()
    assert after_flip < apart / 3


def test_noise_has_the_standard_deviation_asked_for():
    clean, noisy = small(noise=0, train=100), small(noise=8, train=100)
    usable = (clean.train.x > 60) & (clean.train.x < 195)  # where nothing is cut off at 0 or 255
    difference = noisy.train.x[usable].astype(float) - clean.train.x[usable]
    assert difference.std() == pytest.approx(8, rel=0.05)
    assert difference.mean() == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize(
    ("table", "bits", "exact"),
    [
        (drawing._sines, 15, [math.sin(2 * math.pi * k / 4096) for k in range(4096)]),
        (chance._quantiles, 12, [NormalDist().inv_cdf((k + 0.5) / 4096) for k in range(4096)]),
    ],
    ids=["sines", "quantiles"],
)
def test_rounded_tables_keep_away_from_ties(table, bits, exact):
    """The tables hold whole steps, and none is so near to a tie that a platform's last bit could move it."""
    steps, exact = table().astype(np.float64) * 2**bits, np.array(exact) * 2**bits
    np.testing.assert_array_equal(steps, np.rint(steps))
    apart = abs(steps - exact)
    assert len(steps) == len(exact)
    assert apart.max() < 0.5 - 1e-7


def test_every_photograph_is_there_and_large_enough():
    assert len({p.file for p in PHOTOGRAPHS}) == len(PHOTOGRAPHS)
    for split in ("train", "validation", "test"):
        atlas = drawing.atlas(split, 96)
        assert atlas.height.min() >= 96 and atlas.width.min() >= 96
        assert {PHOTOGRAPHS[n].file for n in atlas.photograph} == {p.file for p in PHOTOGRAPHS if p.split == split}


def test_the_card_names_every_photograph():
    assert all(f"{photograph.file} from " in datasets.card("shapes").text for photograph in PHOTOGRAPHS)


def test_the_card_quotes_the_recorded_figures(script):
    record = json.loads((paths.results_folder() / "shapes_card.json").read_text(encoding="utf-8"))
    assert script("measure_shapes").rows(record) in datasets.card("shapes").text


def test_the_recorded_figures_keep_the_data_sets_promises():
    measured = json.loads((paths.results_folder() / "shapes_card.json").read_text(encoding="utf-8"))["measured"]
    chance = 0.1
    assert all(chance + 0.1 <= run["test"] < 0.4 for run in measured["linear"])
    assert all(0.75 <= run["test"] <= 0.95 for run in measured["program_b"])
    assert all(run["gap"] >= 0.1 for run in measured["program_b_small"])
    assert all(run["images_per_second"] >= 5_000 for run in measured["speed"])
