"""Images to learn from: `datasets.load(name)` gives training, validation and test images as arrays.

The functions live in modules of their own, which are imported at their first use: `import course_utils.datasets`
loads neither NumPy nor Pillow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.datasets.cutouts.dyeing import dyed_things
    from course_utils.datasets.dataset import Dataset, Split
    from course_utils.datasets.downloading import fetch
    from course_utils.datasets.errors import DataError
    from course_utils.datasets.importing import import_images
    from course_utils.datasets.loading import load
    from course_utils.datasets.pictures import read_picture
    from course_utils.datasets.reading import check_near_copies, check_things, read_folder
    from course_utils.datasets.registry import card, is_available, names
    from course_utils.datasets.walks import write_walk

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

# Public name -> its module. No module has the name of a function: importing such a module would hide the function.
_HOMES = {
    "DataError": "errors",
    "Dataset": "dataset",
    "Split": "dataset",
    "card": "registry",
    "check_near_copies": "reading",
    "check_things": "reading",
    "dyed_things": "cutouts.dyeing",
    "fetch": "downloading",
    "import_images": "importing",
    "is_available": "registry",
    "load": "loading",
    "names": "registry",
    "read_folder": "reading",
    "read_picture": "pictures",
    "write_walk": "walks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
