"""From a folder of photographs to a tested classifier: after how many seconds are enough held-out photographs right?"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course_utils import paths, plots
from course_utils.tooling.benchmark import running
from course_utils.tooling.benchmark.running import Runs, spread

__all__ = ["WAYS", "arrival", "figures", "race"]

DATA, ARCHIVE = "12 kinds of Oxford Flowers", "flowers12.tar"  # in the data home; it holds the folders train and test
SIZE = 160  # pixels
LIMIT = 600.0  # seconds after which a way that has not arrived is given up
FOLDS = 3  # the seed of a measurement says which of them is held out
TARGETS = (0.85, 0.90)
BATCH = 32
LOOKS = 3  # times a pass at which a network that is trained as a whole is scored; the clock stands still meanwhile

Answers = Callable[[np.ndarray], np.ndarray]


def features(x: np.ndarray, y: np.ndarray, size: int, seed: int) -> Iterator[Answers]:
    """A linear classifier on the features of the ImageNet network, anew after every 32 photographs."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from course_utils import models

    network = models.imagenet(size, include_top=False, pooling="avg")
    order = np.random.default_rng(seed).permutation(len(x))
    seen = np.empty((0, network.output_shape[-1]), np.float32)
    for start in range(0, len(x), BATCH):
        part = order[start : start + BATCH]
        seen = np.concatenate([seen, network.predict_on_batch(x[part])])
        if len(set(y[order[: len(seen)]])) < 2:
            continue
        linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        linear.fit(seen, y[order[: len(seen)]])
        yield lambda new, linear=linear: linear.predict(network.predict(new, verbose=0))


