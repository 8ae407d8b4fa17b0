"""From program C to the recipe on `shapes`, one remedy a rung: after how many seconds are 80 and 90 % right?

Seconds are processor seconds over all threads (recorded with one), without compiling and without looking at the
validation pictures; so they are about the same whatever else the machine does.
"""

import time
from dataclasses import dataclass, replace

import keras
import numpy as np

from course_utils import datasets, models, training
from course_utils.training.arithmetic import training_copy
from course_utils.training.muon import Muon
from course_utils.training.schedule import one_cycle
from course_utils.training.whitening import whitening_filters

TINY = {
    "images": 160,
    "held": 50,
    "seeds": 1,
    "first": 2,
    "longest": 1,
    "longest_cycle": 1,
    "chosen_after": 1,
    "tried": 2,
}
LENGTHS = (1, 2, 3, 4, 6, 8)  # passes, each a training of its own where the rate falls to zero
RATE_SEEDS = (10, 11)  # rates are chosen with other seeds than those that are shown; the first, or both
Course = list[tuple[int, float, float]]  # passes, seconds, accuracy


@dataclass(frozen=True)
class Rung:
    """What one rung trains with.

    Attributes:
        network: the name of a function of `course_utils.models`.
        batch: pictures in a step.
        precision: "float32" or "mixed_bfloat16".
        cycle: whether the rate rises and then falls to zero; else it stays.
        muon: Muon for the kernels, not Adam for all.
        rest: first filters from the pictures, and labels softened by 0.1.
        rates: from which the rate is chosen.
        choose_by: how many seeds the choice looks at. With Adam and a schedule the best rate lies near the highest that
            works at all: by one seed, a rate was chosen with which another start learned nothing.
    """

    network: str = "program_c"
    batch: int = 32
    precision: str = "float32"
    cycle: bool = False
    muon: bool = False
    rest: bool = False
    rates: tuple[float, ...] = (0.001,)
    choose_by: int = 1


def ladder() -> dict[str, Rung]:
    """Each rung changes one thing of the rung before it, and the rate where that thing asks for another one."""
    batch = Rung(batch=128, rates=(0.001, 0.002, 0.004, 0.008))
    precision = replace(batch, precision="mixed_bfloat16")
    cycle = replace(precision, cycle=True, rates=(0.004, 0.008, 0.016), choose_by=2)
    muon = replace(cycle, muon=True, rates=(0.1, 0.2, 0.4), choose_by=1)
    network = replace(muon, network="fast_cnn", rates=(0.1, 0.2, 0.4, 0.8))
    return {
        "program C": Rung(),
        "batches of 128": batch,
        "bfloat16": precision,
        "schedule": cycle,
        "Muon": muon,
        "network": network,
        "the rest": replace(network, rest=True, rates=(0.2, 0.4, 0.8, 1.6)),
    }


class Trainer:
    """One rung's compiled network, which can be trained again and again."""

    def __init__(self, rung: Rung, data: datasets.Dataset) -> None:
        self.rung, self.data = rung, data
        x, classes = data.train.x, len(data.class_names)
        self.model = training_copy(getattr(models, rung.network)(x.shape[1:], classes), rung.precision)
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1 if rung.rest else 0.0)
        self.model.compile(Muon() if rung.muon else "adam", loss, metrics=["accuracy"])
        self.labels, self.held = (np.eye(classes, dtype="float32")[one.y] for one in (data.train, data.validation))
        for size in {rung.batch, len(x) % rung.batch or rung.batch}:  # compiles
            self.model.fit(x[:size], self.labels[:size], batch_size=rung.batch, verbose=0)
        self.score()

    def score(self) -> float:
        """The accuracy on the validation pictures."""
        _, accuracy = self.model.evaluate(self.data.validation.x, self.held, batch_size=500, verbose=0)
        return round(float(accuracy), 4)

    def train(self, rate: float, seed: int, passes: int) -> Course:
        """Train anew; what was reached after each pass or, where the rate falls to zero, at the end only, since a
        schedule has to know when the end comes."""
        x, rung, optimizer = self.data.train.x, self.rung, self.model.optimizer
        steps = passes * -(-len(x) // rung.batch)

        def set_rate(batch: int, logs: dict | None = None) -> None:  # noqa: ARG001 - as in Keras
            share = one_cycle(int(optimizer.iterations) / steps) if rung.cycle else 1.0
            optimizer.learning_rate = rate * share

        callback = keras.callbacks.LambdaCallback(on_train_batch_begin=set_rate)
        training.reset(self.model, seed=seed)
        found, seconds = [], 0.0
        for number in range(1, passes + 1):
            started = time.process_time()
            if rung.rest and number == 1:
                stem = self.model.get_layer("stem")
                stem.set_weights(whitening_filters(x[:500], stem.get_weights(), stride=stem.strides[0]))
            options = {"epochs": number, "initial_epoch": number - 1, "callbacks": [callback], "verbose": 0}
            self.model.fit(x, self.labels, batch_size=rung.batch, **options)
            seconds += time.process_time() - started
            if number == passes or not rung.cycle:
                found.append((number, round(seconds, 2), self.score()))
        return found

    def best_rate(self, passes: int, tried: int | None) -> float:
        """Of the first so many rates, or all, the one that is most accurate after some passes, on seeds of its own."""
        if len(self.rung.rates) == 1:
            return self.rung.rates[0]
        seeds = RATE_SEEDS[: self.rung.choose_by]
        scores = [[self.train(rate, seed, passes)[-1][2] for seed in seeds] for rate in self.rung.rates[:tried]]
        print(dict(zip(self.rung.rates[:tried], scores, strict=True)), flush=True)
        return self.rung.rates[int(np.argmax(np.mean(scores, axis=1)))]


def main(
    images: int = 4000,
    held: int = 1000,
    seeds: int = 3,
    first: int = 24,
    longest: int = 12,
    longest_cycle: int = 8,
    chosen_after: int = 4,
    tried: int | None = None,
) -> dict:
    """Figures: rung to its rate, to passes, seconds and accuracies of each run, and to the seconds to each target."""
    data = datasets.load("shapes", train=images, validation=held, test=10, size=24, quiet=True)
    lengths = [length for length in LENGTHS if length <= longest_cycle]
    trainers = {name: Trainer(rung, data) for name, rung in ladder().items()}
    rates = {name: trainer.best_rate(chosen_after, tried) for name, trainer in trainers.items()}
    print(rates, flush=True)
    runs: dict[str, list[Course]] = {name: [] for name in trainers}
    for seed in range(seeds):
        for name, trainer in trainers.items():
            passes = lengths if trainer.rung.cycle else [first if name == "program C" else longest]
            runs[name].append([point for some in passes for point in trainer.train(rates[name], seed, some)])
            print(seed, name, runs[name][-1], flush=True)
    to = {
        str(target): {
            name: [next((seconds for _, seconds, accuracy in run if accuracy >= target), None) for run in courses]
            for name, courses in runs.items()
        }
        for target in (0.8, 0.9)
    }
    figures = {"images": images, "rates": rates, "runs": runs, "seconds to": to}
    return {"figures": figures, "data": f"{data.card.label}, {images:,} training pictures", "seeds": range(seeds)}
