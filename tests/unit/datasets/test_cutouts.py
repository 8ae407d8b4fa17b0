"""The cutouts data set: its form, its promises about objects and chance, its knobs and its errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import datasets
from course_utils.datasets.cutouts import CLASS_NAMES, all_cutouts, drawing, load_cutouts, objects
from course_utils.datasets.cutouts.objects import scaled
from course_utils.datasets.generated.photographs import PHOTOGRAPHS

SPLITS = ("train", "validation", "test")
ARRAYS = ("x", "y", "masks", "objects", "true_y", "betrayed", "photograph")


def small(**changes):
    return load_cutouts(**{"train": 40, "validation": 12, "test": 12, "size": 32} | changes)


@pytest.mark.parametrize("size", [32, 33, 224])
def test_splits_have_the_promised_form(size):
    data = load_cutouts(train=12, validation=3, test=5, size=size)
    for split, count in ((data.train, 12), (data.validation, 3), (data.test, 5)):
        assert (split.x.shape, split.x.dtype) == ((count, size, size, 3), np.uint8)
        assert (split.masks.shape, split.masks.dtype) == ((count, size, size), bool)
        for array in (split.y, split.objects, split.true_y, split.photograph):
            assert (array.shape, array.dtype) == ((count,), np.int64)
        assert split.x.flags.writeable and split.y.flags.writeable and split.masks.flags.writeable
    assert (data.name, data.class_names) == ("cutouts", CLASS_NAMES)


def test_amounts_have_defaults_and_may_be_zero():
    data = load_cutouts(train=0, validation=0, test=None, size=32)
    assert (len(data.train), len(data.validation), len(data.test)) == (0, 0, 600)


def test_the_call_of_the_lessons(capsys):
    data = datasets.load("cutouts", train=48, test=30, validation=6, size=64)
    assert capsys.readouterr().out.startswith(
        "cutouts: 48 training, 6 validation and 30 test images, 64x64x3, 6 classes"
    )
    assert np.bincount(data.train.y).tolist() == [8] * 6
    assert len(set(data.train.objects)) == 48  # eight pictures of a class show eight objects


def test_fewer_pictures_are_the_first_of_more():
    few, many = small(train=17), small(train=50)  # 17 end inside a batch of drawing
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(few.train, name), getattr(many.train, name)[:17])


def test_the_amount_of_one_split_leaves_the_others_alone():
    np.testing.assert_array_equal(small().test.x, small(train=5).test.x)


def test_another_seed_makes_other_pictures_of_the_same_objects():
    data, other = small(train=600), small(train=600, seed=1)
    assert not np.array_equal(data.train.x, other.train.x)
    assert set(data.train.objects) == set(other.train.objects)


@pytest.mark.parametrize("split_seed", range(5))
def test_no_object_and_no_photograph_serves_two_splits(split_seed):
    data = load_cutouts(train=600, validation=200, test=200, size=32, split_seed=split_seed)
    for attribute, everything in (("objects", 152), ("photograph", 13)):
        used = [set(getattr(getattr(data, split), attribute).tolist()) for split in SPLITS]
        assert sum(map(len, used)) == len(set().union(*used)) == everything
    things = [{all_cutouts()[n].same_as for n in getattr(data, split).objects} - {""} for split in SPLITS]
    assert sum(map(len, things)) == len(set().union(*things)) == 2
    for split in SPLITS:
        part = getattr(data, split)
        assert [CLASS_NAMES[y] for y in part.true_y] == [all_cutouts()[n].class_name for n in part.objects]
        assert {PHOTOGRAPHS[n].colour for n in part.photograph} == {True, False}


def test_another_split_seed_tests_other_objects():
    tested = [set(small(test=300, train=0, split_seed=k).test.objects) for k in range(3)]
    assert tested[0] != tested[1] != tested[2] != tested[0]


def test_objects_take_turns():
    data = small(train=900)
    for label in range(6):
        counts = np.bincount(data.train.objects[data.train.y == label])
        assert np.ptp(counts[counts > 0]) <= 1


@pytest.mark.parametrize("most", [1, 2, 9])
def test_objects_per_class_are_the_first_of_more_and_leave_the_test_alone(most):
    everything, few = small(train=300, test=300), small(train=300, test=300, objects_per_class=most)
    available = [len(set(everything.train.objects[everything.train.y == k])) for k in range(6)]
    shown = [len(set(few.train.objects[few.train.y == k])) for k in range(6)]
    assert shown == [min(most, n) for n in available]
    assert set(few.train.objects) <= set(everything.train.objects)
    np.testing.assert_array_equal(few.test.x, everything.test.x)


def painted(monkeypatch, colour, **knobs):
    """The training pictures with every object in one colour, as bright as the light allows."""
    with monkeypatch.context() as patch:

        def in_colour(number, longest):
            cutout = scaled(number, longest).copy()
            cutout[:3] = np.array(colour, dtype=np.uint8)[:, None, None]
            return cutout

        patch.setattr(drawing, "scaled", in_colour)
        return small(**knobs).train


def opacities(monkeypatch, **knobs):
    """How much of each pixel the object covers: a green one adds to a black one what it covers, 0 to 255."""
    black, green = (painted(monkeypatch, colour, **knobs).x[..., 1].astype(int) for colour in ((0, 0, 0), (0, 255, 0)))
    return green - black


@pytest.mark.parametrize("knobs", [{}, {"off_centre": 0.0, "size": 64}, {"object_size": 0.4, "clutter": 12}])
def test_the_mask_is_where_the_object_was_pasted(monkeypatch, knobs):
    data = small(**knobs).train
    opacity = opacities(monkeypatch, **knobs)
    np.testing.assert_array_equal(opacity >= 128, data.masks)
    background = opacity == 0
    np.testing.assert_array_equal(data.x[background], painted(monkeypatch, (9, 9, 9), **knobs).x[background])


@given(
    size=st.integers(32, 80), object_size=st.floats(0.2, 1), off_centre=st.floats(0, 1), clutter=st.integers(0, 12),
    blur=st.floats(0, 0.2), seed=st.integers(0, 2**64), split_seed=st.integers(0, 3),
)  # fmt: skip
@settings(max_examples=10, deadline=None)
def test_whatever_the_knobs_the_object_is_there_and_of_its_size(**knobs):
    train = load_cutouts(train=7, validation=0, test=0, **knobs).train
    for mask in train.masks:
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        assert len(rows) and len(columns)
        longest, most = max(np.ptp(rows), np.ptp(columns)) + 1, knobs["object_size"] * knobs["size"]
        assert longest <= most + 1
        assert longest >= 0.5 * most or most < 24  # of few pixels, legs and stalks cover less than half a pixel
    again = load_cutouts(train=7, validation=0, test=0, **knobs).train
    np.testing.assert_array_equal(train.x, again.x)


@given(
    imbalance=st.floats(1, 1000),
    wrong=st.floats(0, 1),
    betrayal=st.floats(0, 1),
    flawed=st.sets(st.sampled_from(SPLITS)),
)
@settings(max_examples=10, deadline=None)
def test_flaws_stay_in_the_splits_that_are_named(imbalance, wrong, betrayal, flawed):
    clean = small()
    data = small(imbalance=imbalance, wrong_labels=wrong, betrayal=betrayal, flawed=tuple(sorted(flawed)))
    for name in SPLITS:
        part, untouched = getattr(data, name), getattr(clean, name)
        assert [CLASS_NAMES[y] for y in part.true_y] == [all_cutouts()[n].class_name for n in part.objects]
        if name not in flawed:
            for array in ARRAYS:
                np.testing.assert_array_equal(getattr(part, array), getattr(untouched, array))


@pytest.mark.parametrize("knob", [{"clutter": 8}, {"blur": 0.0}, {"betrayal": 1.0}])
def test_a_knob_of_the_look_leaves_the_objects_in_place(monkeypatch, knob):
    plain, turned = small(), small(**knob)
    for name in ("masks", "objects", "y", "photograph"):
        np.testing.assert_array_equal(getattr(plain.train, name), getattr(turned.train, name))
    assert not np.array_equal(plain.train.x, turned.train.x)
    # A black object shows what shines through: nothing over the one background nor over the other.
    covered = painted(monkeypatch, (0, 0, 0)).x.max(axis=-1) == 0
    covered &= painted(monkeypatch, (0, 0, 0), **knob).x.max(axis=-1) == 0
    assert (covered & plain.train.masks).any(axis=(1, 2)).all()
    covered &= plain.train.masks
    assert abs(plain.train.x[covered].astype(int) - turned.train.x[covered]).max() <= 1


def test_object_size_and_off_centre_move_the_masks():
    share = [small(train=200, object_size=s).train.masks.mean() for s in (0.3, 0.6, 0.95)]
    assert share[0] * 2 < share[1] and share[1] * 1.5 < share[2]

    def spread(off_centre):
        masks = small(train=200, object_size=0.5, off_centre=off_centre).train.masks
        middles = [np.mean(np.nonzero(mask), axis=1) for mask in masks]
        return np.std(middles)

    assert spread(0.0) * 2 < spread(0.5) < spread(1.0)


def test_blur_smooths_the_background_alone():
    def roughness(blur):
        split = small(train=60, blur=blur, object_size=0.2, off_centre=0.0).train
        return np.abs(np.diff(split.x[:, :6].astype(int), axis=2)).mean()

    assert roughness(0.0) > 1.5 * roughness(0.03) > 1.5 * roughness(0.1)


def test_imbalance_is_the_ratio_of_the_first_class_to_the_last():
    data = small(train=1_200, test=60, imbalance=10)
    counts = np.bincount(data.train.y, minlength=6)
    assert counts[0] / counts[5] == pytest.approx(10, rel=0.1)
    assert (np.diff(counts) < 0).all()
    assert np.bincount(data.test.y).tolist() == [10] * 6


def test_wrong_labels_keep_the_true_ones():
    clean, wrong = small(train=900), small(train=900, wrong_labels=0.3)
    np.testing.assert_array_equal(wrong.train.true_y, clean.train.y)
    np.testing.assert_array_equal(wrong.train.x, clean.train.x)
    assert (wrong.train.y != wrong.train.true_y).mean() == pytest.approx(0.3, abs=0.05)
    assert set(wrong.train.y) == set(range(6))


def test_a_betraying_background_gives_the_class_away():
    def accuracy(**knobs):
        train = small(train=600, **knobs).train
        border = np.concatenate([train.x[:, 0], train.x[:, -1]], axis=1).mean(axis=1)
        means = np.stack([border[train.y == k].mean(axis=0) for k in range(6)])
        return (((border[:, None] - means) ** 2).sum(axis=2).argmin(axis=1) == train.y).mean(), train.betrayed.mean()

    given_away, all_of_them = accuracy(betrayal=1.0)
    clean, none_of_them = accuracy()
    assert given_away > 0.7 and clean < 0.35
    assert (all_of_them, none_of_them) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 31}, "Expected size from 32 to 224. Received: 31."),
        ({"size": 225}, "Expected size from 32 to 224. Received: 225."),
        ({"size": 40.5}, "Expected a whole number as size. Received: 40.5."),
        ({"size": (64, 64)}, "Expected size from 32 to 224. Received: (64, 64)."),
        ({"object_size": 0.1}, "Expected object_size from 0.2 to 1. Received: 0.1."),
        ({"off_centre": float("nan")}, "Expected off_centre from 0 to 1. Received: nan."),
        ({"objects_per_class": 0}, "Expected objects_per_class from 1 to 1000. Received: 0."),
        ({"objects_per_class": 2.5}, "Expected a whole number as objects_per_class. Received: 2.5."),
        ({"objects_per_class": "all"}, "Expected a whole number as objects_per_class. Received: 'all'."),
        ({"clutter": True}, "Expected clutter from 0 to 12. Received: True."),
        ({"blur": 1}, "Expected blur from 0 to 0.2. Received: 1."),
        ({"imbalance": 0}, "Expected imbalance from 1 to 1000. Received: 0."),
        ({"wrong_labels": -0.1}, "Expected wrong_labels from 0 to 1. Received: -0.1."),
        ({"betrayal": 2}, "Expected betrayal from 0 to 1. Received: 2."),
        ({"flawed": "test"}, "Received: 'test'."),
        ({"split_seed": -1}, "Expected split_seed from 0 to 4294967295. Received: -1."),
        ({"seed": -1}, "Expected seed to be a whole number, 0 or more. Received: -1."),
        ({"test": 1.5}, "Expected test to be a whole number, 0 or more. Received: 1.5."),
    ],
)
def test_a_value_out_of_range_is_refused_in_one_line(arguments, message):
    with pytest.raises(ValueError) as caught:
        small(**arguments)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_knob_is_refused_by_name():
    with pytest.raises(TypeError, match=r"Expected knobs among split_seed, size.*Received: noise"):
        small(noise=3)


def test_missing_pictures_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(objects.paths, "data_folder", lambda: tmp_path)
    objects.all_cutouts.cache_clear()
    try:
        with pytest.raises(datasets.DataError, match=r"Expected the pictures of cutouts in .*Copy data/cutouts"):
            objects.all_cutouts()
    finally:
        objects.all_cutouts.cache_clear()
