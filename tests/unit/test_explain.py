"""A map of where a model looks: on a model so simple that the right map is known."""

import keras
import numpy as np
import pytest
from keras import layers

from course_utils import explain

CLASSES = np.array([1, 0])
IMAGES = np.random.default_rng(3).integers(0, 256, (2, 6, 8, 3)).astype("uint8")


@pytest.fixture(scope="module")
def one_pixel():
    """Score 1 is three times the blue of row 4, column 5, score 0 is minus that value; nothing else is read."""
    model = keras.Sequential([keras.Input((6, 8, 3)), layers.Flatten(), layers.Dense(2, use_bias=False)])
    weights = np.zeros((6, 8, 3, 2), dtype="float32")
    weights[4, 5, 2] = [-1, 3]
    model.set_weights([weights.reshape(-1, 2)])
    return model


def test_occlusion_is_the_fall_of_the_score_where_the_model_looks_and_leaves_the_images_alone(one_pixel):
    before = IMAGES.copy()
    fall = explain.occlusion(one_pixel, IMAGES, CLASSES, side=2, stride=2)
    value = IMAGES[:, 4, 5, 2] - np.float64(127)  # grey is 127.5, in bytes 127
    assert fall[:, 4, 5].tolist() == [3 * value[0], -value[1]]
    np.testing.assert_array_equal(fall[:, 4:6, 4:6], np.broadcast_to(fall[:, 4:5, 4:5], (2, 2, 2)))
    assert np.count_nonzero(fall) == 2 * 4
    np.testing.assert_array_equal(IMAGES, before)


def test_occlusion_leaves_out_what_no_square_covers(one_pixel):
    fall = explain.occlusion(one_pixel, IMAGES, CLASSES, side=4, stride=3)  # columns 0 to 6, rows 0 to 3
    assert (fall == 0).all()
    assert (explain.occlusion(one_pixel, IMAGES, CLASSES, side=4, stride=2)[:, 2:, 4:] != 0).all()
