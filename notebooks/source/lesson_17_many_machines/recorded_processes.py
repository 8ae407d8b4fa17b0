"""The lesson's programs with the losses of one: by hand and with Keras on JAX, one process and two.

Network and program are read out of lesson.py. Needs JAX: run `course record 17` with a Python that has it.
"""

import ast
import os
import socket
import subprocess
import sys
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np

from course_utils import datasets

TINY = {"steps": 2, "with_jax": False}
LIMIT = 300  # seconds; processes that wait for one that died would wait for ever


def lesson_parts() -> tuple[Any, str]:
    """The lesson's function that makes the compiled network, and its program with Keras on JAX."""
    tree = ast.parse(Path(__file__).with_name("lesson.py").read_text(encoding="utf-8"))
    its_own = ("small_cnn", "new_network")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in its_own]
    [program] = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "with_keras"
    ]
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers}
    exec(compile(ast.Module(functions, []), "lesson.py", "exec"), names)
    return names["new_network"], program


def losses_of(program: Path, workers: int, steps: int) -> list[float]:
    """Start so many processes of the program together; the losses that the first one printed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    started = []
    try:
        for worker in range(workers):
            command = [sys.executable, program.name, *map(str, (worker, workers, port, steps))]
            started.append(
                subprocess.Popen(command, cwd=program.parent, stdout=subprocess.PIPE, text=True, env=environment)
            )
        printed = [process.communicate(timeout=LIMIT)[0] for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
    if any(process.returncode for process in started):
        raise RuntimeError(f"A process failed: {[process.returncode for process in started]}.")
    # What connects the processes prints a line of its own, "[Gloo] ...", before the losses.
    return [float(line) for line in printed[0].splitlines() if not line.startswith("[")]


def main(steps: int = 20, with_jax: bool = True) -> dict:
    """Figures: network to number of processes to losses, with Keras on JAX.

    Raises:
        ModuleNotFoundError: JAX is not installed, and `with_jax` asks for it.
    """
    if with_jax and not find_spec("jax"):
        raise ModuleNotFoundError("This record needs JAX: pip install jax")
    new_network, program = lesson_parts()
    data = datasets.load("cutouts", train=64 * steps, validation=6, test=6, size=48, quiet=True)
    figures: dict[str, Any] = {"losses": {}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "with_keras.py"
        file.write_text(program, encoding="utf-8")
        np.savez(file.with_name("pictures.npz"), x=data.train.x, y=data.train.y)
        for name, extra in (("plain", []), ("batch normalisation", [keras.layers.BatchNormalization()])):
            new_network(*extra).save(file.with_name("start.keras"))
            found = figures["losses"].setdefault(name, {})
            if with_jax:
                for workers in (1, 2):
                    found[f"processes: {workers}"] = losses_of(file, workers, steps)
                    print(name, workers, found[f"processes: {workers}"], flush=True)
    if with_jax:
        figures["jax"] = metadata.version("jax")
    return {"figures": figures, "data": data.card.label, "seeds": [0]}