def whole(
    x: np.ndarray, y: np.ndarray, size: int, seed: int, *, rate: float, weights: str | None = "imagenet"
) -> Iterator[Answers]:
    """The network with a dense layer of its own, all weights trained by Adam in batches of 32."""
    import keras

    from course_utils import models

    network = models.imagenet(size, weights=weights, include_top=False, pooling="avg")
    model = keras.Sequential([network, keras.layers.Dense(int(y.max()) + 1, activation="softmax")])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    random = np.random.default_rng(seed)
    batch = min(BATCH, len(x))
    each = max(1, len(x) // batch // LOOKS)
    steps = 0
    while True:
        order = random.permutation(len(x))
        for start in range(0, len(x) - batch + 1, batch):  # whole batches, so that one step is compiled
            part = order[start : start + batch]
            model.train_on_batch(x[part], y[part])
            steps += 1
            if steps % each == 0:
                yield lambda new: model.predict(new, verbose=0).argmax(axis=1)


# Two rates for fine-tuning, Keras's own and a tenth of it; the sooner one counts.
WAYS: dict[str, tuple[Callable[..., Iterator[Answers]], dict[str, Any]]] = {
    "features": (features, {}),
    "fine-tuning, rate 0.001": (whole, {"rate": 0.001}),
    "fine-tuning, rate 0.0001": (whole, {"rate": 0.0001}),
    "from scratch": (whole, {"rate": 0.001, "weights": None}),
}


def race(seeds: Sequence[int], *, folder: Path | None, say: Callable[[str], None]) -> str:
    """Train in each way until it has arrived or its time is over, and write bench_flowers.json and its picture.

    Args:
        seeds: one run of each way for every seed, which says which photographs are held out; the ways take turns.
        folder: where to; data/results by default.
        say: called with a line for each measurement before it begins.

    Returns:
        The figures as a table, and what was written.

    Raises:
        CourseError: a measurement ended with an error, or with Ctrl-C after the first seed; what is kept is said.
    """

    def measure(seed: int) -> dict[str, dict[str, Any]]:
        found = {}
        for way in WAYS:
            say(f"flowers: {way}, seed {seed}")
            found[way] = running.measured_alone(arrival, paths.data_home() / ARCHIVE, way=way, seed=seed)
        return found

    def write(runs: Runs, done: Sequence[int], place: Path) -> str:
        found = figures(runs, LIMIT)
        courses = {way: [run["course"] for run in those] for way, those in runs.items()}
        picture = plots.race(courses, target=max(TARGETS), y_label=f"held-out photographs of {DATA}")
        written = running.publish("bench_flowers", found, picture, data=DATA, seeds=done, folder=place)
        return f"{_table(found)}\n{written}"

    return running.in_turn(seeds, measure, write, folder=folder)


def arrival(folder: Path, *, way: str, seed: int, size: int = SIZE, limit: float = LIMIT) -> dict[str, Any]:
    """Read the folder and train until the highest target is reached or the time is over; then look at the test set.

    Args:
        folder: or archive, with a folder `train` and a folder `test`.
        way: one of `WAYS`.
        seed: which fold is held out, and the order of the photographs.
        size: of the photographs, in pixels.
        limit: seconds after which a way that has not arrived is given up.

    Returns:
        The "course", seconds and accuracy on held-out photographs; the "test" accuracy at its end; the data.
    """
    from sklearn.model_selection import StratifiedKFold

    from course_utils import datasets

    started, away = time.perf_counter(), 0.0  # the clock stands still while a network is scored
    data = datasets.load(f"folder:{folder}", size=size, quiet=True)
    x, y = (np.concatenate([getattr(data.train, what), getattr(data.validation, what)]) for what in ("x", "y"))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    trained, held = list(folds.split(y, y))[seed % FOLDS]
    train, options = WAYS[way]
    course: list[tuple[float, float]] = []
    for answers in train(x[trained], y[trained], size, seed, **options):
        paused = time.perf_counter()
        seconds = paused - started - away
        course.append((seconds, float(np.mean(answers(x[held]) == y[held]))))
        away += time.perf_counter() - paused
        if course[-1][1] >= max(TARGETS) or seconds >= limit:
            break
    tested = float(np.mean(answers(data.test.x) == data.test.y))
    counts = {"trained on": len(trained), "held out": len(held), "tested on": len(data.test.x)}
    return {"course": course, "test": tested, "photographs": counts, "data": DATA}


def figures(runs: Runs, limit: float) -> dict[str, Any]:
    """When each way arrived at each target, and how many times sooner the features were than the soonest of the others.

    A way that has not arrived within the limit counts with the limit, and is marked by a None among its seconds.

    Args:
        runs: way to what each seed measured.
        limit: seconds that each had.
    """
    found: dict[str, Any] = {"limit": limit, "ways": {}, "sooner": {}, "measurements": runs}
    for way, those in runs.items():
        seconds = {f"{target}": [_arrived(run["course"], target, limit) for run in those] for target in TARGETS}
        found["ways"][way] = {"seconds": seconds, "test accuracy": spread(run["test"] for run in those)}
    for target in map(str, TARGETS):
        counted = {
            way: [limit if value is None else value for value in shown["seconds"][target]]
            for way, shown in found["ways"].items()
        }
        for name in ("fine-tuning", "from scratch"):
            rivals = map(min, zip(*(those for way, those in counted.items() if way.startswith(name)), strict=True))
            times = (rival / own for rival, own in zip(rivals, counted["features"], strict=True))
            found["sooner"][f"{target}: {name}"] = spread(times)
    return found


def _arrived(course: list[tuple[float, float]], target: float, limit: float) -> float | None:
    """The first second at which the target is reached, within the limit."""
    return next((seconds for seconds, accuracy in course if accuracy >= target and seconds <= limit), None)


def _table(found: dict[str, Any]) -> str:
    """Seconds of each way and run, and the ratios, as text."""
    lines = [f"{DATA}; seconds until so many of the held-out photographs are right, at most {found['limit']:g}"]
    for way, shown in found["ways"].items():
        for target, seconds in shown["seconds"].items():
            each = ", ".join("not there" if value is None else f"{value:.1f}" for value in seconds)
            lines.append(f"{way:26s} {target:>5s}: {each}")
        test = shown["test accuracy"]
        lines.append(f"{way:26s}  test: {test['min']:.3f} to {test['max']:.3f}")
    for what, times in found["sooner"].items():
        lines.append(f"features sooner, {what}: {times['min']:.1f} to {times['max']:.1f} times")
    return "\n".join(lines)
