"""Three optimisers at six learning rates: the accuracy on new pictures after a short run and after a whole one."""

import keras

from course_utils import datasets, models, training

TINY = {"images": 60, "epochs": 3, "seeds": 1}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SHORT = 2  # epochs


def main(images: int = 1000, epochs: int = 12, seeds: int = 3) -> dict:
    """Figures: the rates, and an optimiser to its short and whole runs, a row a seed and a column a rate."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, size=24, clutter=0, noise=0)
    optimisers = {
        "SGD": keras.optimizers.SGD(),
        "momentum": keras.optimizers.SGD(momentum=0.9),
        "Adam": keras.optimizers.Adam(),
    }
    found: dict[str, dict] = {}
    for name, optimiser in optimisers.items():
        model = models.small_cnn((24, 24, 3), 10, kernels=16)
        model.compile(optimiser, "sparse_categorical_crossentropy", metrics=["accuracy"])
        found[name] = {"short": [], "whole": []}
        for seed in range(seeds):
            rows: dict[str, list[float]] = {"short": [], "whole": []}
            for rate in RATES:
                training.reset(model, seed=seed)
                model.optimizer.learning_rate = rate
                for length, passes in (("short", SHORT), ("whole", epochs - SHORT)):
                    model.fit(data.train.x, data.train.y, batch_size=50, epochs=passes, verbose=0)
                    accuracy = model.evaluate(data.validation.x, data.validation.y, batch_size=250, verbose=0)[1]
                    rows[length].append(round(float(accuracy), 4))
            for length, row in rows.items():
                found[name][length].append(row)
            print(name, seed, rows, flush=True)
    figures = {"rates": list(RATES), "epochs": {"short": SHORT, "whole": epochs}, "optimisers": found}
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
