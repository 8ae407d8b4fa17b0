"""Twelve runs of one program: all chance drawn anew, only the starting weights, or only the order of the pictures."""

import keras

from course_utils import datasets, models, training

TINY = {"images": 60, "epochs": 1, "runs": 2}


def main(images: int = 1000, epochs: int = 20, runs: int = 12) -> dict:
    """Figures: what is drawn anew to the accuracies on new pictures, one a run."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, size=24, clutter=0, noise=0)
    model = models.small_cnn((24, 24, 3), 10, kernels=16)
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    figures: dict[str, list[float]] = {"start and order": [], "the start": [], "the order": []}
    for number in range(runs):
        seeds = {"start and order": (number, number), "the start": (number, 0), "the order": (0, number)}
        for name, (start, order) in seeds.items():
            training.reset(model, seed=start)
            keras.utils.set_random_seed(order)
            model.fit(data.train.x, data.train.y, batch_size=50, epochs=epochs, verbose=0)
            accuracy = model.evaluate(data.validation.x, data.validation.y, batch_size=250, verbose=0)[1]
            figures[name].append(round(float(accuracy), 4))
        print(number, {name: found[-1] for name, found in figures.items()}, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(runs)}
