"""Maps of a model: on models so simple that the right map is known."""

import keras
import numpy as np
import pytest
from keras import layers

from course_utils import explain

CLASSES = np.array([1, 0])
IMAGES = np.random.default_rng(3).integers(0, 256, (2, 6, 8, 3)).astype("uint8")
PLACE = (0, 4, 5, 2)  # row 4, column 5, blue: the only value that the model below reads
MAPS = {
    "saliency": explain.saliency,
    "occlusion": lambda *inputs: explain.occlusion(*inputs, side=1, stride=1),
}
every_map = pytest.mark.parametrize("make", MAPS.values(), ids=MAPS.keys())


@pytest.fixture(scope="module")
def one_pixel():
    """Score 1 is three times one value of the image, score 0 is minus that value."""
    model = keras.Sequential([keras.Input((6, 8, 3)), layers.Flatten(), layers.Dense(2, use_bias=False)])
    weights = np.zeros((6, 8, 3, 2), dtype="float32")
    weights[PLACE[1:]] = [-1, 3]
    model.set_weights([weights.reshape(-1, 2)])
    return model


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((6, 8, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", activation="relu", name="maps"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )


@every_map
def test_a_model_that_looks_at_one_pixel_is_found_out(one_pixel, make):
    maps = make(one_pixel, IMAGES, CLASSES)
    assert maps.shape == (2, 6, 8)
    for one in maps:
        assert np.flatnonzero(np.abs(one) > 1e-4).tolist() == [4 * 8 + 5]


def test_saliency_has_no_sign(one_pixel):
    assert explain.saliency(one_pixel, IMAGES, CLASSES)[:, 4, 5].tolist() == [3, 1]


def test_occlusion_is_the_fall_of_the_score(one_pixel):
    fall = explain.occlusion(one_pixel, IMAGES, CLASSES, side=2, stride=2, fill=0)
    value = IMAGES[:, 4, 5, 2].astype(float)
    assert fall[:, 4, 5].tolist() == [3 * value[0], -value[1]]
    np.testing.assert_array_equal(fall[:, 4:6, 4:6], np.broadcast_to(fall[:, 4:5, 4:5], (2, 2, 2)))
    assert np.count_nonzero(fall) == 2 * 4


def test_occlusion_leaves_out_what_no_square_covers(one_pixel):
    fall = explain.occlusion(one_pixel, IMAGES, CLASSES, side=4, stride=3)  # columns 0 to 6, rows 0 to 3
    assert (fall == 0).all()
    assert (explain.occlusion(one_pixel, IMAGES, CLASSES, side=4, stride=2)[:, 2:, 4:] != 0).all()


@every_map
def test_images_stay_as_they_are(one_pixel, make):
    before = IMAGES.copy()
    make(one_pixel, IMAGES, CLASSES)
    np.testing.assert_array_equal(IMAGES, before)
