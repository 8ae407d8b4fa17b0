"""The shapes data set: its form, its promises about randomness, its knobs and its errors."""

import numpy as np
import pytest

from course_utils.datasets.shapes import CLASS_NAMES, PHOTOGRAPHS, load_shapes


def small(**changes):
    return load_shapes(**{"train": 70, "validation": 20, "test": 20, "size": 16} | changes)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [8, 9, 33, 96])
def test_splits_have_the_promised_form(size, channels):
    data = load_shapes(train=12, validation=3, test=5, size=size, channels=channels)
    for split, count in ((data.train, 12), (data.validation, 3), (data.test, 5)):
        assert split.x.shape == (count, size, size, channels)
        assert split.x.dtype == np.uint8
        assert split.y.shape == (count,)
        assert split.y.dtype == np.int64
        assert split.masks.shape == (count, size, size)
        assert split.masks.dtype == bool
        assert split.x.flags.writeable and split.y.flags.writeable and split.masks.flags.writeable
    assert data.name == "shapes"
    assert len(data.class_names) == 10


def test_amounts_have_defaults_and_may_be_zero():
    data = load_shapes(train=0, validation=0, test=None, size=8)
    assert (len(data.train), len(data.validation), len(data.test)) == (0, 0, 2_000)


def test_fewer_images_are_the_first_of_more():
    # 70 images are more than one batch of drawing, and 65 end inside a batch.
    few, many = small(train=65), small(train=140)
    for name in ("x", "y", "masks", "true_y", "betrayed", "photograph"):
        np.testing.assert_array_equal(getattr(few.train, name), getattr(many.train, name)[:65])


def test_the_amount_of_one_split_leaves_the_others_alone():
    np.testing.assert_array_equal(small().test.x, small(train=5).test.x)


def test_seeds_and_splits_differ():
    data, other = small(), small(seed=1)
    assert not np.array_equal(data.train.x, other.train.x)
    assert not np.array_equal(data.train.x[:20], data.validation.x)
    assert not np.array_equal(data.validation.x, data.test.x)


def test_no_photograph_serves_two_splits():
    data = load_shapes(train=500, validation=200, test=200, size=8)
    used = [set(split.photograph) for split in (data.train, data.validation, data.test)]
    assert not used[0] & used[1] and not used[0] & used[2] and not used[1] & used[2]
    assert set().union(*used) == set(range(len(PHOTOGRAPHS)))
    for name, numbers in zip(("train", "validation", "test"), used, strict=True):
        assert {PHOTOGRAPHS[number].split for number in numbers} == {name}


def test_classes_are_balanced_at_every_length():
    data = load_shapes(train=1_000, validation=0, test=0, size=8)
    for length in (100, 500, 1_000):
        counts = np.bincount(data.train.y[:length], minlength=10)
        assert abs(counts - length / 10).max() <= 1


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


@pytest.mark.parametrize("knob", [{"noise": 30}, {"clutter": 8}, {"channels": 1}, {"betrayal": 1.0}])
def test_a_knob_of_the_look_leaves_the_objects_in_place(knob):
    plain, turned = small(), small(**knob)
    np.testing.assert_array_equal(plain.train.masks, turned.train.masks)
    np.testing.assert_array_equal(plain.train.y, turned.train.y)
    assert plain.train.x.shape != turned.train.x.shape or not np.array_equal(plain.train.x, turned.train.x)


def test_noise_has_the_standard_deviation_asked_for():
    clean, noisy = small(noise=0, train=100), small(noise=8, train=100)
    usable = (clean.train.x > 60) & (clean.train.x < 195)  # where nothing is cut off at 0 or 255
    difference = noisy.train.x[usable].astype(float) - clean.train.x[usable]
    assert difference.std() == pytest.approx(8, rel=0.05)
    assert difference.mean() == pytest.approx(0, abs=0.3)


def test_rotation_turns_the_objects():
    straight, turned = small(rotation=0), small(rotation=180)
    assert not np.array_equal(straight.train.masks, turned.train.masks)


