import numpy as np
import pytest

from course_utils import models, startup, training

startup.load_keras()
import keras  # noqa: E402  (after load_keras, so that the test's output stays clean)

SHAPE = (8, 12, 3)  # not square, so that height and width cannot be confused


def pictures(n=4):
    return np.random.default_rng(0).integers(0, 256, (n, *SHAPE), dtype=np.uint8)


def answers(model, images):
    return keras.ops.convert_to_numpy(model(images, training=False))


def with_random_weights(model):
    """Neither the places nor the biases are zero, so that nothing is equal by chance."""
    draw = np.random.default_rng(1).normal
    model.set_weights([draw(scale=0.3, size=weight.shape) for weight in model.get_weights()])
    return model


def test_it_takes_bytes_and_gives_probabilities():
    probabilities = answers(models.small_vit(SHAPE, 7, 4), pictures())
    assert probabilities.shape == (4, 7)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("positions", [True, False])
def test_only_positions_tell_where_a_patch_is(positions):
    model = with_random_weights(models.small_vit(SHAPE, 7, 4, width=16, positions=positions))
    moved = np.roll(pictures(), (4, 8), axis=(1, 2))  # whole patches change places
    change = np.abs(answers(model, moved) - answers(model, pictures())).max()
    assert change > 1e-3 if positions else change < 1e-5


def test_the_token_comes_first_and_every_place_has_its_row():
    layer = models.small_vit(SHAPE, 7, 4, width=16).get_layer("token_and_positions")
    token, places = layer.get_weights()
    assert token.shape == (1, 1, 16) and places.shape == (1, 7, 16)
    layer.set_weights([np.full_like(token, 5), places])
    rows = keras.ops.convert_to_numpy(layer(np.zeros((2, 6, 16), dtype="float32")))
    np.testing.assert_allclose(rows[:, 0], np.repeat(5 + places[:, 0], 2, axis=0), rtol=1e-6)
    np.testing.assert_allclose(rows[:, 1:], np.repeat(places[:, 1:], 2, axis=0), rtol=1e-6)


def test_the_attention_layers_are_found_by_name():
    model = models.small_vit(SHAPE, 3, 4, width=8)
    found = [layer.name for layer in model.layers if "attention" in layer.name]
    assert found == ["attention_0", "attention_1"]


@pytest.mark.parametrize("positions", [True, False])
def test_it_can_be_reset_saved_and_loaded(positions, tmp_path):
    model = models.small_vit(SHAPE, 3, 4, width=16, positions=positions)
    model.compile("sgd", "sparse_categorical_crossentropy")
    training.reset(model, seed=1)
    first = answers(model, pictures())
    training.reset(model, seed=1)
    np.testing.assert_array_equal(answers(model, pictures()), first)
    model.save(tmp_path / "model.keras")
    layer = models.transformer.TokenAndPositions
    loaded = keras.models.load_model(tmp_path / "model.keras", custom_objects={"TokenAndPositions": layer})
    np.testing.assert_allclose(answers(loaded, pictures()), first, atol=1e-6)
