"""Training in a given time: any image size, the budget kept, the same seed the same weights."""

import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import datasets, models, training
from course_utils.models.fast import averaged_over_mirrored
from course_utils.training.batches import Batches
from course_utils.training.muon import orthogonalise
from course_utils.training.recipe import Recipe
from course_utils.training.schedule import one_cycle
from course_utils.training.whitening import whitening_filters


@pytest.fixture(autouse=True)
def without_progress_bar(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")


def bright_and_dark(n, height=8, width=8, channels=1, classes=2, seed=0):
    """Noisy images whose mean brightness tells the class."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    brightness = (y / max(1, classes - 1) * 150 + 50)[:, None, None, None]
    noise = rng.normal(0, 10, (n, height, width, channels))
    return (brightness + noise).clip(0, 255).astype(np.uint8), y


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    height=st.integers(8, 96),
    width=st.integers(8, 96),
    channels=st.sampled_from([1, 3]),
    classes=st.integers(2, 100),
    n=st.integers(100, 140),
)
def test_any_size_channels_and_number_of_classes(height, width, channels, classes, n):
    x, y = bright_and_dark(n, height, width, channels, classes)
    model = training.fit_fast(x, y, epochs=0.1)
    probabilities = model.predict(x[:7], verbose=0)
    assert probabilities.shape == (7, classes)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("side", [8, 96])
def test_it_learns(side):
    x, y = bright_and_dark(200, side, side)
    model = training.fit_fast(x, y, epochs=4)
    assert np.mean(model.predict(x, verbose=0).argmax(axis=1) == y) > 0.9


def test_it_learns_digits_and_finds_that_they_must_not_be_mirrored():
    data = datasets.load("digits")
    model = training.fit_fast(data.train.x, data.train.y, epochs=8)
    assert "mirrored" not in model.name
    assert np.mean(model.predict(data.validation.x, verbose=0).argmax(axis=1) == data.validation.y) > 0.95


def test_where_left_and_right_do_not_matter_mirrored_images_are_used():
    x, y = bright_and_dark(800, 12, 12, 3)
    model = training.fit_fast(x, y, epochs=6)
    assert "mirrored" in model.name
    np.testing.assert_allclose(
        model.predict(x[:8], verbose=0), model.predict(x[:8, :, ::-1], verbose=0), rtol=1e-4, atol=1e-6
    )


def test_where_left_and_right_tell_the_class_they_are_not_mirrored():
    x, y = bright_and_dark(800, 12, 12)
    x[:] = 100
    x[y == 0, :, :4] = 200
    x[y == 1, :, -4:] = 200
    model = training.fit_fast(x, y, epochs=6)
    assert "mirrored" not in model.name
    assert np.mean(model.predict(x, verbose=0).argmax(axis=1) == y) > 0.95


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    x, y = bright_and_dark(150)
    first, again, other = (training.fit_fast(x, y, epochs=1, seed=seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_seconds_are_kept_and_used():
    """Generous: a machine that does other things meanwhile must not fail this."""
    x, y = bright_and_dark(300)
    taken = []
    for seconds in (1, 4):  # the first also compiles, and shows how busy the machine is
        start = time.perf_counter()
        training.fit_fast(x, y, seconds=seconds)
        taken.append(time.perf_counter() - start)
    assert 3.5 < taken[1] < max(8, 4 + 2 * taken[0])


def test_neither_the_images_nor_global_settings_are_changed(capfd):
    x, y = bright_and_dark(120)
    before, policy = x.copy(), keras.mixed_precision.dtype_policy()
    training.fit_fast(x, y, epochs=0.1)
    capfd.readouterr()  # the first operation of a process makes TensorFlow write
    for _ in range(6):  # Keras's fit warns at the fifth fresh model
        model = training.fit_fast(x, y, epochs=0.1)
    assert np.array_equal(x, before)
    assert keras.mixed_precision.dtype_policy() == policy
    assert {layer.compute_dtype for layer in model.layers} <= {"float32", "uint8"}
    assert capfd.readouterr() == ("training, 100 % done\n" * 6, "")  # a line for each, and no warning


@pytest.mark.parametrize("mirror", [True, False])
def test_the_model_survives_saving(tmp_path, mirror):
    model = models.fast_cnn((10, 12, 3), classes=4)
    model = averaged_over_mirrored(model) if mirror else model
    model.save(tmp_path / "model.keras")
    x, _ = bright_and_dark(5, 10, 12, 3)
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-5)


GOOD_X, GOOD_Y = bright_and_dark(100)


@pytest.mark.parametrize(
    ("x", "y", "budget", "error", "words"),
    [
        (GOOD_X / 255, GOOD_Y, {"epochs": 1}, TypeError, ["uint8", "float64", "255"]),
        (GOOD_X.tolist(), GOOD_Y, {"epochs": 1}, TypeError, ["uint8", "list"]),
        (GOOD_X[..., 0], GOOD_Y, {"epochs": 1}, ValueError, ["(100, 8, 8)", "newaxis"]),
        (GOOD_X[:, :7], GOOD_Y, {"epochs": 1}, ValueError, ["8x8 to 96x96", "7x8", "resize"]),
        (GOOD_X[:99], GOOD_Y[:99], {"epochs": 1}, ValueError, ["100 to 100,000", "99"]),
        (GOOD_X, GOOD_Y[:50], {"epochs": 1}, ValueError, ["(100,)", "(50,)"]),
        (GOOD_X, np.eye(2)[GOOD_Y], {"epochs": 1}, TypeError, ["integers", "float64"]),
        (GOOD_X, GOOD_Y.astype(str), {"epochs": 1}, TypeError, ["integers", "np.unique"]),
        (GOOD_X, GOOD_Y - 1, {"epochs": 1}, ValueError, ["from 0", "-1"]),
        (GOOD_X, GOOD_Y * 0, {"epochs": 1}, ValueError, ["2 to 100", "0 to 0"]),
        (GOOD_X, GOOD_Y * 100, {"epochs": 1}, ValueError, ["2 to 100", "0 to 100"]),
        (GOOD_X, GOOD_Y, {}, ValueError, ["seconds=None", "seconds=60"]),
        (GOOD_X, GOOD_Y, {"epochs": 1, "seconds": 1}, ValueError, ["Exactly one", "epochs=1"]),
        (GOOD_X, GOOD_Y, {"epochs": 0}, ValueError, ["epochs must be a positive", "0"]),
        (GOOD_X, GOOD_Y, {"seconds": float("nan")}, ValueError, ["seconds must be a positive", "nan"]),
    ],
)
def test_errors_state_the_rule_what_arrived_and_what_to_do(x, y, budget, error, words):
    with pytest.raises(error) as caught:
        training.fit_fast(x, y, **budget)
    assert all(word in str(caught.value) for word in words)


def test_the_learning_rate_rises_and_falls_to_zero():
    rates = [one_cycle(progress / 100) for progress in range(101)]
    assert max(rates) == one_cycle(0.25) == 1
    assert rates[:26] == sorted(rates[:26])
    assert rates[25:] == sorted(rates[25:], reverse=True)
    assert rates[-1] == 0


def test_every_image_comes_once_in_each_pass():
    x = np.arange(10, dtype=np.uint8).repeat(64).reshape(10, 8, 8, 1)
    batches = Batches(x, np.arange(10, dtype=np.int32), Recipe((), batch=4, shift=0), seed=0)
    numbers = np.concatenate([batches.next()[1] for _ in range(5)])
    assert sorted(numbers[:10]) == sorted(numbers[10:]) == list(range(10))
    images, labels, rows, columns = batches.next()
    assert np.array_equal(images, x[labels])
    assert np.array_equal(rows, np.tile(np.arange(8), (4, 1))) and np.array_equal(rows, columns)


def test_images_that_are_held_out_are_not_drawn_until_they_are_let_in():
    x = np.zeros((10, 8, 8, 1), np.uint8)
    batches = Batches(x, np.arange(10, dtype=np.int32), Recipe((), batch=2, shift=0), seed=0)
    held_out = batches.hold_out(4)
    assert set(np.concatenate([batches.next()[1] for _ in range(9)])) == set(range(10)) - set(held_out)
    assert batches.hold_out(0) is None
    assert set(np.concatenate([batches.next()[1] for _ in range(5)])) == set(range(10))


def test_moved_and_mirrored_images_read_other_columns():
    x = np.zeros((10, 28, 28, 1), np.uint8)
    batches = Batches(x, np.arange(10, dtype=np.int32), Recipe((), batch=8, shift=2), seed=0)
    batches.mirror = True
    _, _, rows, columns = batches.next()
    assert {tuple(row[4:7] - row[4]) for row in rows} == {(0, 1, 2)}
    assert {tuple(row[4:7] - row[4]) for row in columns} == {(0, 1, 2), (0, -1, -2)}
    assert len({row[4] for row in rows}) > 2


@pytest.mark.parametrize("shape", [(40, 12), (12, 40)])
def test_orthogonalising_brings_the_singular_values_close_to_one(shape):
    matrix = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    result = np.asarray(orthogonalise(tf.constant(matrix), rounds=5))
    values = np.linalg.svd(result, compute_uv=False)
    assert result.shape == shape
    assert 0.5 < values.min() <= values.max() < 1.3


def test_whitened_patches_have_equal_variance_and_no_correlation():
    rng = np.random.default_rng(0)
    smooth = rng.normal(128, 40, (300, 10, 10, 1)).cumsum(axis=2) / 3
    x = smooth.clip(0, 255).astype(np.uint8)
    start = [rng.normal(size=(4, 4, 1, 8)).astype(np.float32), np.zeros(8, np.float32)]
    kernel, bias = whitening_filters(x, start, stride=2)
    answers = keras.ops.conv(x.astype("float32") / 127.5 - 1, kernel, strides=2, padding="valid") + bias
    answers = np.asarray(answers).reshape(-1, 8)
    np.testing.assert_allclose(answers[:, :4], -answers[:, 4:], atol=1e-4)
    np.testing.assert_allclose(answers.mean(axis=0), 0, atol=0.02)
    correlation = np.corrcoef(answers[:, :4], rowvar=False)
    np.testing.assert_allclose(correlation, np.eye(4), atol=0.05)
