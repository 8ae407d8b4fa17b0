"""Operations of a network, the peak of a machine, and the time of the data path."""

import time
from typing import Any

import numpy as np

__all__ = ["matrix_peaks", "operations_of_training", "resized", "seconds_of_data_path"]

SIDE = 2048  # of the matrices whose product shows the peak


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


def matrix_peaks() -> dict[str, float]:
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


def seconds_of_data_path(x: np.ndarray, y: np.ndarray, recipe: Any, *, batches: int = 50) -> float:
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
