import numpy as np
import pytest

from course_utils import models, startup, training

startup.load_keras()
import keras  # noqa: E402  (after load_keras, so that the test's output stays clean)


@pytest.mark.parametrize(
    ("build", "parameters"), [(models.program_a, 121_930), (models.program_b, 315_722), (models.program_c, 122_570)]
)
def test_the_reference_programs_have_the_published_number_of_parameters(build, parameters):
    assert build().count_params() == parameters


def test_the_narrow_network_has_about_as_many_weights_as_the_transformer_that_it_races():
    model = models.narrow_cnn((28, 28, 1), 10)
    assert model.count_params() == 19_760
    assert models.small_vit((28, 28, 1), 10, 7, width=32).count_params() == 19_658
    assert np.asarray(model(np.zeros((2, 28, 28, 1), dtype=np.uint8))).shape == (2, 10)


@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 28, 1), (16, 16, 1)])
def test_the_small_network_takes_bytes_and_gives_probabilities(shape):
    model = models.small_cnn(shape, 7)
    images = np.random.default_rng(0).integers(0, 256, (5, *shape), dtype=np.uint8)
    probabilities = np.asarray(model(images))
    assert probabilities.shape == (5, 7)
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
