"""What both benchmarks need: each measurement in a process of its own, its spread over the seeds, and the files."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from course_utils import files, paths, recorded
from course_utils.errors import CourseError
from course_utils.plots.picture import Picture

__all__ = ["Runs", "measured_alone", "publish", "spread"]

Runs = dict[str, list[dict[str, Any]]]  # the kind of run, such as "reference", and what each seed measured


def measured_alone(measurement: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a function returns that runs in a new process: memory and compiling are then those of this call alone.

    Raises:
        CourseError: it raised an error, or its process was killed.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        try:
            return process.submit(measurement, *arguments, **options).result()
        except Exception as error:  # whatever a measurement may raise
            given = ", ".join(f"{name} {value}" for name, value in options.items())
            what = f"{measurement.__name__} ({given})"
            raise CourseError(f"The measurement {what} ended with {type(error).__name__}: {error}") from error


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Minimum, median and maximum; of figures that a system does not tell, nothing is left."""
    known = [value for value in values if value is not None] or [0.0]
    return {"min": min(known), "median": statistics.median(known), "max": max(known)}


def publish(
    name: str, found: dict[str, Any], picture: Picture, *, data: str, seeds: Sequence[int], folder: Path | None
) -> str:
    """Write the figures as a record, and their picture beside it.

    Args:
        name: of both files.
        found: the figures; they get the picture's words too.
        picture: what is drawn of them.
        data: the data set, by its full name.
        seeds: the seeds of the runs.
        folder: where to; data/results by default.

    Returns:
        What was written.
    """
    folder = folder or paths.results_folder()
    recorded.save(name, found | {"picture": picture.alt}, data=data, seeds=seeds, folder=folder)
    content, kind = picture.file()
    files.write_bytes(folder / f"{name}.{kind}", content)
    return f"Written: {name}.json, {name}.{kind}"
