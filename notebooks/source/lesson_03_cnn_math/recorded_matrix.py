"""One convolution computed in four ways: processor time over the size of the kernel."""

import time
from collections.abc import Callable

import numpy as np
from keras import ops
from threadpoolctl import threadpool_limits

TINY = {"largest": 5, "calls": 1}
SIZES = (3, 5, 7, 9, 11, 15, 21, 31, 41)  # sides of the kernel


def loops(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """A product and a sum for every place, as in the lesson, for all pictures and filters at once."""
    side, height, width = len(kernel), x.shape[1] - len(kernel) + 1, x.shape[2] - len(kernel) + 1
    output = np.zeros((len(x), height, width, kernel.shape[3]), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            output[:, i, j] = np.tensordot(x[:, i : i + side, j : j + side], kernel, axes=3)
    return output


def one_matrix(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Every window becomes a row of one large matrix, as in the lesson."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    rows = windows.reshape(-1, kernel[..., 0].size)
    return (rows @ kernel.reshape(-1, kernel.shape[3])).reshape(*windows.shape[:3], -1)


def small_matrices(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The same, with a matrix of its own for each row of the output."""
    height = x.shape[1] - len(kernel) + 1
    return np.concatenate([one_matrix(x[:, i : i + len(kernel)], kernel) for i in range(height)], axis=1)


def milliseconds(call: Callable[[], object], calls: int) -> float:
    """Processor time, so that other work on the machine counts little; the fastest of the calls."""
    times = []
    for _ in range(calls):
        start = time.process_time()
        call()
        times.append(1000 * (time.process_time() - start))
    return round(min(times), 3)


def main(largest: int = 41, calls: int = 9) -> dict:
    """Figures: sizes of the kernel; name of a way to its milliseconds at each; megabytes of the large matrix."""
    sizes = [size for size in SIZES if size <= largest]
    rng = np.random.default_rng(0)
    ways = {"loops": loops, "one matrix": one_matrix, "small matrices": small_matrices, "Keras": ops.conv}
    took: dict[str, list[float]] = {name: [] for name in ways}
    megabytes = []
    for size in sizes:
        x = rng.normal(size=(4, 47 + size, 47 + size, 4)).astype("float32")  # 48 by 48 places
        kernel = rng.normal(size=(size, size, 4, 8)).astype("float32")
        expected = small_matrices(x, kernel)
        tensors = [ops.convert_to_tensor(x), ops.convert_to_tensor(kernel)]
        with threadpool_limits(limits=1):  # NumPy on one core
            for name, way in ways.items():
                given = tensors if name == "Keras" else (x, kernel)
                if not np.allclose(way(*given), expected, atol=0.01):
                    raise ValueError(f"The four ways have to give the same numbers. Received others from: {name}.")
                took[name].append(milliseconds(lambda way=way, given=given: way(*given), calls))
        megabytes.append(round(4 * 48 * 48 * size * size * 4 * 4 / 1e6, 1))
        print(size, {name: values[-1] for name, values in took.items()}, flush=True)
    figures = {"sizes": sizes, "milliseconds": took, "megabytes": megabytes}
    return {"figures": figures, "data": "4 pictures, 4 channels, 8 filters, 48 by 48 places", "seeds": [0]}
