"""What both benchmarks need: each measurement in a process of its own, seed after seed, their spread, and the files."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from course_utils import files, paths, recorded, startup
from course_utils.errors import CourseError
from course_utils.plots.picture import Picture

__all__ = ["Runs", "in_turn", "measured_alone", "publish", "spread"]

Runs = dict[str, list[dict[str, Any]]]  # the kind of run, such as "reference", and what each seed measured


def in_turn(
    seeds: Sequence[int],
    measure: Callable[[int], dict[str, dict[str, Any]]],
    write: Callable[[Runs, Sequence[int], Path], str],
    *,
    folder: Path | None,
) -> str:
    """Measure seed after seed, and write the figures after each: what stops a later one costs that one alone.

    Args:
        seeds: in their order.
        measure: gives for a seed the kinds of runs and what each measured.
        write: writes the figures of the finished runs and seeds to a folder, and gives them as text.
        folder: where to; data/results by default, and until all seeds are finished the folder bench below build.

    Returns:
        The text of all seeds.

    Raises:
        CourseError: a measurement ended with an error, or with Ctrl-C after a seed was finished; it says what is kept.
        KeyboardInterrupt: Ctrl-C before anything was finished.
    """
    runs: Runs = {}
    text, place = "", Path()
    for count, seed in enumerate(seeds, start=1):
        try:
            measured = measure(seed)
        except (CourseError, KeyboardInterrupt) as error:
            if not runs:
                raise
            what, finished = str(error).rstrip(".") or "Stopped", ", ".join(map(str, seeds[: count - 1]))
            raise CourseError(
                f"{what}. What was measured with seed {finished} is kept in {place}. "
                "Use it as it is, or run the command again: it measures all seeds anew."
            ) from error
        for kind, one in measured.items():
            runs.setdefault(kind, []).append(one)
        place = folder or (paths.results_folder() if count == len(seeds) else paths.build_folder() / "bench")
        text = write(runs, seeds[:count], place)
    return text


def measured_alone(measurement: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a function returns that runs in a new process: memory and compiling are then those of this call alone.

    TensorFlow and Keras are loaded there first, without the user's settings, and before any clock runs.

    Raises:
        CourseError: it raised an error, or its process was killed.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        try:
            return process.submit(_with_keras, measurement, *arguments, **options).result()
        except Exception as error:  # whatever a measurement may raise
            given = ", ".join(f"{name} {value}" for name, value in options.items())
            what = f"{measurement.__name__} ({given})"
            raise CourseError(f"The measurement {what} ended with {type(error).__name__}: {error}") from error


def _with_keras(measurement: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    startup.load_keras()
    return measurement(*arguments, **options)


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Minimum, median and maximum of what is known; nothing where a system tells none of the figures."""
    known = [value for value in values if value is not None]
    return {"min": min(known), "median": statistics.median(known), "max": max(known)} if known else {}


def publish(
    name: str, found: dict[str, Any], picture: Picture, *, data: str, seeds: Sequence[int], folder: Path
) -> str:
    """Write the figures as a record, and their picture beside it.

    Args:
        name: of both files.
        found: the figures; they get the picture's words too.
        picture: what is drawn of them.
        data: the data set, by its full name.
        seeds: the seeds of the runs.
        folder: where to.

    Returns:
        What was written.
    """
    recorded.save(name, found | {"picture": picture.alt}, data=data, seeds=seeds, folder=folder)
    content, kind = picture.file()
    files.write_bytes(folder / f"{name}.{kind}", content)
    return f"Written: {name}.json, {name}.{kind}"
