"""How large, and how many: kernels of three sizes and in four numbers, in equally many steps."""

import keras

from course_utils import datasets, models, training

TINY = {"images": 60, "epochs": 1, "seeds": 1}
SETTINGS = ((1, 16), (3, 16), (5, 16), (3, 4), (3, 8), (3, 32))  # size, and number in the first convolution


def main(images: int = 1000, epochs: int = 20, seeds: int = 3) -> dict:
    """Figures: a setting to its weights and its accuracy, in training and on new pictures, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, size=24, clutter=0, noise=0)
    figures: dict[str, dict] = {}
    for size, number in SETTINGS:
        model = models.small_cnn((24, 24, 3), 10, kernels=number, size=size)
        model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
        found: dict = {"weights": model.count_params(), "training": [], "new": []}
        for seed in range(seeds):
            training.reset(model, seed=seed)
            model.fit(data.train.x, data.train.y, batch_size=50, epochs=epochs, verbose=0)
            for part, split in (("training", data.train), ("new", data.validation)):
                accuracy = model.evaluate(split.x, split.y, batch_size=250, verbose=0)[1]
                found[part].append(round(float(accuracy), 4))
        figures[f"{number} kernels of {size} x {size}"] = found
        print(size, number, found, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