def test_imbalance_is_the_ratio_of_the_first_class_to_the_last():
    data = load_shapes(train=4_000, validation=100, test=100, size=8, imbalance=20)
    counts = np.bincount(data.train.y, minlength=10)
    assert counts[0] / counts[9] == pytest.approx(20, rel=0.1)
    assert (np.diff(counts) < 0).all()
    assert set(np.bincount(data.test.y, minlength=10)) == {10}


def test_wrong_labels_keep_the_true_ones():
    clean, wrong = small(train=2_000, size=8), small(train=2_000, size=8, wrong_labels=0.3)
    np.testing.assert_array_equal(clean.train.y, clean.train.true_y)
    np.testing.assert_array_equal(wrong.train.true_y, clean.train.y)
    np.testing.assert_array_equal(wrong.train.x, clean.train.x)
    assert (wrong.train.y != wrong.train.true_y).mean() == pytest.approx(0.3, abs=0.04)
    assert (wrong.test.y == wrong.test.true_y).all()
    assert set(wrong.train.y) == set(range(10))


def test_more_wrong_labels_include_the_fewer():
    few, many = small(wrong_labels=0.1, train=500), small(wrong_labels=0.5, train=500)
    was_wrong = few.train.y != few.train.true_y
    assert was_wrong.any()
    np.testing.assert_array_equal(few.train.y[was_wrong], many.train.y[was_wrong])


@pytest.mark.parametrize("channels", [1, 3])
def test_a_betraying_background_gives_the_class_away(channels):
    """The colour of the border alone tells the class when betrayal is 1, and does not when it is 0."""

    def accuracy(**knobs):
        data = small(train=1_000, channels=channels, **knobs)
        border = np.concatenate([data.train.x[:, 0], data.train.x[:, -1]], axis=1).mean(axis=1)
        means = np.stack([border[data.train.y == k].mean(axis=0) for k in range(10)])
        distance = ((border[:, None] - means) ** 2).sum(axis=2)
        return (distance.argmin(axis=1) == data.train.y).mean(), data.train.betrayed.mean()

    given_away, all_of_them = accuracy(betrayal=1.0)
    clean, none_of_them = accuracy(betrayal=0.0)
    assert given_away > (0.7 if channels == 3 else 0.3)
    assert clean < 0.2
    assert (all_of_them, none_of_them) == (1.0, 0.0)


def test_flaws_stay_out_of_the_test_images_unless_asked_for():
    assert not small(betrayal=1.0).test.betrayed.any()
    everywhere = small(betrayal=1.0, flawed=("train", "test"))
    assert everywhere.test.betrayed.all()
    assert not everywhere.validation.betrayed.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 7}, "Expected size from 8 to 96. Received: 7."),
        ({"size": 20.5}, "Expected a whole number as size. Received: 20.5."),
        ({"channels": 4}, "Expected channels to be 1 (grey) or 3 (colour). Received: 4."),
        ({"noise": -1}, "Expected noise from 0 to 100. Received: -1."),
        ({"noise": float("nan")}, "Expected noise from 0 to 100. Received: nan."),
        ({"clutter": 13}, "Expected clutter from 0 to 12. Received: 13."),
        ({"clutter": "many"}, "Expected clutter from 0 to 12. Received: 'many'."),
        ({"rotation": 200}, "Expected rotation from 0 to 180. Received: 200."),
        ({"imbalance": 0.5}, "Expected imbalance from 1 to 1000. Received: 0.5."),
        ({"wrong_labels": 2}, "Expected wrong_labels from 0 to 1. Received: 2."),
        ({"betrayal": -0.1}, "Expected betrayal from 0 to 1. Received: -0.1."),
        ({"flawed": "train"}, "Received: 'train'."),
        ({"flawed": ("exam",)}, "Received: ('exam',)."),
        ({"flawed": 3}, "Received: 3."),
        ({"train": -1}, "Expected train to be a whole number, 0 or more. Received: -1."),
        ({"seed": 0.5}, "Expected seed to be a whole number, 0 or more. Received: 0.5."),
    ],
)
def test_a_value_out_of_range_is_refused(arguments, message):
    with pytest.raises(ValueError) as caught:
        small(**arguments)
    assert message in str(caught.value)


def test_an_unknown_knob_is_refused_by_name():
    with pytest.raises(TypeError, match="Received: colour"):
        small(colour=3)
