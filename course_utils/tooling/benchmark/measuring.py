"""What is compared with what, and each measurement of it; shares and settings were chosen on validation images.

A measurement runs by `running.measured_alone`, which loads Keras before.
"""

import contextlib
import io
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["PAIRS", "QUICK", "Pair", "operations_of_training", "ours", "reference", "speed"]

STEPS = 40  # of which the speed is the mean
SIDE = 2048  # of the matrices whose product shows the machine's peak
PASSES = {"share": 2.0, "full": 20.0}  # about what a share and the whole of the reference's time allow


@dataclass(frozen=True)
class Pair:
    """A data set, the reference program on it, and the share of its time that ours gets.

    Attributes:
        name: of the recorded figures, after "bench_".
        data: as `datasets.load` takes it.
        reference: the name of a function of `course_utils.models`.
        share: the part of the reference's time in which ours is to be as accurate.
        epochs: of the reference.
        batch: of the reference.
        knobs: further arguments of `datasets.load`.
    """

    name: str
    data: str
    reference: str
    share: float
    epochs: int = 10
    batch: int = 32
    knobs: dict[str, Any] = field(default_factory=dict)


PAIRS = {
    "cifar10": Pair("cifar10", "cifar10", "program_c", share=1 / 20),
    "fashion_mnist": Pair("fashion_mnist", "fashion_mnist", "program_a", share=1 / 9),
}
# For tests: the same steps in seconds, on images that need no network.
FEW = {"train": 300, "validation": 50, "test": 100}
QUICK = Pair("quick", "shapes", "program_c", share=0.9, epochs=1, knobs=FEW)


def reference(pair: Pair, *, seed: int, split: str) -> dict[str, Any]:
    """Train the reference program as its tutorials do, then look at one split."""
    data, name = _data(pair)
    import keras

    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    model = _compiled_reference(pair, data.train.x.shape[1:], len(data.class_names))
    model.fit(data.train.x, data.train.y, batch_size=pair.batch, epochs=pair.epochs, verbose=0)
    return _outcome(model, data, split, time.perf_counter() - started) | {"data": name}


def ours(pair: Pair, *, seed: int, split: str, seconds: float) -> dict[str, Any]:
    """Train with `fit_fast` for some seconds, then look at one split."""
    from course_utils import training

    data, _ = _data(pair)
    started = time.perf_counter()
    model = training.fit_fast(data.train.x, data.train.y, seconds=seconds, seed=seed)
    return _outcome(model, data, split, time.perf_counter() - started) | {"mirrored": "mirrored" in model.name}


def speed(pair: Pair, *, seed: int) -> dict[str, Any]:
    """Images a second once everything is compiled, the share of the machine's peak, and what the data path takes."""
    from course_utils.training.arithmetic import Machine

    data, _ = _data(pair)
    x, y, classes = data.train.x, data.train.y, len(data.class_names)
    peaks = _matrix_peaks()
    rate, operations = _reference_speed(pair, x, y, classes, seed)
    result = {"matrix peak": peaks, "arithmetic": Machine.measured().arithmetic}
    result["reference"] = {"images a second": rate, "share of peak": rate * operations / peaks["float32"]}
    kind = "bfloat16" if "bfloat16" in result["arithmetic"] else "float32"
    for budget, passes in PASSES.items():
        rate, operations, data_share = _our_speed(x, y, classes, passes, seed)
        result[budget] = {
            "images a second": rate,
            "share of peak": rate * operations / peaks[kind],
            "share of the data path": data_share,
        }
    return result


def _data(pair: Pair) -> tuple[Any, str]:
    """The data, and its name: the beginning of the line that says where it comes from."""
    from course_utils import datasets

    with contextlib.redirect_stdout(io.StringIO()) as said:
        return datasets.load(pair.data, **pair.knobs), said.getvalue().partition(":")[0]


def _compiled_reference(pair: Pair, shape: tuple[int, ...], classes: int) -> Any:
    from course_utils import models

    model = getattr(models, pair.reference)(shape, classes)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _outcome(model: Any, data: Any, split: str, seconds: float) -> dict[str, Any]:
    memory = _peak_memory()  # before the model answers, which takes memory of its own
    images = getattr(data, split)
    answers = model.predict(images.x, batch_size=500, verbose=0).argmax(axis=1)
    return {"accuracy": float(np.mean(answers == images.y)), "seconds": seconds, "megabytes": memory}


