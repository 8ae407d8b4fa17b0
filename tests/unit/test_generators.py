"""The diffusion model for the records of lesson 19, on rows of four numbers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_utils.training.generators import diffusion, out_of_noise


@pytest.fixture(scope="module")
def rows():
    """Two kinds of rows, near (0.1, 0.1, 0.9, 0.9) and near the opposite."""
    random = np.random.default_rng(0)
    kinds = np.array([[0.1, 0.1, 0.9, 0.9], [0.9, 0.9, 0.1, 0.1]], "float32")
    return (kinds[random.integers(2, size=400)] + random.normal(0, 0.03, (400, 4))).astype("float32")


def test_diffusion_draws_both_kinds_and_the_kind_that_it_is_told(rows):
    keras.utils.set_random_seed(0)
    kind = (rows[:, 0] > 0.5).astype(int)
    told = np.eye(2, dtype="float32")[kind]
    network, step = diffusion(4, (64, 64), told=2)
    random = np.random.default_rng(1)
    for _ in range(600):
        some = random.integers(len(rows), size=64)
        step(tf.constant(np.concatenate([2 * rows - 1, told], axis=1)[some]))
    noise = np.random.default_rng(3).normal(size=(100, 4))
    given = np.eye(2, dtype="float32")[np.repeat([0, 1], 50)]
    drawn = (1 + out_of_noise(network, noise, given)) / 2
    assert drawn.dtype == np.float32
    assert np.array_equal(drawn[:, 0] > 0.5, given[:, 1] == 1)


def test_the_way_out_of_noise_ends_at_the_guess():
    clean = np.array([[0.3, -0.8]], "float32")

    def knows(asked, training):
        return tf.constant(np.repeat(clean, len(asked), axis=0))

    noise = np.random.default_rng(0).normal(size=(5, 2))
    assert np.allclose(out_of_noise(knows, noise), np.repeat(clean, 5, axis=0), atol=1e-6)
