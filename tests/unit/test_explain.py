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
    "integrated gradients": explain.integrated_gradients,
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


def test_the_gradient_is_the_weight(one_pixel):
    gradients = explain.input_gradients(one_pixel, IMAGES, CLASSES)
    assert gradients.shape == IMAGES.shape
    assert gradients[0][PLACE[1:]] == 3 and gradients[1][PLACE[1:]] == -1
    assert np.count_nonzero(gradients) == 2


@every_map
def test_a_model_that_looks_at_one_pixel_is_found_out(one_pixel, make):
    maps = make(one_pixel, IMAGES, CLASSES)
    assert maps.shape == (2, 6, 8)
    for one in maps:
        assert np.flatnonzero(np.abs(one) > 1e-4).tolist() == [4 * 8 + 5]


def test_saliency_has_no_sign(one_pixel):
    assert explain.saliency(one_pixel, IMAGES, CLASSES)[:, 4, 5].tolist() == [3, 1]


def test_integrated_gradients_share_out_the_difference_from_a_blank_image(network):
    blank = np.full_like(IMAGES, 100)
    scores, without = (np.asarray(network(x.astype("float32")))[[0, 1], CLASSES] for x in (IMAGES, blank))
    maps = explain.integrated_gradients(network, IMAGES, CLASSES, baseline=100, steps=300)
    np.testing.assert_allclose(maps.sum(axis=(1, 2)), scores - without, atol=2e-3)


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


def test_grad_cam_is_its_formula(network):
    """Where a dense layer follows the maps, their gradients are its weights."""
    maps = np.asarray(keras.Model(network.inputs[0], network.get_layer("maps").output)(IMAGES.astype("float32")))
    dense = network.layers[-1].kernel.numpy().reshape(6, 8, 4, 2)
    for number, one in enumerate(CLASSES):
        weights = dense[..., one].mean(axis=(0, 1))
        expected = np.maximum((maps[number] * weights).sum(axis=-1), 0)
        found = explain.grad_cam(network, IMAGES, CLASSES, "maps")[number]
        assert expected.max() > 0
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_grad_cam_is_enlarged_never_negative_and_works_on_frozen_layers(network):
    inputs = keras.Input((6, 8, 3))
    x = layers.Conv2D(3, 3, strides=2, padding="same", name="small")(inputs)
    frozen = keras.Model(inputs, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    frozen.trainable = False
    heat = explain.grad_cam(frozen, IMAGES, CLASSES, "small")
    assert heat.shape == (2, 6, 8) and heat.min() >= 0
    with pytest.raises(ValueError, match="No such layer: other"):
        explain.grad_cam(network, IMAGES, CLASSES, "other")


def test_grad_cam_on_a_model_that_was_built_with_add(network):
    added = keras.Sequential([keras.Input((6, 8, 3))])
    for layer in network.layers:
        added.add(keras.layers.deserialize(keras.layers.serialize(layer)))
    added.set_weights(network.get_weights())
    heat, same = (explain.grad_cam(model, IMAGES, CLASSES, "maps") for model in (network, added))
    np.testing.assert_allclose(heat, same, rtol=1e-5)
    assert heat.max() > 0


@every_map
def test_images_stay_as_they_are(one_pixel, make):
    before = IMAGES.copy()
    make(one_pixel, IMAGES, CLASSES)
    np.testing.assert_array_equal(IMAGES, before)
