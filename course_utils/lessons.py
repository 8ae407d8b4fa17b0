"""Where a lesson's exercises, questions and claims lie: one folder a lesson in the package `course_lessons`."""

import functools
import importlib
import re
from pathlib import Path
from types import ModuleType

__all__ = ["PACKAGE", "folders", "module", "numbers_with"]

PACKAGE = "course_lessons"
FOLDER_NAME = re.compile(r"lesson_(\d\d)_\w+")


@functools.cache
def folders() -> dict[str, Path]:
    """The lessons' two digits and their folders, in order; found by their names, so that nothing lists them."""
    package = importlib.import_module(PACKAGE)
    inside = [path for place in package.__path__ for path in Path(place).iterdir()]
    return {match[1]: path for path in sorted(inside) if (match := FOLDER_NAME.fullmatch(path.name))}


def numbers_with(file: str) -> tuple[str, ...]:
    """The numbers of the lessons whose folder holds a file, such as "quiz.json", in order."""
    return tuple(number for number, folder in folders().items() if (folder / file).is_file())


def module(number: str, name: str) -> ModuleType:
    """A lesson's module, imported when somebody asks for it.

    Args:
        number: the lesson's two digits.
        name: such as "exercises".

    Raises:
        KeyError: there is no such lesson.
        ModuleNotFoundError: the lesson has no such module.
    """
    return importlib.import_module(f"{PACKAGE}.{folders()[number].name}.{name}")
