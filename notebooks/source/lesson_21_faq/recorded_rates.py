"""Three optimisers at nine learning rates: the accuracy on new pictures after a short run and after a whole one."""

import keras
from keras import layers

from course_utils import datasets, training

TINY = {"images": 60, "epochs": 3, "seeds": 1, "rates": 2}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SHORT = 3  # epochs


def main(images: int = 1000, epochs: int = 40, seeds: int = 3, rates: int = 9) -> dict:
    """Figures: the rates, and an optimiser to its short and whole runs, a row a seed and a column a rate."""
    digits = datasets.load("digits", train=images, quiet=True)
    optimisers = {
        "SGD": keras.optimizers.SGD(),
        "momentum": keras.optimizers.SGD(momentum=0.9),
        "Adam": keras.optimizers.Adam(),
    }
    found: dict[str, dict] = {}
    for name, optimiser in optimisers.items():
        model = keras.Sequential([keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Flatten()])
        model.add(layers.Dense(32, activation="relu"))
        model.add(layers.Dense(10, activation="softmax"))
        model.compile(optimizer=optimiser, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        found[name] = {"short": [], "whole": []}
        for seed in range(seeds):
            rows: dict[str, list[float]] = {"short": [], "whole": []}
            for rate in RATES[:rates]:
                training.reset(model, seed=seed)
                model.optimizer.learning_rate = rate
                for length, passes in (("short", SHORT), ("whole", max(epochs - SHORT, 1))):
                    model.fit(digits.train.x, digits.train.y, batch_size=50, epochs=passes, verbose=0)
                    accuracy = model.evaluate(digits.test.x, digits.test.y, batch_size=360, verbose=0)[1]
                    rows[length].append(round(float(accuracy), 4))
            for length, row in rows.items():
                found[name][length].append(row)
            print(name, seed, rows, flush=True)
    figures = {"rates": list(RATES[:rates]), "epochs": {"short": SHORT, "whole": epochs}, "optimisers": found}
    return {"figures": figures, "data": digits.card.label, "seeds": range(seeds)}
