"""The parts of the shapes generator: random numbers, photographs, outlines."""

import json
import math
from statistics import NormalDist

import numpy as np
import pytest

from course_utils import datasets, paths
from course_utils.datasets.generated import chance
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.photographs import PHOTOGRAPHS
from course_utils.datasets.shapes import drawing
from course_utils.datasets.shapes.drawing import atlas as atlas_of
from course_utils.datasets.shapes.outlines import CLASS_NAMES, REACH, fields


def test_a_stream_continues_where_it_stopped():
    whole, parts = Stream(5, "train", "look"), Stream(5, "train", "look")
    together = np.concatenate([parts.uniform(3, 7), parts.uniform(2, 7)])
    np.testing.assert_array_equal(whole.uniform(5, 7), together)


def test_uniform_numbers_fill_zero_to_one():
    u = Stream(0, "test", "place").uniform(1_000, 20)
    assert u.dtype == np.float32
    assert u.min() >= 0 and u.max() < 1
    assert u.mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("values", [1, 4, 81])
def test_bell_is_normal_and_continues(values):
    whole, parts = Stream(0, "train", "noise"), Stream(0, "train", "noise")
    z = whole.bell(40_000 // values, values)
    assert (z.mean(), z.std()) == pytest.approx((0, 1), abs=0.02)
    first = parts.bell(10, values)
    np.testing.assert_array_equal(z[:20], np.concatenate([first, parts.bell(10, values)]))


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
        atlas = atlas_of(split, 96)
        assert atlas.height.min() >= 96 and atlas.width.min() >= 96
        assert {PHOTOGRAPHS[n].file for n in atlas.photograph} == {p.file for p in PHOTOGRAPHS if p.split == split}


def test_crops_are_cut_from_the_picture():
    atlas = atlas_of("test", 32)
    u = np.array([[0, 0, 0, 0.1, 0.9], [0, 0, 0, 0.9, 0.9], [0, 0, 0, 0.1, 0.1]], dtype=np.float32)
    crops, picture = atlas.crops(u, 32)
    whole = atlas.planes[:, : atlas.height[0] * atlas.width[0]].reshape(3, atlas.height[0], atlas.width[0])
    corner = whole[:, :32, :32]
    np.testing.assert_array_equal(crops[0], corner)
    np.testing.assert_array_equal(crops[1], corner[:, :, ::-1])
    np.testing.assert_array_equal(crops[2], corner[:, ::-1])
    assert list(picture) == [0, 0, 0]


def test_crops_stay_inside_at_the_far_corner():
    atlas = atlas_of("train", 96)
    last = np.full((1, 5), np.float32(1 - 2**-24))
    crops, picture = atlas.crops(last, 96)
    start = atlas.start[-1]
    whole = atlas.planes[:, start:].reshape(3, atlas.height[-1], atlas.width[-1])
    np.testing.assert_array_equal(crops[0], whole[:, -96:, -96:][:, :, ::-1])
    assert picture[0] == len(atlas.start) - 1


def test_outlines_have_their_areas():
    """Areas by hand, in units of the radius: a disc of 0.95, a ring, and a square of 1.64 with corners of 0.06."""
    resolution = 400
    inside = (fields(resolution) <= 0).sum(axis=(1, 2)) * (2 * REACH / resolution) ** 2
    area = dict(zip(CLASS_NAMES, inside, strict=False))
    assert area["circle"] == pytest.approx(math.pi * 0.95**2, rel=0.01)
    assert area["ring"] == pytest.approx(math.pi * (0.97**2 - 0.53**2), rel=0.01)
    assert area["square"] == pytest.approx(1.64**2 + 4 * 1.64 * 0.06 + math.pi * 0.06**2, rel=0.01)
    assert area["arrow_left"] == pytest.approx(area["arrow_right"], rel=0.001)


def test_the_arrows_fields_are_mirrored():
    stack = fields(64)
    left, right = stack[CLASS_NAMES.index("arrow_left")], stack[CLASS_NAMES.index("arrow_right")]
    np.testing.assert_allclose(left, right[:, ::-1], atol=1e-6)
    assert abs(left - right).max() > 0.3


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
