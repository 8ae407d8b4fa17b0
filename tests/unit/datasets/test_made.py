"""What `shapes` and `cutouts` share: their form, their promises about chance, their flaws and their errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import datasets

SPLITS = ("train", "validation", "test")
ARRAYS = ("x", "y", "masks", "true_y", "betrayed", "photograph")
SMALLEST = {"shapes": 8, "cutouts": 32}

both = pytest.mark.parametrize("name", SMALLEST)


def small(name, **changes):
    return datasets.load(
        name, quiet=True, **{"train": 70, "validation": 20, "test": 20, "size": SMALLEST[name]} | changes
    )


@pytest.mark.parametrize(
    ("name", "knobs"),
    [
        *(("shapes", {"size": size, "channels": channels}) for size in (8, 9, 33, 96) for channels in (1, 3)),
        *(("cutouts", {"size": size}) for size in (32, 33, 224)),
    ],
    ids=str,
)
def test_splits_have_the_promised_form(name, knobs):
    data = small(name, train=12, validation=3, test=5, **knobs)
    size, channels = knobs["size"], knobs.get("channels", 3)
    for split, count in ((data.train, 12), (data.validation, 3), (data.test, 5)):
        assert (split.x.shape, split.x.dtype) == ((count, size, size, channels), np.uint8)
        assert (split.masks.shape, split.masks.dtype) == ((count, size, size), bool)
        for array in (split.y, split.true_y, split.photograph, *([split.objects] if name == "cutouts" else [])):
            assert (array.shape, array.dtype) == ((count,), np.int64)
        assert split.x.flags.writeable and split.y.flags.writeable and split.masks.flags.writeable
    assert (data.name, len(data.class_names)) == (name, {"shapes": 10, "cutouts": 6}[name])


@pytest.mark.parametrize(("name", "tested"), [("shapes", 2_000), ("cutouts", 600)])
def test_amounts_have_defaults_and_may_be_zero(name, tested):
    data = datasets.load(name, train=0, validation=0, size=SMALLEST[name], quiet=True)
    assert (len(data.train), len(data.validation), len(data.test)) == (0, 0, tested)


@both
def test_fewer_images_are_the_first_of_more_and_leave_the_other_splits_alone(name):
    few, many = small(name, train=65), small(name, train=140)  # more than one batch of drawing, and inside a batch
    for array in ARRAYS:
        np.testing.assert_array_equal(getattr(few.train, array), getattr(many.train, array)[:65])
    np.testing.assert_array_equal(few.test.x, many.test.x)
    assert not np.array_equal(few.train.x, small(name, train=65, seed=1).train.x)
    assert not np.array_equal(few.train.x[:20], few.validation.x) and not np.array_equal(few.validation.x, few.test.x)


@both
def test_classes_are_balanced_at_every_length(name):
    train = small(name, train=600).train
    for length in (100, 300, 600):
        counts = np.bincount(train.y[:length])
        assert abs(counts - length / len(counts)).max() <= 1


@both
def test_imbalance_is_the_ratio_of_the_first_class_to_the_last(name):
    data = small(name, train=2_400, test=60, imbalance=10)
    counts = np.bincount(data.train.y)
    assert counts[0] / counts[-1] == pytest.approx(10, rel=0.1)
    assert (np.diff(counts) < 0).all()
    assert len(set(np.bincount(data.test.y))) == 1


@both
def test_wrong_labels_keep_the_true_ones_and_more_include_the_fewer(name):
    clean, few, many = (small(name, train=900, wrong_labels=share) for share in (0, 0.3, 0.5))
    np.testing.assert_array_equal(clean.train.y, clean.train.true_y)
    np.testing.assert_array_equal(few.train.true_y, clean.train.y)
    np.testing.assert_array_equal(few.train.x, clean.train.x)
    wrong = few.train.y != few.train.true_y
    assert wrong.mean() == pytest.approx(0.3, abs=0.05)
    np.testing.assert_array_equal(few.train.y[wrong], many.train.y[wrong])
    assert set(few.train.y) == set(range(len(few.class_names)))


@pytest.mark.parametrize(
    ("name", "knobs", "least", "most"),
    [
        ("shapes", {"size": 16}, 0.7, 0.2),
        ("shapes", {"size": 16, "channels": 1}, 0.3, 0.2),
        ("cutouts", {}, 0.7, 0.35),
    ],
    ids=str,
)
def test_a_betraying_background_gives_the_class_away(name, knobs, least, most):
    """The colour of the border alone tells the class when betrayal is 1, and does not when it is 0."""

    def accuracy(betrayal):
        train = small(name, train=800, betrayal=betrayal, **knobs).train
        border = np.concatenate([train.x[:, 0], train.x[:, -1]], axis=1).mean(axis=1)
        means = np.stack([border[train.y == k].mean(axis=0) for k in np.unique(train.y)])
        return (((border[:, None] - means) ** 2).sum(axis=2).argmin(axis=1) == train.y).mean(), train.betrayed.mean()

    (given_away, all_of_them), (clean, none_of_them) = accuracy(1.0), accuracy(0.0)
    assert given_away > least and clean < most
    assert (all_of_them, none_of_them) == (1.0, 0.0)


@both
@given(
    imbalance=st.floats(1, 1000),
    wrong=st.floats(0, 1),
    betrayal=st.floats(0, 1),
    flawed=st.sets(st.sampled_from(SPLITS)),
)
@settings(max_examples=10, deadline=None)
def test_flaws_stay_in_the_splits_that_are_named(name, imbalance, wrong, betrayal, flawed):
    clean = small(name)
    data = small(name, imbalance=imbalance, wrong_labels=wrong, betrayal=betrayal, flawed=tuple(sorted(flawed)))
    for split in set(SPLITS) - flawed:
        for array in ARRAYS:
            np.testing.assert_array_equal(getattr(getattr(data, split), array), getattr(getattr(clean, split), array))


LOOKS = {
    "shapes": [{"noise": 30}, {"clutter": 8}, {"channels": 1}, {"betrayal": 1.0}],
    "cutouts": [{"clutter": 8}, {"blur": 0.0}, {"betrayal": 1.0}],
}


@pytest.mark.parametrize(("name", "knob"), [(name, knob) for name in LOOKS for knob in LOOKS[name]], ids=str)
def test_a_knob_of_the_look_leaves_the_objects_in_place(name, knob):
    plain, turned = small(name).train, small(name, **knob).train
    for array in ("masks", "y", "photograph", "objects"):
        np.testing.assert_array_equal(getattr(plain, array), getattr(turned, array))
    assert not np.array_equal(plain.x[..., :1], turned.x[..., :1])


OUT_OF_RANGE = [
    ("cutouts", {"size": 40.5}, "Expected size to be a whole number, 32 to 224. Received: 40.5."),
    ("shapes", {"size": 7}, "Expected size to be a whole number, 8 to 96. Received: 7."),
    ("shapes", {"clutter": True}, "Expected clutter to be a whole number, 0 to 12. Received: True."),
    ("shapes", {"channels": 4}, "Expected channels to be 1 (grey) or 3 (colour). Received: 4."),
    ("cutouts", {"imbalance": 0.5}, "Expected imbalance to be a number, 1 to 1000. Received: 0.5."),
    ("cutouts", {"blur": float("nan")}, "Expected blur to be a number, 0 to 0.2. Received: nan."),
    ("cutouts", {"objects_per_class": 0}, "Expected objects_per_class to be a whole number, 1 to 1000. Received: 0."),
    ("shapes", {"flawed": "train"}, "Received: 'train'."),
    ("cutouts", {"flawed": ("exam",)}, "Received: ('exam',)."),
    ("shapes", {"train": -1}, "Expected train to be a whole number, 0 or more. Received: -1."),
    ("cutouts", {"seed": 0.5}, "Expected seed to be a whole number, 0 or more. Received: 0.5."),
]


@pytest.mark.parametrize(("name", "arguments", "message"), OUT_OF_RANGE, ids=str)
def test_a_value_out_of_range_is_refused_in_one_line(name, arguments, message):
    with pytest.raises(ValueError) as caught:
        small(name, **arguments)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@both
def test_an_unknown_knob_is_refused_by_name(name):
    with pytest.raises(TypeError, match=r"Expected knobs among imbalance, .*size, .*Received: colour\."):
        small(name, colour=3)
