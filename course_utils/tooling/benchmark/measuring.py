"""One measurement, in a process of its own: memory and compiling are then those of this training alone."""

import contextlib
import io
import sys
import time
from typing import Any

import numpy as np

from course_utils.tooling.benchmark.arriving import arrival
from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["MEASUREMENTS", "operations_of_training", "resized"]

STEPS = 40  # of which the speed is the mean
SIDE = 2048  # of the matrices whose product shows the machine's peak
PASSES = {"share": 2.0, "full": 20.0}  # about what a share and the whole of the reference's time allow


def reference(pair: Pair, *, seed: int, split: str) -> dict[str, Any]:
    """Train the reference program as its tutorials do, then look at one split."""
    import keras

    data, said = _data_and_its_line(pair)
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    model = _compiled_reference(pair, data.train.x.shape[1:], len(data.class_names))
    model.fit(data.train.x, data.train.y, batch_size=pair.batch, epochs=pair.epochs, verbose=0)
    return _outcome(model, data, split, time.perf_counter() - started) | {"data": said.split(":")[0]}


def ours(pair: Pair, *, seed: int, split: str, seconds: float) -> dict[str, Any]:
    """Train with `fit_fast` for some seconds, then look at one split."""
    from course_utils import training

    data = _data(pair)
    started = time.perf_counter()
    model = training.fit_fast(data.train.x, data.train.y, seconds=seconds, seed=seed)
    return _outcome(model, data, split, time.perf_counter() - started) | {"mirrored": "mirrored" in model.name}


def speed(pair: Pair, *, seed: int) -> dict[str, Any]:
    """Images a second once everything is compiled, the share of the machine's peak, and what the data path takes."""
    from course_utils.training.arithmetic import Machine

    data = _data(pair)
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


def growth(pair: Pair, *, seed: int) -> dict[str, Any]:
    """Seconds of one epoch, compiling included, by the number of images and by their size, for both."""
    data = _data(pair)
    x, y = data.train.x, data.train.y
    by_number = [_epoch_seconds(pair, x[:count], y[:count], seed) | {"images": count} for count in pair.counts]
    few = slice(0, min(pair.counts))
    by_size = [_epoch_seconds(pair, resized(x[few], side), y[few], seed) | {"side": side} for side in pair.sides]
    return {"by number": by_number, "by size": by_size, "images by size": min(pair.counts)}


MEASUREMENTS = {function.__name__: function for function in (reference, ours, speed, growth, arrival)}


def _data(pair: Pair) -> Any:
    return _data_and_its_line(pair)[0]


def _data_and_its_line(pair: Pair) -> tuple[Any, str]:
    """The data, and the line that says where it comes from."""
    from course_utils import datasets

    with contextlib.redirect_stdout(io.StringIO()) as said:
        return datasets.load(pair.data, **pair.knobs), said.getvalue()


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
    batches.mirror = recipe.mirror
    for number in range(STEPS + 3):
        if number == 3:  # the first steps prepare
            started = time.perf_counter()
        float(step(*batches.next()))
    seconds = (time.perf_counter() - started) / STEPS
    path = _seconds_of_data_path(x, y.astype(np.int32), recipe)
    return recipe.batch / seconds, operations_of_training(network), path / seconds


def _epoch_seconds(pair: Pair, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, float]:
    from course_utils import training

    started = time.perf_counter()
    model = _compiled_reference(pair, x.shape[1:], int(y.max()) + 1)
    model.fit(x, y, batch_size=pair.batch, epochs=1, verbose=0)
    between = time.perf_counter()
    training.fit_fast(x, y, epochs=1, seed=seed)
    return {"reference": between - started, "ours": time.perf_counter() - between}


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
    source.mirror = recipe.mirror

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


def resized(x: np.ndarray, side: int) -> np.ndarray:
    """Square images of another size, uint8."""
    import keras

    images = np.asarray(keras.ops.image.resize(x.astype(np.float32), (side, side)))
    return images.round().clip(0, 255).astype(np.uint8)
