"""Clothes drawn by six programs after the same processor seconds, beside real ones, and what a judge sees in them.

Every program that learns by steps does so for `seconds` of one core. Whatever has codes has 16 numbers. The judge is
program A of lesson 04, trained with labels; its last 64 numbers before the answer are the features.
"""

import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils import datasets, models
from course_utils.training.generators import dense, diffusion, out_of_noise, outputs

TINY = {"name": "shapes", "images": 60, "seconds": 0.05, "made": 40, "starts": 1}
CODE = 16  # numbers that stand for a picture
SHOWN = 10  # pictures of each kind, the first that were drawn: none is picked out
NEIGHBOURS = 5  # how far a real picture's neighbourhood reaches

ROWS = ("VAE", "one normal distribution", "diffusion, codes", "real", "GAN", "autoencoder, random numbers")

Pictures = np.ndarray  # (n, pixels), from 0 to 1
Step = Callable[[tf.Tensor], tf.Tensor]


def train_for(seconds: float, step: Step, x: np.ndarray, seed: int, batch: int = 64) -> int:
    """Take steps on random rows until the processor time is spent; how many there were."""
    random = np.random.default_rng(seed)
    step(tf.constant(x[random.integers(len(x), size=batch)]))  # compiled before the clock starts
    steps, start = 1, time.process_time()
    while time.process_time() - start < seconds:
        step(tf.constant(x[random.integers(len(x), size=batch)]))
        steps += 1
    return steps


