"""Run one experiment in this process and write its record; `course record` starts one such process for each."""

import argparse
import importlib
from pathlib import Path

from course_utils import recorded

__all__ = ["main"]


def main() -> None:
    """Read the command line: the script's module, the name of its record, the folder, and whether only to try it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    script = importlib.import_module(options.module)
    record = script.main(**script.TINY) if options.tiny else script.main()
    recorded.save(options.name, **record, folder=options.folder)


if __name__ == "__main__":
    main()
