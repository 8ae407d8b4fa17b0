"""More workers, more pictures a step: what becomes of the accuracy when all see each picture equally often.

The network is the lesson's own, read out of lesson.py. A worker brings 64 pictures a step, so n workers make batches of
64 · n and take 1/n of the steps.
"""

import ast
from pathlib import Path
from typing import Any

import keras
import numpy as np

from course_utils import datasets

TINY = {"pictures": 128, "held": 24, "passes": 1, "seeds": 1}
WORKERS = (1, 4, 16, 32)
RATES = (0.0125, 0.025, 0.05, 0.1)  # of one worker: the best by validation is taken


def lesson_network() -> keras.Model:
    """The network that the lesson builds."""
    tree = ast.parse(Path(__file__).with_name("lesson.py").read_text(encoding="utf-8"))
    its_own = ("small_cnn", "new_network")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in its_own]
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers}
    exec(compile(ast.Module(functions, []), "lesson.py", "exec"), names)
    return names["new_network"]()


class Trainer:
    """One network, compiled once for each batch size, and the pictures."""

    def __init__(self, data: datasets.Dataset, passes: int) -> None:
        self.data, self.passes = data, passes
        self.network = lesson_network()

    def accuracy(self, split: datasets.Split, workers: int, rate: float, seed: int) -> float:
        """Train from new weights with this rate, and score on the pictures of the split."""
        keras.utils.set_random_seed(seed)
        fresh = keras.models.clone_model(self.network)
        self.network.set_weights(fresh.get_weights())
        for variable in self.network.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        self.network.optimizer.learning_rate = rate
        train = self.data.train
        self.network.fit(train.x, train.y, batch_size=64 * workers, epochs=self.passes, verbose=0)
        answers = self.network.predict(split.x, batch_size=200, verbose=0).argmax(axis=1)
        return round(float(np.mean(answers == split.y)), 4)


def main(pictures: int = 2048, held: int = 600, passes: int = 12, seeds: int = 3) -> dict:
    """Figures: for one worker the validation accuracy of each rate; then rule to workers to test accuracies by seed."""
    data = datasets.load("cutouts", train=pictures, validation=held, test=held, size=48, quiet=True)
    trainer = Trainer(data, passes)
    first = {str(rate): trainer.accuracy(data.validation, 1, rate, seed=100) for rate in RATES}
    best = float(max(first, key=first.get))
    print(first, flush=True)
    found: dict[str, dict[str, list[float]]] = {"rate kept": {}, "rate times workers": {}}
    for workers in [number for number in WORKERS if 64 * number <= pictures]:
        for rule, rate in (("rate kept", best), ("rate times workers", best * workers)):
            if workers == 1 and rule != "rate kept":  # one worker: both rules are the same
                found[rule]["1"] = found["rate kept"]["1"]
                continue
            scores = [trainer.accuracy(data.test, workers, rate, seed) for seed in range(seeds)]
            found[rule][str(workers)] = scores
            print(rule, workers, scores, flush=True)
    return {"figures": {"first": first, "accuracy": found}, "data": data.card.label, "seeds": range(seeds)}
