"""Notebooks and lessons of three lines, for tests of what runs, stores and lists them."""

import nbformat
import psutil

from course_utils.tooling.notebook_files import PROFILES

KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


def write(path, *cells, parameters=None, profiles=None, tags=()):
    """Write a notebook and return its path.

    Args:
        path: the file.
        cells: source of each code cell.
        parameters: source of a cell tagged `parameters`, put in front.
        profiles: what smoke and full set, parameter to value for each.
        tags: of every cell in `cells`.
    """
    made = [nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}) for source in cells]
    if parameters is not None:
        made.insert(0, nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, PROFILES: profiles or {}}
    notebook = nbformat.v4.new_notebook(cells=made, metadata=metadata)
    nbformat.write(notebook, path)
    return path


def write_lesson(folder, name, source=""):
    """Write the source of a lesson, `lesson.py` in its folder below a folder of notebooks, and return its path."""
    path = folder / "source" / f"lesson_{name}" / "lesson.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path


def gone(number):
    """Whether the process of that number has ended, collected by its parent or not."""
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
