"""The command `course`. A command's module is imported when it is called, and heavy libraries later still."""

import importlib
import io
import sys
from collections.abc import Sequence
from typing import Any

import click

from course_utils.tooling.output_place import PlaceRefused

__all__ = ["course", "main"]

# Command: the module that holds it and its name there, in the order of the help page.
COMMANDS = {
    "doctor": ("learner_commands", "doctor"),
    "list": ("learner_commands", "list_lessons"),
    "lab": ("learner_commands", "lab"),
    "reset": ("learner_commands", "reset"),
    "progress": ("learner_commands", "progress"),
    "data": ("data_commands", "data"),
    "run": ("run_command", "run"),
    "build": ("build_command", "build"),
    "bundle": ("build_command", "bundle"),
    "store": ("author_commands", "store"),
    "check": ("author_commands", "check"),
    "record": ("author_commands", "record"),
    "bench": ("bench_command", "bench"),
}
# Errors whose message names the thing at fault and the mend; they are shown without a traceback.
OWN_ERRORS = (
    ("course_utils.datasets", "DataError"),
    ("course_utils.tooling.store", "ExecutionFailed"),
    ("course_utils.tooling.pairing", "NotANotebook"),
    ("course_utils.tooling.benchmark.running", "MeasurementFailed"),
    ("course_utils.tooling.bundle", "BundleFailed"),
    ("course_utils.tooling.site", "SiteFailed"),
    ("course_utils.tooling.slides", "MissingExtra"),
)


class Course(click.Group):
    """A group whose commands are imported when they are asked for, and whose own errors are one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 the signature is click's
        """The names of the commands, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        return getattr(importlib.import_module(f"course_utils.tooling.{module}"), attribute)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the course ends it with status 1 and no traceback."""
        try:
            return super().invoke(ctx)
        except PlaceRefused as error:
            raise click.UsageError(str(error)) from error
        except Exception as error:
            if _is_for_the_user(error):
                raise click.ClickException(str(error)) from error
            raise


def _is_for_the_user(error: Exception) -> bool:
    """Whether the message says all. A module that was never imported cannot have raised its error."""
    own = tuple(getattr(sys.modules[module], name) for module, name in OWN_ERRORS if module in sys.modules)
    return isinstance(error, (*own, FileNotFoundError, PermissionError))


@click.group(cls=Course, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="image-classification-course", prog_name="course")
def course() -> None:
    """A course on image classification: open, run and check its notebooks.

    Begin with `course lab`. Notebooks are named by their number: `course reset 03`.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with 0, with 1 if something failed, with 2 after wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal whose letters are few shows the others as numbers
            stream.reconfigure(errors="backslashreplace")
    course(args=arguments, prog_name="course")
