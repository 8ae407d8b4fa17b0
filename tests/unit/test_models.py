"""The small networks: their sizes, their answers, and that a compiled one can be started afresh."""

import numpy as np
import pytest

from course_utils import models, startup, training

startup.load_keras()
import keras  # noqa: E402  (after load_keras, so that the test's output stays clean)

SHAPE = (8, 12, 3)  # not square, so that height and width cannot be confused
PICTURES = np.random.default_rng(0).integers(0, 256, (4, *SHAPE), dtype=np.uint8)


def answers(model, images=PICTURES):
    return keras.ops.convert_to_numpy(model(images, training=False))


@pytest.mark.parametrize(
    ("build", "parameters"),
    [
        (models.program_a, 121_930),
        (models.program_b, 315_722),
        (models.program_c, 122_570),
        (lambda: models.narrow_cnn((28, 28, 1), 10), 19_760),
        (lambda: models.small_vit((28, 28, 1), 10, 7, width=32), 19_658),
    ],
    ids=["A", "B", "C", "narrow", "transformer"],
)
def test_networks_have_the_number_of_weights_that_is_told(build, parameters):
    assert build().count_params() == parameters


@pytest.mark.parametrize(
    "build",
    [models.small_cnn, models.narrow_cnn, lambda *wanted: models.small_vit(*wanted, 4)],
    ids=["small", "narrow", "transformer"],
)
def test_networks_take_bytes_and_give_probabilities(build):
    probabilities = answers(build(SHAPE, 7))
    assert probabilities.shape == (4, 7)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.fixture(scope="module")
def compiled():
    inputs = keras.Input((6,))
    hidden = keras.layers.Dropout(0.5)(keras.layers.Dense(8, activation="relu")(inputs))
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.BatchNormalization()(hidden)))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def losses(model, seed):
    training.reset(model, seed=seed)
    x = np.random.default_rng(1).normal(size=(48, 6)).astype("float32")
    return model.fit(x, np.arange(48) % 3, epochs=3, batch_size=16, verbose=0).history["loss"]


def test_a_reset_model_trains_as_it_did_the_first_time(compiled):
    assert losses(compiled, 0) == losses(compiled, 0)
    assert losses(compiled, 0) != losses(compiled, 1)


def test_a_reset_keeps_the_learning_rate_and_forgets_the_steps(compiled):
    losses(compiled, 0)
    training.reset(compiled, seed=0)
    assert float(compiled.optimizer.learning_rate) == pytest.approx(0.01)
    assert int(compiled.optimizer.iterations) == 0


def test_a_model_that_is_not_compiled_cannot_be_reset():
    with pytest.raises(ValueError, match=r"model\.compile"):
        training.reset(models.small_cnn((8, 8, 1), 2), seed=0)


def with_random_weights(model):
    """Neither the places nor the biases are zero, so that nothing is equal by chance."""
    draw = np.random.default_rng(1).normal
    model.set_weights([draw(scale=0.3, size=weight.shape) for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("positions", [True, False])
def test_only_positions_tell_where_a_patch_is(positions):
    model = with_random_weights(models.small_vit(SHAPE, 7, 4, width=16, positions=positions))
    moved = np.roll(PICTURES, (4, 8), axis=(1, 2))  # whole patches change places
    change = np.abs(answers(model, moved) - answers(model)).max()
    assert change > 1e-3 if positions else change < 1e-5


def test_the_token_comes_first_and_every_place_has_its_row():
    layer = models.small_vit(SHAPE, 7, 4, width=16).get_layer("token_and_positions")
    token, places = layer.get_weights()
    assert token.shape == (1, 1, 16) and places.shape == (1, 7, 16)
    layer.set_weights([np.full_like(token, 5), places])
    rows = keras.ops.convert_to_numpy(layer(np.zeros((2, 6, 16), dtype="float32")))
    np.testing.assert_allclose(rows[:, 0], np.repeat(5 + places[:, 0], 2, axis=0), rtol=1e-6)
    np.testing.assert_allclose(rows[:, 1:], np.repeat(places[:, 1:], 2, axis=0), rtol=1e-6)


@pytest.mark.parametrize("positions", [True, False])
def test_a_transformer_can_be_saved_and_loaded(positions, tmp_path):
    model = models.small_vit(SHAPE, 3, 4, width=16, positions=positions)
    assert [layer.name for layer in model.layers if "attention" in layer.name] == ["attention_0", "attention_1"]
    model.save(tmp_path / "model.keras")
    layer = models.transformer.TokenAndPositions
    loaded = keras.models.load_model(tmp_path / "model.keras", custom_objects={"TokenAndPositions": layer})
    np.testing.assert_allclose(answers(loaded), answers(model), atol=1e-6)
