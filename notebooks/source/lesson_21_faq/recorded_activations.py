"""Three activation functions in a shallow and in a deep dense network, each at the best of three rates."""

import warnings

import numpy as np

from course_utils import datasets

TINY = {"images": 60, "epochs": 1, "seeds": 1}
RATES = (0.01, 0.05, 0.2)
RATE_SEED = 10  # the rates are chosen with another seed than those that are shown


def main(images: int = 1000, epochs: int = 60, seeds: int = 3) -> dict:
    """Figures: hidden layers to activation to its rate and its accuracies, in training and on new pictures."""
    from sklearn.neural_network import MLPClassifier

    digits = datasets.load("digits", train=images, quiet=True)

    def score(network: MLPClassifier, split: datasets.Split) -> float:
        return float(network.score(split.x.reshape(len(split.x), -1) / 255, split.y))

    def trained(activation: str, depth: int, rate: float, seed: int) -> MLPClassifier:
        network = MLPClassifier(
            [32] * depth, activation=activation, solver="sgd", learning_rate_init=rate,
            batch_size=50, max_iter=epochs, n_iter_no_change=epochs, random_state=seed,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # not converged: that is one of the findings
            return network.fit(digits.train.x.reshape(len(digits.train.x), -1) / 255, digits.train.y)

    figures: dict[str, dict] = {}
    for depth in (1, 6):
        for name, activation in (("ReLU", "relu"), ("tanh", "tanh"), ("sigmoid", "logistic")):
            tried = [score(trained(activation, depth, rate, RATE_SEED), digits.validation) for rate in RATES]
            rate = RATES[int(np.argmax(tried))]
            runs = [trained(activation, depth, rate, seed) for seed in range(seeds)]
            found: dict = {"rate": rate}
            for part, split in (("training", digits.train), ("new", digits.test)):
                found[part] = [round(score(network, split), 4) for network in runs]
            figures.setdefault(str(depth), {})[name] = found
            print(depth, name, found, flush=True)
    return {"figures": figures, "data": digits.card.label, "seeds": range(seeds)}
