"""A square that makes a network say espresso wherever it is glued: learned on some photographs, tried on others."""

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from course_utils import datasets, models

TINY = {"side": 24, "steps": 2, "size": 96}
ESPRESSO = 967
TO_LEARN = ("astronaut", "flower", "motorcycle_left", "hubble_deep_field", "ihc", "coins", "gravel", "page", "brick")
TO_TRY = ("chelsea", "camera", "rocket", "china", "retina", "clock_motion")


def placed(photos: tf.Tensor, patch: tf.Tensor, top: int | tf.Tensor, left: int | tf.Tensor) -> tf.Tensor:
    """Photographs (n, size, size, 3) with the patch (side, side, 3) glued over them."""
    size, side = photos.shape[1], patch.shape[0]
    around = [[top, size - top - side], [left, size - left - side], [0, 0]]
    where = tf.pad(tf.ones_like(patch), around)
    return photos * (1 - where) + tf.pad(patch, around) * where


def learn(network: keras.Model, photos: np.ndarray, side: int, steps: int, batch: int) -> np.ndarray:
    """A patch that raises the probability of espresso in any place of any of the photographs."""
    chance = np.random.default_rng(0)
    patch = tf.Variable(np.full((side, side, 3), 127.5, "float32"))
    rate = keras.optimizers.schedules.CosineDecay(16.0, decay_steps=steps)  # grey levels
    optimizer = keras.optimizers.Adam(rate)
    logits_of = keras.Model(network.input, network.get_layer("logits").output)

    @tf.function
    def slopes(some: tf.Tensor, top: tf.Tensor, left: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            logits = logits_of(placed(some, patch, top, left))
            loss = -tf.reduce_mean(tf.nn.log_softmax(logits)[:, ESPRESSO])
        return loss, tape.gradient(loss, patch)

    for step in range(steps):
        some = photos[chance.choice(len(photos), batch, replace=False)]
        top, left = chance.integers(0, photos.shape[1] - side + 1, 2)
        loss, slope = slopes(tf.constant(some), tf.constant(int(top)), tf.constant(int(left)))
        optimizer.apply([slope], [patch])
        patch.assign(tf.clip_by_value(patch, 0.0, 255.0))
        if step % 50 == 0:
            print(step, float(loss), flush=True)
    return np.round(patch.numpy()).astype("uint8")


def main(side: int = 64, steps: int = 400, batch: int = 4, size: int = 224) -> dict:
    """Figures: for each new photograph, in twelve places, how often espresso is the first answer, with and without.

    The rivals are the same pixels in another order, and a real photograph of a cup of espresso, cut to the same size.
    """
    network = models.imagenet(size=size)
    every = datasets.load("photographs")
    photos = models.prepare([every[name] for name in TO_LEARN], size).astype("float32")
    patch = learn(network, photos, side, steps, batch)
    chance = np.random.default_rng(1)
    cup = Image.fromarray(models.prepare(every["coffee"], size)[0]).resize((side, side))
    squares = {
        "patch": patch,
        "its pixels shuffled": chance.permutation(patch.reshape(-1, 3)).reshape(patch.shape),
        "photograph of a cup": np.asarray(cup),
    }
    places = chance.integers(0, size - side + 1, (12, 2)).tolist()
    figures: dict[str, dict] = {name: {} for name in squares}
    for name, square in squares.items():
        glued = tf.constant(square.astype("float32"))
        for photo in TO_TRY:
            one = tf.constant(models.prepare(every[photo], size).astype("float32"))
            views = tf.concat([placed(one, glued, top, left) for top, left in places], axis=0)
            answers = network.predict_on_batch(views)
            figures[name][photo] = {
                "espresso": [round(float(value), 4) for value in answers[:, ESPRESSO]],
                "first": int((answers.argmax(axis=1) == ESPRESSO).sum()),
            }
            print(name, photo, figures[name][photo], flush=True)
    label = f"{len(TO_LEARN)} photographs to learn from, {len(TO_TRY)} others to try, {size} pixels"
    return {"figures": figures, "data": label, "seeds": [0], "pictures": squares}
