"""The models that more than one lesson uses. Each is written out in the lesson that introduces it.

The functions live in modules of their own. The first one that is used loads Keras, without the lines that TensorFlow
writes meanwhile; `from course_utils import models` itself loads nothing heavy.
"""

import sys
from importlib import import_module
from typing import Any

from course_utils import startup

__all__ = [
    "fast_cnn",
    "imagenet",
    "imagenet_names",
    "narrow_cnn",
    "prepare",
    "program_a",
    "program_b",
    "program_c",
    "small_cnn",
    "small_vit",
    "top",
]

# Module -> the public names that it gives.
_HOMES = {
    "efficientnet": ("imagenet", "imagenet_names", "prepare", "top"),
    "fast": ("fast_cnn",),
    "first": ("narrow_cnn", "small_cnn"),
    "reference": ("program_a", "program_b", "program_c"),
    "transformer": ("small_vit",),
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if "keras" not in sys.modules:
        startup.load_keras()
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
