"""The programs that draw pictures for the records of lesson 19, on rows of four numbers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_utils.training.generators import autoencoder, diffusion, game, out_of_noise, outputs, train_for


@pytest.fixture(scope="module")
def rows():
    """Two kinds of rows, near (0.1, 0.1, 0.9, 0.9) and near the opposite."""
    random = np.random.default_rng(0)
    kinds = np.array([[0.1, 0.1, 0.9, 0.9], [0.9, 0.9, 0.1, 0.1]], "float32")
    return (kinds[random.integers(2, size=400)] + random.normal(0, 0.03, (400, 4))).astype("float32")


def losses(step, rows, times):
    random = np.random.default_rng(1)
    return [float(step(tf.constant(rows[random.integers(len(rows), size=64)]))) for _ in range(times)]


@pytest.mark.parametrize("pull", [None, 0.01])
def test_an_autoencoder_learns_to_rebuild(rows, pull):
    keras.utils.set_random_seed(0)
    encoder, decoder, step = autoencoder(4, 2, pull)
    found = losses(step, rows, 200)
    assert found[-1] < found[0] / 3
    codes = outputs(encoder, rows)
    assert codes.shape == (400, 2 if pull is None else 4)
    assert np.abs(outputs(decoder, codes[:, :2]) - rows).mean() < 0.1


def test_a_stronger_pull_brings_the_clouds_nearer_to_the_standard_normal_distribution(rows):
    apart = []
    for pull in (0.001, 10.0):
        keras.utils.set_random_seed(0)
        encoder, _, step = autoencoder(4, 2, pull)
        losses(step, rows, 200)
        apart.append(np.abs(outputs(encoder, rows)).mean())  # means and log variances: 0 for both
    assert apart[1] < apart[0] / 5


def test_a_game_moves_what_is_drawn_towards_the_real_rows(rows):
    keras.utils.set_random_seed(0)
    generator, turn = game(4, 2)
    numbers = np.random.default_rng(2).normal(size=(200, 2)).astype("float32")

    def nearest():
        drawn = outputs(generator, numbers)
        assert ((drawn >= 0) & (drawn <= 1)).all()
        return np.sqrt(((drawn[:, None] - rows) ** 2).sum(axis=2)).min(axis=1).mean()

    before = nearest()
    losses(turn, rows, 300)
    assert nearest() < 0.75 * before


def test_diffusion_draws_both_kinds_and_the_kind_that_it_is_told(rows):
    keras.utils.set_random_seed(0)
    kind = (rows[:, 0] > 0.5).astype(int)
    told = np.eye(2, dtype="float32")[kind]
    network, step = diffusion(4, (64, 64), told=2)
    losses(step, np.concatenate([2 * rows - 1, told], axis=1), 600)
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
    assert np.allclose(out_of_noise(knows, noise, levels=7), np.repeat(clean, 5, axis=0), atol=1e-6)


def test_training_ends_when_its_time_is_spent(rows):
    taken = []
    assert train_for(0.0, lambda batch: taken.append(batch.shape), rows, seed=0, batch=8) == len(taken) == 1
    assert train_for(0.05, lambda batch: taken.append(batch.shape), rows, seed=0, batch=8) == len(taken) - 1
    assert set(taken) == {(8, 4)}
