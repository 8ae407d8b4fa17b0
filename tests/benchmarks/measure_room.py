"""Measures how much memory a learner's kernel takes, with a whole class running notebook 00 at once on this machine.

Run from the project's folder: python tests/benchmarks/measure_room.py [--learners 12] [--notebook 00]
Three minutes on two cores. Copies of the notebook run in the quick profile, all at the same time, in `build/room`.
"""

from __future__ import annotations

import argparse
import shutil

import psutil

from course_utils import paths
from course_utils.tooling.running import run_notebooks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=12)
    parser.add_argument("--notebook", default="00")
    options = parser.parse_args()
    [notebook] = paths.notebooks_folder().glob(f"{options.notebook}_*.ipynb")
    room = paths.build_folder() / "room"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    books = [room / f"learner_{number:02}.ipynb" for number in range(1, options.learners + 1)]
    for book in books:
        shutil.copy(notebook, book)

    result = run_notebooks(books, profile="quick", jobs=len(books), out=room / "out")
    total = psutil.virtual_memory().total
    peaks = sorted(book.peak_memory for book in result.notebooks)
    failed = [f"{book.name}: {book.message}" for book in result.notebooks if not book.passed]
    print(f"{len(books)} learners at once, notebook {options.notebook}: {len(books) - len(failed)} reached the end")
    print(*failed, sep="\n", end="\n" if failed else "")
    print(f"in {result.seconds:.0f} s; peak memory a learner {peaks[0] / 2**30:.2f} to {peaks[-1] / 2**30:.2f} GiB")
    print(f"a machine of {total / 2**30:.0f} GiB serves {int(0.85 * total // peaks[-1])} at once, by its memory")


if __name__ == "__main__":
    main()
