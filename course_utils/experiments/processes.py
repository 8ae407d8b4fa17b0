"""Data-parallel training in several processes, with Keras's distribution API on JAX."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import keras

from course_utils import datasets, models

__all__ = ["python_with_jax", "train_in_processes", "train_share"]

# The environment variable that names a Python with JAX, where the running one has none.
PYTHON = "COURSE_FRAMEWORKS_PYTHON"
LIMIT = 300  # seconds; processes that wait for one that died would wait for ever

# What each process runs. Its last line is what it measured.
WORKER = """
import json, sys
from course_utils.experiments import processes
print(json.dumps(processes.measured_share(*json.loads(sys.argv[1]))))
"""


def train_share(process: int, processes: int, address: str, seed: int, steps: int) -> list[float]:
    """Train one copy of a small network on this process's share of each batch of 64. Written out in lesson 15.

    Every process calls it with another number; Keras and JAX average the gradients, so all copies stay equal.

    Args:
        process: the number of this process, from 0.
        processes: how many there are.
        address: where the first process listens, such as "127.0.0.1:12345".
        seed: of the images and the first weights, the same in all processes.
        steps: batches of 64 images.

    Returns:
        The loss of the whole batch at each step.
    """
    if processes > 1:
        keras.distribution.initialize(address, processes, process)
        keras.distribution.set_distribution(keras.distribution.DataParallel())
    keras.utils.set_random_seed(seed)
    data = datasets.load("shapes", train=64 * steps, seed=seed, quiet=True)
    model = models.small_cnn((32, 32, 3), 10)
    # Not Adam: it divides by the size of the gradients, and so makes the rounding of small ones large.
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    share = 64 // processes
    losses = []
    for step in range(steps):
        first = 64 * step + share * process
        x, y = data.train.x[first : first + share], data.train.y[first : first + share]
        losses.append(float(model.train_on_batch(x, y)))
    return losses


def measured_share(process: int, processes: int, address: str, seed: int, steps: int) -> dict[str, Any]:
    """Call `train_share` and take the time. For the processes that `train_in_processes` starts."""
    start = time.perf_counter()
    losses = train_share(process, processes, address, seed, steps)
    return {"losses": losses, "seconds": round(time.perf_counter() - start, 2), "jax": metadata.version("jax")}


def train_in_processes(processes: int, *, seed: int = 0, steps: int = 20, python: str | None = None) -> dict[str, Any]:
    """Start processes on this machine that train one network together: each runs `train_share`.

    Args:
        processes: how many; a divisor of 64.
        seed: of the images and the first weights.
        steps: batches of 64 images.
        python: a Python that has JAX; None for `python_with_jax()`.

    Returns:
        "losses": the loss at each step, as the first process saw it; "seconds": how long the first process took,
        compiling included; "jax": the version of JAX.

    Raises:
        ValueError: 64 images cannot be shared out evenly.
        ModuleNotFoundError: no Python with JAX is known.
        RuntimeError: a process failed or did not end; the message holds its last lines.
    """
    if processes < 1 or 64 % processes:
        raise ValueError(f"Expected a number of processes that divides the batch of 64. Received: {processes}.")
    python = python or python_with_jax()
    if python is None:
        raise ModuleNotFoundError(f'JAX is missing. Install it with pip install "jax", or set {PYTHON}.')
    with socket.socket() as free:  # a port that nobody uses at the moment
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    # The other Python need not have the course installed.
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(_project())}
    started = [
        subprocess.Popen(
            [python, "-c", WORKER, json.dumps([number, processes, address, seed, steps])],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for number in range(processes)
    ]
    return _collected(started)


def python_with_jax() -> str | None:
    """A Python that can run the processes: the one named by COURSE_FRAMEWORKS_PYTHON, else this one if it has JAX."""
    return os.environ.get(PYTHON) or (sys.executable if importlib.util.find_spec("jax") else None)


def _project() -> Path:
    """The folder that holds the package."""
    return Path(__file__).resolve().parents[2]


def _collected(started: list[subprocess.Popen]) -> dict[str, Any]:
    """Wait for all processes; the result of the first. If one fails the others are ended, since they wait for it."""
    try:
        answers = [process.communicate(timeout=LIMIT) for process in started]
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"The processes were still training after {LIMIT} s and have been ended.") from None
    finally:
        for process in started:
            process.kill()  # does nothing to a process that has ended
            process.wait()
    for number, (process, (_, errors)) in enumerate(zip(started, answers, strict=True)):
        if process.returncode != 0:
            last = "\n".join(errors.strip().splitlines()[-5:])
            raise RuntimeError(f"Process {number} of {len(started)} ended with status {process.returncode}.\n{last}")
    return json.loads(answers[0][0].strip().splitlines()[-1])
