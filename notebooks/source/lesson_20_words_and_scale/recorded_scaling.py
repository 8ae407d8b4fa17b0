"""What more pictures, more weights and more steps buy: errors of one kind of network on Fashion-MNIST.

The rule of the forecast stands here before the largest runs exist: a straight line on logarithmic axes through the mean
errors of all amounts but the largest, and the 95 % band of that line for one more mean. The script makes the forecast
of an axis before it trains the largest runs of that axis.
"""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, power_laws
from course_utils.training.fine_tuning import fit_batches

TINY = {"name": "digits", "pictures": "50 100 200 400", "steps": "2 4 8 16", "kernels": "1 2 3 4", "seeds": 1}
BATCH = 64
RATE = 0.003  # at the start; it falls to zero along a cosine by the last step


def network(shape: tuple[int, int, int], kernels: int, steps: int) -> keras.Model:
    """A small CNN, compiled; `kernels` is how many its first convolution has, and everything else grows with it."""
    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(kernels, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(2 * kernels, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(4 * kernels, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    falling = keras.optimizers.schedules.CosineDecay(RATE, steps)
    model.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(
    name: str = "fashion_mnist",
    pictures: str = "400 800 1600 3200 6400 12800 51200",
    steps: str = "25 50 100 200 400 800 3200",
    kernels: str = "1 2 3 4 6 8 16",
    seeds: int = 3,
) -> dict:
    """Figures: axis to amounts, one row of test errors a seed, forecast with its band, measured at the largest.

    The three axes meet in one setting: 51,200 pictures, 800 steps, 8 kernels.
    """
    axes = {"pictures": pictures, "steps": steps, "kernels": kernels}
    axes = {axis: [int(amount) for amount in amounts.split()] for axis, amounts in axes.items()}
    data = datasets.load(name, train=axes["pictures"][-1], quiet=True)
    x, y = data.train.x, data.train.y
    usual = {"pictures": len(x), "steps": axes["steps"][-2], "kernels": axes["kernels"][-2]}

    def errors(**changed: int) -> list[float]:
        now = usual | changed
        found = []
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            chosen = np.random.default_rng(seed).permutation(len(x))[: now["pictures"]]
            model = network(x.shape[1:], now["kernels"], now["steps"])
            fit_batches(model, x[chosen], y[chosen], batches=now["steps"], size=BATCH, seed=seed)
            _, accuracy = model.evaluate(data.test.x, data.test.y, batch_size=1000, verbose=0)
            found.append(round(1 - accuracy, 5))
        print(now, found, flush=True)
        return found

    figures: dict[str, dict] = {}
    for axis, amounts in axes.items():
        at = amounts
        if axis == "kernels":
            at = [network(x.shape[1:], count, 1).count_params() for count in amounts]
        small = [errors(**{axis: amount}) for amount in amounts[:-1]]
        forecast, low, high = power_laws.forecast(at[:-1], np.mean(small, axis=1), at[-1])
        print(axis, "forecast", round(forecast, 4), "band", round(low, 4), round(high, 4), flush=True)
        largest = errors(**{axis: amounts[-1]})
        figures["weights" if axis == "kernels" else axis] = {
            "amounts": at,
            "errors": [*small, largest],
            "forecast": [round(value, 5) for value in (forecast, low, high)],
        }
    return {
        "figures": figures | {"new pictures": len(data.test.y)},
        "data": data.card.label,
        "seeds": range(seeds),
    }
