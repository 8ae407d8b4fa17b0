import numpy as np
import pytest

from course_utils import models, startup, training

startup.load_keras()
import keras  # noqa: E402  (after load_keras, so that the test's output stays clean)

BUILDERS = [models.recurrent_network, models.vision_transformer]
SHAPE = (8, 12, 3)  # not square, so that height and width cannot be confused


def pictures(n=4, shape=SHAPE):
    return np.random.default_rng(0).integers(0, 256, (n, *shape), dtype=np.uint8)


def answers(model, images):
    return keras.ops.convert_to_numpy(model(images, training=False))


@pytest.mark.parametrize("build", BUILDERS)
def test_a_network_takes_bytes_and_gives_probabilities(build):
    probabilities = answers(build(SHAPE, 7), pictures())
    assert probabilities.shape == (4, 7)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("cell", [keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU])
def test_a_recurrent_network_reads_rows_with_the_same_weights_at_every_step(cell):
    low, high = (models.recurrent_network((rows, 5, 1), 3, cell=cell, width=6) for rows in (4, 9))
    assert low.count_params() == high.count_params()
    assert low.layers[-2].input.shape == (None, 4, 5)


def test_a_transformer_without_positions_does_not_see_where_a_patch_is():
    keras.utils.set_random_seed(0)
    images = pictures()
    rolled = np.roll(images, (2, 4), axis=(1, 2))  # whole patches change places
    blind = models.vision_transformer(SHAPE, 7, patch=2, positions=False)
    np.testing.assert_allclose(answers(blind, rolled), answers(blind, images), atol=1e-5)
    sighted = models.vision_transformer(SHAPE, 7, patch=2)
    place = next(layer for layer in sighted.layers if type(layer).__name__ == "AddPosition")
    place.set_weights([np.random.default_rng(0).normal(size=(24, 32))])
    assert np.abs(answers(sighted, rolled) - answers(sighted, images)).max() > 1e-3


def test_the_attention_layers_are_found_by_name():
    model = models.vision_transformer((8, 8, 1), 3, blocks=3, heads=2, width=8)
    found = [layer.name for layer in model.layers if "attention" in layer.name]
    assert found == ["attention_0", "attention_1", "attention_2"]


@pytest.mark.parametrize("build", BUILDERS)
def test_a_network_can_be_reset_saved_and_loaded(build, tmp_path):
    model = build((8, 8, 1), 3)
    model.compile("sgd", "sparse_categorical_crossentropy")
    training.reset(model, seed=1)
    first = answers(model, pictures(shape=(8, 8, 1)))
    training.reset(model, seed=1)
    np.testing.assert_array_equal(answers(model, pictures(shape=(8, 8, 1))), first)
    model.save(tmp_path / "model.keras")
    layer = models.sequence.AddPosition
    loaded = keras.models.load_model(tmp_path / "model.keras", custom_objects={"AddPosition": layer})
    np.testing.assert_allclose(answers(loaded, pictures(shape=(8, 8, 1))), first, atol=1e-6)