def autoencoder(pixels: int, code: int, pull: float | None = None) -> tuple[keras.Model, keras.Model, Step]:
    """Encoder, decoder and a training step; with a pull, variational: the encoder gives means and log variances."""
    encoder = dense(pixels, (256,), code if pull is None else 2 * code)
    decoder = dense(code, (256,), pixels, "sigmoid")
    optimizer = keras.optimizers.Adam(0.001)
    weights = encoder.trainable_variables + decoder.trainable_variables

    @tf.function
    def step(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            codes, loss = encoder(x), 0.0
            if pull is not None:
                codes, log_variance = tf.split(codes, 2, axis=1)
                divergence = codes**2 + tf.exp(log_variance) - 1 - log_variance
                loss = pull * tf.reduce_mean(tf.reduce_sum(divergence, axis=1)) / 2
                codes += tf.exp(log_variance / 2) * tf.random.normal(tf.shape(codes))
            loss += tf.reduce_mean(tf.reduce_sum((decoder(codes) - x) ** 2, axis=1))
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return encoder, decoder, step


def game(pixels: int, code: int) -> tuple[keras.Model, Step]:
    """The generator of a GAN, and a turn in which discriminator and generator take one step each."""
    generator = keras.Sequential([keras.Input((code,))])
    for _ in range(2):
        generator.add(layers.Dense(256, activation="leaky_relu"))
        generator.add(layers.BatchNormalization())  # without it the pictures stay full of dots
    generator.add(layers.Dense(pixels, activation="sigmoid"))
    discriminator = keras.Sequential([keras.Input((pixels,))])
    for _ in range(2):
        discriminator.add(layers.Dense(256, activation="leaky_relu"))
        discriminator.add(layers.Dropout(0.3))
    discriminator.add(layers.Dense(1))
    forger, police = (keras.optimizers.Adam(0.0005, beta_1=0.5) for _ in range(2))
    measure = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def turn(x: tf.Tensor) -> tf.Tensor:
        numbers = tf.random.normal((tf.shape(x)[0], code))
        with tf.GradientTape() as first, tf.GradientTape() as second:
            made = generator(numbers, training=True)
            of_real, of_made = discriminator(x, training=True), discriminator(made, training=True)
            caught = measure(tf.ones_like(of_real), of_real) + measure(tf.zeros_like(of_made), of_made)
            fooled = measure(tf.ones_like(of_made), of_made)
        mine, yours = discriminator.trainable_variables, generator.trainable_variables
        police.apply(first.gradient(caught, mine), mine)
        forger.apply(second.gradient(fooled, yours), yours)
        return fooled

    return generator, turn


def normal_draws(x: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Draws of the normal distribution that has the means and covariances of these rows."""
    return random.multivariate_normal(x.mean(axis=0), np.cov(x.T), count, method="eigh").astype("float32")


def drawn(
    x: Pictures, new: Pictures, count: int, seconds: float, seed: int
) -> tuple[dict[str, Pictures], dict[str, int]]:
    """Pictures by every program, and how many steps each took in its time."""
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    pixels = x.shape[1]
    numbers = random.normal(size=(count, CODE)).astype("float32")
    made, steps = {"one normal distribution": normal_draws(x, count, random)}, {}

    encoder, decoder, step = autoencoder(pixels, CODE)
    steps["autoencoder"] = train_for(seconds, step, x, seed)
    codes = outputs(encoder, x)
    made["autoencoder, random numbers"] = outputs(decoder, numbers)
    made["autoencoder, normal codes"] = outputs(decoder, normal_draws(codes, count, random))
    made["new ones, rebuilt"] = outputs(decoder, outputs(encoder, new))

    _, decoder, step = autoencoder(pixels, CODE, pull=0.25)
    steps["VAE"] = train_for(seconds, step, x, seed)
    made["VAE"] = outputs(decoder, numbers)

    generator, turn = game(pixels, CODE)
    steps["GAN"] = train_for(seconds, turn, x, seed)
    made["GAN"] = outputs(generator, numbers)

    encoder, decoder, step = autoencoder(pixels, CODE)
    steps["diffusion, codes: autoencoder"] = train_for(seconds / 2, step, x, seed)
    codes = outputs(encoder, x)
    middle, spread = codes.mean(axis=0), codes.std(axis=0)
    network, step = diffusion(CODE, (256, 256))
    steps["diffusion, codes: diffusion"] = train_for(seconds / 2, step, (codes - middle) / spread, seed)
    made["diffusion, codes"] = outputs(
        decoder, out_of_noise(network, random.normal(size=numbers.shape)) * spread + middle
    )
    return {name: np.clip(pictures, 0, 1).astype("float32") for name, pictures in made.items()}, steps


def frechet(first: np.ndarray, second: np.ndarray) -> float:
    """The Fréchet distance (its square, as everybody reports it) of two sets of features, (n, features)."""
    one, two = np.cov(first.T), np.cov(second.T)
    common = np.linalg.eigvals(one @ two).real.clip(min=0)
    between = np.sum((first.mean(axis=0) - second.mean(axis=0)) ** 2)
    return float(between + np.trace(one + two) - 2 * np.sqrt(common).sum())


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far every row of `a` lies from every row of `b`."""
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(squares.clip(min=0))


def judged(made: Pictures, train: Pictures, real: np.ndarray, ask: Callable[[Pictures], tuple]) -> dict[str, float]:
    """What the judge says of a set of pictures, beside the features of real new ones."""
    features, answers = ask(made)
    among = distances(real, real)
    reach = np.sort(among, axis=1)[:, min(NEIGHBOURS, len(real) - 1)]  # column 0 is the picture itself
    apart = distances(features, real)
    inside = apart <= reach
    shares = np.bincount(answers, minlength=10) / len(answers)
    return {
        "distance": round(frechet(features, real), 2),
        "real ones reached": round(float(inside.any(axis=0).mean()), 4),
        "to the nearest training picture": round(float(np.median(distances(made[:300], train).min(axis=1))), 3),
        "classes": [round(float(share), 4) for share in shares],
    }


def trained_judge(x: Pictures, y: np.ndarray) -> Callable[[Pictures], tuple[np.ndarray, np.ndarray]]:
    """Train program A, and return what gives its features and its answers, (n, 64) and (n,)."""
    keras.utils.set_random_seed(0)
    judge = models.program_a()
    judge.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    judge.fit(255 * x.reshape(-1, 28, 28, 1), y, batch_size=64, epochs=4, verbose=0)
    both = keras.Model(judge.inputs[0], [judge.layers[-2].output, judge.layers[-1].output])

    def ask(pictures: Pictures) -> tuple[np.ndarray, np.ndarray]:
        parts = np.array_split(255 * pictures.reshape(-1, 28, 28, 1), len(pictures) // 500 + 1)
        features, probabilities = zip(*(both(part, training=False) for part in parts), strict=True)
        return np.concatenate(features), np.concatenate(probabilities).argmax(axis=1)

    return ask


def strip(pictures: Pictures) -> np.ndarray:
    """The first pictures side by side, as bytes, (side, SHOWN * side)."""
    side = round(pictures.shape[1] ** 0.5)
    return np.hstack([(255 * one).round().astype(np.uint8).reshape(side, side) for one in pictures[:SHOWN]])


def main(
    name: str = "fashion_mnist",
    images: int = 20_000,
    seconds: float = 8.0,
    made: int = 2000,
    starts: int = 3,
    first: int = 11,
) -> dict:
    """Figures: what the judge says of each set, one entry a start; and how many steps each took in its time.

    Settings were chosen with start 0, so the first start is another one.
    """
    options = {"size": 28} if name == "shapes" else {}
    data = datasets.load(name, train=images, validation=10, test=2 * made, seed=0, quiet=True, **options)
    x, new = (
        split.x.mean(axis=-1).reshape(len(split.x), -1).astype("float32") / 255 for split in (data.train, data.test)
    )
    real, other = new[:made], new[made:]

    ask = trained_judge(x, data.train.y)
    real_features, answers = ask(real)
    accuracy = round(float(np.mean(answers == data.test.y[:made])), 4)
    print("judge", accuracy, flush=True)
    found = {"other real ones": [judged(other, x, real_features, ask)]}
    found["copies of training pictures"] = [judged(x[:made], x, real_features, ask)]
    pictures = {"real": strip(other), "copies of training pictures": strip(x)}
    steps = []
    for seed in range(first, first + starts):
        sets, taken = drawn(x, other, made, seconds, seed)
        for kind, some in sets.items():
            found.setdefault(kind, []).append(judged(some, x, real_features, ask))
            pictures.setdefault(kind, strip(some))
            print(seed, kind, found[kind][-1], flush=True)
        nearest = distances(sets["diffusion, codes"][:SHOWN], x).argmin(axis=1)
        pictures.setdefault("nearest to diffusion, codes", strip(x[nearest]))
        steps.append(taken)
        print(seed, taken, flush=True)
    rows = dict(zip("ABCDEF", ROWS, strict=True))
    return {
        "figures": {
            "rows": rows,
            "judge": accuracy,
            "sets": found,
            "steps": steps,
            "seconds": seconds,
            "training pictures": len(x),
            "classes": list(data.class_names),
        },
        "data": data.card.label,
        "seeds": range(first, first + starts),
        "pictures": pictures,
    }
