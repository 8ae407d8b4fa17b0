"""`python -m course_utils` is the command `course`."""

from course_utils.tooling.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
