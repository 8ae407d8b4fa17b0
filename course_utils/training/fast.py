"""Training in a given time: `fit_fast` finds the best classifier it can in a minute, or in any other budget."""

import time

import keras
import numpy as np

from course_utils.models.fast import averaged_over_mirrored, fast_cnn
from course_utils.progress_line import progress_line
from course_utils.training.arithmetic import Machine, training_copy
from course_utils.training.batches import Batches
from course_utils.training.checking import check_request
from course_utils.training.recipe import Recipe, recipe_for
from course_utils.training.schedule import Budget, one_cycle
from course_utils.training.step import compiled_step
from course_utils.training.whitening import whitening_filters

__all__ = ["fit_fast"]

HIGHEST_RATE = 0.5  # of the optimiser Muon
# Whether mirrored images help is decided when this part of training is over, on images held out until then, so many at
# a time, which takes no more memory than a step of training.
DECIDE_AT, HELD_OUT, PART = 0.15, 500, 100
# About how many images the first filters are made from.
WHITENED = 500
# Seconds of the budget that building the float32 model takes after the last step.
RESERVE = 0.15


def fit_fast(
    x: np.ndarray, y: np.ndarray, *, seconds: float | None = None, epochs: float | None = None, seed: int = 0
) -> keras.Model:
    """Train a small convolutional network as far as a budget allows.

    Exactly one of `seconds` and `epochs` is given. Seconds are seconds of wall clock from the call to the return,
    compiling included; a budget under about four seconds is mostly spent on that. Training by the clock takes as many
    steps as the machine manages, so only training by epochs gives the same weights for the same seed.

    Args:
        x: images, uint8, shape (n, height, width, channels): 100 to 100,000 of them, 8x8 to 96x96 pixels, grey or RGB.
        y: their classes, integers from 0, shape (n,); 2 to 100 classes.
        seconds: seconds of wall clock.
        epochs: passes over the images; parts of one are possible.
        seed: fixes the first weights, the order of the images and how they are moved and mirrored.

    Returns:
        A model that takes uint8 images and gives probabilities, shape (n, classes). If images held out for that
        showed mirrored ones to be as good as the originals, it averages its answers over both.

    Raises:
        ValueError: images, labels or the budget are not as described.
        TypeError: the images are not uint8, or the labels no integers.

    Example:
        >>> model = training.fit_fast(x_train, y_train, seconds=60)
        >>> probabilities = model.predict(x_test)
    """
    started = time.perf_counter()
    check_request(x, y, seconds, epochs)
    passes = epochs or seconds * Machine.measured().images_a_second(x.shape[1:]) / len(x)
    recipe = recipe_for(passes, images=len(x), side=min(x.shape[1:3]))
    keras.utils.set_random_seed(seed)
    network = fast_cnn(x.shape[1:], classes=int(y.max()) + 1, widths=recipe.widths)
    stem = network.get_layer("stem")
    some = x[:: max(1, len(x) // WHITENED)]  # from all over, since images may be sorted by class
    stem.set_weights(whitening_filters(some, stem.get_weights(), stride=stem.strides[0]))
    trained = training_copy(network, Machine.measured().arithmetic)
    steps = None if epochs is None else max(1, round(epochs * len(x) / recipe.batch))
    budget = Budget(steps=steps, seconds=seconds, started=started, reserve=RESERVE)
    mirror = _train(trained, x, y.astype(np.int32), recipe, budget, seed)
    network.set_weights(trained.get_weights())
    return averaged_over_mirrored(network) if mirror else network


def _train(network: keras.Model, x: np.ndarray, y: np.ndarray, recipe: Recipe, budget: Budget, seed: int) -> bool:
    """Run the training loop until the budget is spent. Returns whether mirrored images were found to help."""
    step, optimizer = compiled_step(network, recipe)
    batches = Batches(x, y, recipe, seed=seed)
    held_out = batches.hold_out(min(HELD_OUT, len(x) // 5))
    with progress_line() as say:
        while not budget.is_spent():
            progress = budget.progress()
            if held_out is not None and progress >= DECIDE_AT:
                batches.mirror = _mirrored_are_as_good(network, x[held_out], y[held_out])
                held_out = batches.hold_out(0)  # from here on, all images are trained on
            optimizer.learning_rate = HIGHEST_RATE * one_cycle(progress)
            step(*batches.next())
            budget.step_done()
            done = min(1.0, budget.progress())
            say(done, f"training, {100 * done:.0f} % done")
    return batches.mirror


def _mirrored_are_as_good(network: keras.Model, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether a network that has seen no mirrored image recognises them about as well as the originals.

    The mirrored images may lose an eighth of what the network has learnt, measured as its loss below that of guessing
    (photographs lose a thirtieth, clothes that all point one way a quarter and more, digits nearly all).
    Where too few images are held out to be sure, or too little is learnt, the answer is no: never mirroring is never
    wrong.
    """
    parts = [slice(start, start + PART) for start in range(0, len(x), PART)]
    original, mirrored = np.concatenate([_losses(network, x[part], y[part]) for part in parts], axis=1)
    shares = np.bincount(y) / len(y)
    learnt = -np.sum(shares * np.log(shares + 1e-7)) - original.mean()
    worse = mirrored - original
    return bool(worse.mean() + worse.std() / np.sqrt(len(y)) < learnt / 8)


def _losses(network: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The losses of images as they are and mirrored, shape (2, n)."""
    # In training mode, batch normalisation uses these images' own statistics: the stored ones lag behind so early.
    probabilities = np.asarray(network(np.concatenate([x, x[:, :, ::-1]]), training=True))
    return -np.log(probabilities.reshape(2, len(x), -1)[:, np.arange(len(x)), y] + 1e-7)
