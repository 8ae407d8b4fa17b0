"""Lesson 14's own programs in PyTorch and JAX, run with both installed: losses of twenty steps, and moved weights.

The functions are read out of lesson.py, so that what is recorded is what the lesson shows.
"""

import ast
import os
import subprocess
import sys
import tempfile
from functools import partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from course_utils import datasets

TINY = {"seeds": 1, "epochs": 1, "with_extras": False}
FRAMEWORKS = ("torch", "jax")
MOVES = ("to_torch", "careless_kernels", "careless_dense")  # functions of the lesson, from Keras's order to PyTorch's

RATES = (0.05, 0.1)  # larger than the lesson's 0.02: how rounding grows with the size of the steps

# A new process opens the model that TensorFlow has trained on another backend.
OTHER_BACKEND = """
import keras, numpy as np
model = keras.saving.load_model("model.keras")
np.save("logits.npy", keras.ops.convert_to_numpy(model(np.load("images.npy"))))
"""


def lesson_functions() -> dict[str, Any]:
    """The functions that lesson.py defines, by name."""
    tree = ast.parse(Path(__file__).with_name("lesson.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names: dict[str, Any] = {"np": np, "tf": tf, "keras": keras, "layers": keras.layers}
    names |= {name: __import__(name) for name in FRAMEWORKS if find_spec(name)}
    exec(compile(ast.Module(functions, []), "lesson.py", "exec"), names)
    return names


def apart(logits: np.ndarray, others: np.ndarray) -> float:
    """The largest difference between two arrays of logits, or of losses."""
    return float(np.abs(np.asarray(logits) - np.asarray(others)).max())


def share_right(logits: np.ndarray, y: np.ndarray) -> float:
    """The accuracy of logits, (n, classes), against labels, (n,)."""
    return round(float((np.asarray(logits).argmax(axis=1) == y).mean()), 4)


def on_other_backends(model: keras.Model, images: np.ndarray) -> dict[str, float]:
    """How far the logits of the saved model lie from its own where Keras computes with PyTorch or JAX."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model.keras")
        np.save(Path(folder) / "images.npy", images)
        for backend in filter(find_spec, FRAMEWORKS):
            environment = {**os.environ, "KERAS_BACKEND": backend}
            subprocess.run([sys.executable, "-c", OTHER_BACKEND], cwd=folder, env=environment, check=True)
            logits = np.load(Path(folder) / "logits.npy")
            found[backend] = apart(logits, model.predict(images, verbose=0))
    return found


class Found:
    """What was measured so far: figures by kind and name, one entry a start."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, list]] = {}

    def add(self, kind: str, name: str, value: float | list[float]) -> None:
        """Put one more start's figure behind those of the starts before it."""
        self.figures.setdefault(kind, {}).setdefault(name, []).append(value)


def with_pytorch(
    lesson: dict[str, Any], found: Found, start: list, trained: list, old: tuple, new: tuple, logits: np.ndarray
) -> None:
    """PyTorch's losses, at larger rates too, and its answers with the weights moved in three ways."""
    again = partial(lesson["torch_model"], lesson["to_torch"](start))  # each call a network as at the start
    found.add("losses", "PyTorch", lesson["torch_losses"](again(), *old))
    for rate in RATES:
        by_keras, by_torch = lesson["keras_losses"](start, *old, rate), lesson["torch_losses"](again(), *old, rate)
        found.add("apart at rate", str(rate), apart(by_keras, by_torch))
    for move in MOVES:
        moved = lesson["torch_logits"](lesson["torch_model"](lesson[move](trained)), new[0])
        found.add("accuracy", move, share_right(moved, new[1]))
        found.add("furthest", "PyTorch" if move == "to_torch" else f"PyTorch, {move}", apart(logits, moved))


def main(seeds: int = 3, epochs: int = 6, with_extras: bool = True) -> dict:
    """Figures: program to losses, program to the furthest logit, way of moving to accuracy; one entry a start.

    Raises:
        ModuleNotFoundError: PyTorch or JAX is not installed, and `with_extras` asks for both.
    """
    missing = [name for name in FRAMEWORKS if not find_spec(name)]
    if missing and with_extras:
        raise ModuleNotFoundError(f"This record needs PyTorch and JAX. Missing: {', '.join(missing)}.")
    lesson, found = lesson_functions(), Found()
    data = datasets.load("cutouts", train=1280, validation=10, test=300, size=32, quiet=True)
    old = data.train.x.astype("float32") / 255 - 0.5, data.train.y.astype("int64")
    new = data.test.x.astype("float32") / 255 - 0.5, data.test.y
    for seed in range(seeds):
        keras.utils.set_random_seed(seed)
        model = lesson["small_cnn"]()
        start = model.get_weights()
        found.add("losses", "Keras", lesson["keras_losses"](start, *old))
        found.add("losses", "TensorFlow", lesson["tensorflow_losses"](start, *old))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.02, momentum=0.9), loss)
        model.fit(*old, epochs=epochs, verbose=0)
        trained, logits = model.get_weights(), model.predict(new[0], verbose=0)
        found.add("furthest", "TensorFlow", apart(logits, lesson["tensorflow_logits"](trained, new[0])))
        found.add("accuracy", "Keras", share_right(logits, new[1]))
        if "jax" not in missing:
            found.add("losses", "JAX", lesson["jax_losses"](start, *old))
            found.add("furthest", "JAX", apart(logits, lesson["jax_logits"](trained, new[0])))
        if "torch" not in missing:
            with_pytorch(lesson, found, start, trained, old, new, logits)
    versions = {name: metadata.version(name) for name in FRAMEWORKS if name not in missing}
    figures = found.figures | {"other backends": on_other_backends(model, new[0]), "versions": versions}
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
