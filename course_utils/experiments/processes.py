"""Data-parallel training in several processes, with Keras's distribution API on JAX."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import IO, Any

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
        RuntimeError: a process failed, or did not end within 300 s; the message holds its last lines.
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
    commands = [
        [python, "-c", WORKER, json.dumps([number, processes, address, seed, steps])] for number in range(processes)
    ]
    return json.loads(_run_together(commands, environment).strip().splitlines()[-1])


def python_with_jax() -> str | None:
    """A Python that can run the processes: the one named by COURSE_FRAMEWORKS_PYTHON, else this one if it has JAX."""
    return os.environ.get(PYTHON) or (sys.executable if importlib.util.find_spec("jax") else None)


def _project() -> Path:
    """The folder that holds the package."""
    return Path(__file__).resolve().parents[2]


def _run_together(commands: list[list[str]], environment: dict[str, str]) -> str:
    """Run commands at the same time until all have ended; what the first one printed.

    The first that fails ends the others, since they would wait for it.
    """
    with ExitStack() as files:
        # Files and not pipes: a pipe that nobody reads fills up and holds its process.
        printed, errors = (
            [files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")) for _ in commands]
            for _ in range(2)
        )
        started: list[subprocess.Popen] = []
        try:
            for command, out, err in zip(commands, printed, errors, strict=True):
                started.append(subprocess.Popen(command, stdout=out, stderr=err, env=environment))
            _wait(started)
        finally:
            states = [process.poll() for process in started]
            for process in started:
                process.kill()  # does nothing to a process that has ended
                process.wait()
        if all(state == 0 for state in states):
            printed[0].seek(0)
            return printed[0].read()
        failed = [number for number, state in enumerate(states) if state] or range(len(states))
        raise RuntimeError("\n".join(_end_of(number, states, errors[number]) for number in failed))


def _wait(started: list[subprocess.Popen]) -> None:
    """Until all processes have ended, or one has failed, or the time is up."""
    until = time.monotonic() + LIMIT
    while any(process.poll() is None for process in started) and time.monotonic() < until:
        if any(process.poll() for process in started):
            return
        time.sleep(0.05)


def _end_of(number: int, states: list[int | None], errors: IO[str]) -> str:
    """How a process ended and the last lines that it wrote."""
    errors.seek(0)
    last = "\n".join(errors.read().strip().splitlines()[-5:])
    state = states[number]
    end = f"ended with status {state}" if state else f"was still training after {LIMIT} s and has been ended"
    return f"Process {number} of {len(states)} {end}.\n{last}".strip()
