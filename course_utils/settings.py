"""The user's settings for other work: kept out of a lesson, or found and named."""

import re
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from course_utils import paths

__all__ = ["foreign_variables", "hidden_modules", "keep_out"]

# They choose another backend, end training early, change digits, or end the process where a word in them is unknown.
FOREIGN = ("KERAS_", "TF_", "XLA_")
# What a run gives its notebooks, and what a machine's owner may have to say about its graphics card.
NUMBERS = re.compile(r"TF_NUM_(INTRA|INTER)OP_THREADS|TF_CPP_MIN_LOG_LEVEL|\w+_NUM_THREADS")
OWNERS = {"TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR"}
OURS = {"KERAS_BACKEND": "tensorflow"}


def keep_out(variables: MutableMapping[str, str]) -> None:
    """Take away what would change Keras and TensorFlow, before they are loaded: variables, and keras.json.

    Args:
        variables: of this process, `os.environ`; programs that it starts have them too.
    """
    for name in foreign_variables(variables):
        del variables[name]
    # Keras reads keras.json from here, and writes it where there is none.
    variables.update(OURS | {"KERAS_HOME": str(_keras_home())})


def foreign_variables(variables: Mapping[str, str]) -> list[str]:
    """The names of the variables that `keep_out` takes away or replaces, in order."""
    return sorted(
        name
        for name, value in variables.items()
        if (not value.isdigit() if NUMBERS.fullmatch(name) else name.startswith(FOREIGN) and name not in OWNERS)
        and value != OURS.get(name)
        and (name, value) != ("KERAS_HOME", str(_keras_home()))
    )


def hidden_modules(folder: Path, places: Sequence[str] | None = None) -> list[str]:
    """Names of files and folders that hide a module of the same name from whoever imports it there: keras.py.

    Args:
        folder: where notebooks lie, or a folder that the variable PYTHONPATH names.
        places: where modules are found otherwise; `sys.path` by default.
    """
    folder = folder.resolve()
    others = [place for place in sys.path if place and Path(place).resolve() != folder] if places is None else places
    if not folder.is_dir() or any(Path(place).resolve() == folder for place in others):
        return []
    found = []
    for entry in sorted(folder.iterdir()):
        name = entry.stem if entry.suffix == ".py" else entry.name
        if not name.isidentifier() or not (entry.suffix == ".py" or (entry / "__init__.py").is_file()):
            continue
        if name in {*sys.stdlib_module_names, "course_utils"} or PathFinder.find_spec(name, others):
            found.append(entry.name)
    return found


def _keras_home() -> Path:
    return paths.state_folder() / "keras"
