"""Images to learn from: `datasets.load(name)` gives training, validation and test images as arrays.

The functions live in modules of their own, which are imported at their first use: `import course_utils.datasets`
loads neither NumPy nor Pillow.
"""

from importlib import import_module
from typing import Any

__all__ = [
    "DataError",
    "Dataset",
    "Split",
    "card",
    "check_near_copies",
    "check_things",
    "dyed_things",
    "fetch",
    "import_images",
    "is_available",
    "load",
    "names",
    "read_folder",
    "read_picture",
    "write_walk",
]

# Module -> the public names that it gives. No module has the name of a function: importing it would hide the function.
_HOMES = {
    "cutouts.dyeing": ("dyed_things",),
    "dataset": ("Dataset", "Split"),
    "downloading": ("fetch",),
    "errors": ("DataError",),
    "importing": ("import_images",),
    "loading": ("load",),
    "pictures": ("read_picture",),
    "reading": ("check_near_copies", "check_things", "read_folder"),
    "registry": ("card", "is_available", "names"),
    "walks": ("write_walk",),
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
