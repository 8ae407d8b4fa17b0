"""From a folder of photographs to a tested classifier: after how many seconds are enough held-out photographs right?"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_utils import paths
from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["FOLDS", "TARGETS", "WAYS", "arrival"]

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


def arrival(pair: Pair, *, seed: int, way: str, limit: float) -> dict[str, Any]:
    """Read the folder and train until the highest target is reached or the time is over; then look at the test set.

    Args:
        pair: its data is an archive in the data home, `flowers12.tar`, with a folder `train` and a folder `test`;
            the setting "size" says in pixels how large the photographs are made, "folder" names another place.
        seed: which fold is held out, and the order of the photographs.
        way: one of `WAYS`.
        limit: seconds after which a way that has not arrived is given up.

    Returns:
        The "course", seconds and accuracy on held-out photographs; the "test" accuracy at its end; the data.
    """
    from sklearn.model_selection import StratifiedKFold

    from course_utils import datasets

    started, away = time.perf_counter(), 0.0  # the clock stands still while a network is scored
    folder, size = pair.knobs.get("folder") or paths.data_home() / f"{pair.data}.tar", pair.knobs["size"]
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
    return {"course": course, "test": tested, "photographs": counts, "data": pair.title}