def _peak_memory() -> float | None:
    """The most memory that this process has held, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # on Windows
        return None
    units = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / units


def _reference_speed(pair: Pair, x: np.ndarray, y: np.ndarray, classes: int, seed: int) -> tuple[float, float]:
    """Images a second of the second of two short epochs, and operations an image."""
    import keras

    keras.utils.set_random_seed(seed)
    model = _compiled_reference(pair, x.shape[1:], classes)
    some = slice(0, min(len(x), 100 * pair.batch))
    ended = []
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ended.append(time.perf_counter()))
    model.fit(x[some], y[some], batch_size=pair.batch, epochs=2, verbose=0, callbacks=[clock])
    return len(x[some]) / (ended[1] - ended[0]), operations_of_training(model)


def _our_speed(x: np.ndarray, y: np.ndarray, classes: int, passes: float, seed: int) -> tuple[float, float, float]:
    """Images a second of steps that are compiled already, operations an image, and the data path's share of a step."""
    from course_utils import models
    from course_utils.training.arithmetic import Machine, training_copy
    from course_utils.training.batches import Batches
    from course_utils.training.recipe import recipe_for
    from course_utils.training.step import compiled_step

    recipe = recipe_for(passes, images=len(x), side=min(x.shape[1:3]))
    network = models.fast_cnn(x.shape[1:], classes, widths=recipe.widths)
    step, _ = compiled_step(training_copy(network, Machine.measured().arithmetic), recipe)
    batches = Batches(x, y.astype(np.int32), recipe, seed=seed)
    batches.mirror = True
    for number in range(STEPS + 3):
        if number == 3:  # the first steps prepare
            started = time.perf_counter()
        float(step(*batches.next()))
    seconds = (time.perf_counter() - started) / STEPS
    path = _seconds_of_data_path(x, y.astype(np.int32), recipe)
    return recipe.batch / seconds, operations_of_training(network), path / seconds


def operations_of_training(model: Any) -> float:
    """Multiplications and additions that convolutions and dense layers take for one image, forward and back.

    The way back takes twice the way forward: once for the inputs' gradients, once for the weights'.
    """
    from keras import layers

    forward = 0
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D | layers.Dense):
            places = np.prod(layer.output.shape[1:-1])
            forward += 2 * places * np.prod(layer.kernel.shape)
    return float(3 * forward)


def _matrix_peaks() -> dict[str, float]:
    """Operations a second in products of large matrices, in both arithmetics; the best of five."""
    import tensorflow as tf

    peaks = {}
    for kind in ("float32", "bfloat16"):
        matrix = tf.cast(tf.random.stateless_normal((SIDE, SIDE), seed=(0, 0)), kind)
        runs = []
        for _ in range(6):  # the first prepares
            started = time.perf_counter()
            tf.matmul(matrix, matrix)[0, 0].numpy()
            runs.append(time.perf_counter() - started)
        peaks[kind] = 2 * SIDE**3 / min(runs)
    return peaks


def _seconds_of_data_path(x: np.ndarray, y: np.ndarray, recipe: Any, *, batches: int = 50) -> float:
    """Seconds that one batch takes from the array to scaled pixels: choosing, copying, moving, mirroring, scaling."""
    import tensorflow as tf

    from course_utils.training.batches import Batches
    from course_utils.training.step import moved

    source = Batches(x, y, recipe, seed=0)
    source.mirror = True

    def prepared(images: Any, rows: Any, columns: Any) -> Any:
        return tf.cast(moved(images, rows, columns, recipe), tf.float32) / 127.5 - 1

    compiled = tf.function(prepared, autograph=False)
    started = time.perf_counter()
    for number in range(batches + 1):
        images, _, rows, columns = map(tf.constant, source.next())
        compiled(images, rows, columns)
        if number == 0:  # compiling
            started = time.perf_counter()
    return (time.perf_counter() - started) / batches
