"""Worn images and attacked ones: how far they may go, and in which direction."""

import keras
import numpy as np
import pytest
from keras import layers

from course_utils import robustness
from course_utils.robustness import KINDS, corrupt, fgsm, pgd

rng = np.random.default_rng(7)
# Smooth pictures with an edge, as photographs are; noise alone would hide what blur or a small shift does.
COLOUR = np.clip(
    np.linspace(40, 180, 24)[None, :, None, None]
    + np.where(np.arange(24) > 9, 40, 0)[None, None, :, None]
    + rng.normal(0, 5, (6, 24, 24, 3)),
    0,
    255,
).astype("uint8")
GREY = COLOUR[..., :1].copy()
LABELS = np.array([0, 1, 2, 0, 1, 2])


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [keras.Input((24, 24, 3)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation="relu"),
         layers.Flatten(), layers.Dense(3)]
    )  # fmt: skip


def losses(model, images):
    logits = model(images.astype("float32"))
    return np.asarray(keras.losses.sparse_categorical_crossentropy(LABELS, logits, from_logits=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("images", [COLOUR, GREY], ids=["colour", "grey"])
def test_a_stronger_disturbance_is_further_away(kind, images):
    before = images.copy()
    distances = []
    for strength in range(1, 6):
        changed = corrupt(images, kind, strength)
        assert changed.shape == images.shape and changed.dtype == np.uint8
        distances.append(np.abs(changed.astype(float) - images).mean())
    assert (np.diff([0, *distances]) > 0).all(), distances
    np.testing.assert_array_equal(images, before)


def test_noise_is_the_same_every_time():
    np.testing.assert_array_equal(corrupt(COLOUR, "noise", 3), corrupt(COLOUR, "noise", 3))


def test_fog_and_darkness_go_where_they_say_and_take_contrast():
    fog, dark = corrupt(COLOUR, "fog", 5), corrupt(COLOUR, "darkness", 5)
    np.testing.assert_allclose(fog, 0.2 * COLOUR + 0.8 * 220, atol=0.51)
    np.testing.assert_allclose(dark, 0.1 * COLOUR, atol=0.51)


def test_blur_keeps_the_mean_and_takes_the_edges():
    blurred = corrupt(COLOUR, "blur", 4)
    np.testing.assert_allclose(blurred.mean(axis=(1, 2, 3)), COLOUR.mean(axis=(1, 2, 3)), atol=1)
    assert (
        np.abs(np.diff(blurred.astype(float), axis=2)).max() < 20 < np.abs(np.diff(COLOUR.astype(float), axis=2)).max()
    )


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="snow"):
        corrupt(COLOUR, "snow", 1)


@pytest.mark.parametrize("attack", [fgsm, pgd])
@pytest.mark.parametrize("epsilon", [0.5, 8, 300])
def test_an_attack_stays_within_epsilon_and_within_the_range_of_pixels(model, attack, epsilon):
    changed = attack(model, COLOUR, LABELS, epsilon)
    assert changed.dtype == np.float32 and changed.shape == COLOUR.shape
    assert np.abs(changed - COLOUR).max() <= epsilon + 1e-4
    assert changed.min() >= 0 and changed.max() <= 255


def test_an_attack_raises_the_loss_and_more_steps_raise_it_more(model):
    plain, one, many = (
        losses(model, x) for x in (COLOUR, fgsm(model, COLOUR, LABELS, 4), pgd(model, COLOUR, LABELS, 4))
    )
    assert (one > plain).all()
    assert many.mean() >= 0.95 * one.mean()


def test_without_epsilon_nothing_changes(model):
    np.testing.assert_allclose(fgsm(model, COLOUR, LABELS, 0), COLOUR)
    np.testing.assert_allclose(pgd(model, COLOUR, LABELS, 0), COLOUR)


def test_the_gradient_is_that_of_the_loss(model):
    images = COLOUR.astype("float32")
    gradient = robustness.loss_gradient(model, images, LABELS)
    step = np.zeros_like(images)
    step[:, 11, 12, 1] = 1
    slope = (losses(model, images + step) - losses(model, images - step)) / 2
    np.testing.assert_allclose(gradient[:, 11, 12, 1], slope, rtol=0.05, atol=1e-5)


def test_the_random_start_is_fixed_by_its_seed(model):
    first, again, other = (pgd(model, COLOUR, LABELS, 4, steps=1, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
