"""The benchmark's files: figures as the course records them, and the picture with its words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_utils import files, paths, recorded
from course_utils.plots.picture import Picture

__all__ = ["published"]


def published(
    name: str,
    found: dict[str, Any],
    picture: Picture,
    *,
    data: str,
    seeds: Sequence[int],
    date: str,
    folder: Path | None,
) -> list[str]:
    """Write NAME.json and NAME.png.

    Args:
        name: such as "bench_cifar10".
        found: the figures.
        picture: its words are kept with the figures.
        data: the data set, by its full name.
        seeds: the seeds.
        date: the day of the first measurement, YYYY-MM-DD.
        folder: where to; data/results by default.

    Returns:
        The files' names.
    """
    target = folder or paths.results_folder()
    target.mkdir(parents=True, exist_ok=True)
    recorded.save(name, found | {"picture": picture.alt}, data=data, seeds=seeds, date=date, folder=target)
    content, kind = picture.file()
    files.write_bytes(target / f"{name}.{kind}", content)
    return [f"{name}.json", f"{name}.{kind}"]
