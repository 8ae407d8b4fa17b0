"""Four sizes of network learn from the same pictures: loss and accuracy after each epoch, over seeds."""

import keras
from keras import layers

from course_utils import datasets

TINY = {"images": 60, "epochs": 2, "seeds": 1}
SIZES = {"tiny": (2, 8), "small": (8, 16), "medium": (24, 64), "large": (64, 256)}  # filters, dense units


def network(filters: int, units: int) -> keras.Model:
    """The network of the lesson: two convolutions and a dense layer."""
    model = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(filters, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(2 * filters, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(images: int = 500, epochs: int = 40, seeds: int = 3) -> dict:
    """Figures: name of a size to its number of parameters and to its histories, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, size=24, clutter=0, noise=0)
    figures = {}
    for name, (filters, units) in SIZES.items():
        histories = []
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            model = network(filters, units)
            history = model.fit(
                data.train.x,
                data.train.y,
                batch_size=50,
                epochs=epochs,
                validation_data=(data.validation.x, data.validation.y),
                verbose=0,
            ).history
            histories.append({key: [round(float(value), 4) for value in values] for key, values in history.items()})
            print(name, seed, histories[-1]["accuracy"][-1], histories[-1]["val_accuracy"][-1], flush=True)
        figures[name] = {"parameters": model.count_params(), "histories": histories}
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
