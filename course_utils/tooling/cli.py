"""The command `course`: what learners and instructors type. Heavy libraries are imported when a command is called."""

import io
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from course_utils import profiles
from course_utils.errors import CourseError, WrongUse
from course_utils.tooling import author_commands, catalogue

__all__ = ["course", "main"]


class Course(click.Group):
    """A group whose own errors are one line, and whose help page has the order in which commands were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 the signature is click's
        """The names of the commands."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error whose message says all ends it without a traceback, wrong use with 2, else with 1."""
        try:
            return super().invoke(ctx)
        except WrongUse as error:
            raise click.UsageError(str(error)) from error
        except (CourseError, FileNotFoundError, PermissionError) as error:
            raise click.ClickException(str(error)) from error


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


@course.command()
def doctor() -> None:
    """Check this machine and say how to mend what is wrong."""
    from course_utils.tooling import doctor as checks

    findings = checks.examine()
    for finding in findings:
        click.echo(finding.text())
    if any(finding.state == "problem" for finding in findings):
        raise click.ClickException("The course may not run until the problems above are mended.")


@course.command("list")
def list_lessons() -> None:
    """Show the notebooks with their titles and minutes."""
    rows = [["no", "title", "minutes to run", "to study"]]
    for lesson in catalogue.lessons():
        minutes = [f"{lesson.minutes[key]:g}" if key in lesson.minutes else "-" for key in ("run", "study")]
        rows.append([lesson.number, lesson.title or lesson.name, *minutes])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(f"{value:{width}}" for value, width in zip(row, widths, strict=True)).rstrip())


@course.command()
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option("--port", type=click.IntRange(1, 65535), default=8888, show_default=True, help="First port to try.")
def lab(no_browser: bool, port: int) -> None:
    """Open JupyterLab on your own copies of the notebooks.

    The copies are in notebooks/mine. What you changed there stays when the course is updated.
    """
    from course_utils.tooling import lab as laboratory
    from course_utils.tooling import workspace

    for line in workspace.refresh():
        click.echo(line)
    # Beside the server's start, which takes seconds: the page of all lessons looks at every exercise.
    threading.Thread(target=_write_overview, daemon=True).start()
    sys.exit(laboratory.open_lab(browser=not no_browser, port=port))


def _write_overview() -> None:
    from course_utils.tooling import workspace

    try:
        workspace.write_overview()
    except Exception as error:  # a damaged quiz, a full disk: the notebooks open all the same
        click.echo(f"The page of all lessons was not written: {error}")


@course.command()
@click.argument("notebooks", nargs=-1, required=True, metavar="NOTEBOOK...")
def reset(notebooks: tuple[str, ...]) -> None:
    """Bring your copy of a notebook back to the course's version.

    What you had is kept beside it, under a name with today's date.
    """
    from course_utils.tooling import workspace

    for lesson in catalogue.choose(notebooks):
        click.echo(workspace.reset(lesson))


@course.command()
@click.option("--reset", "forget", is_flag=True, help="Forget all recorded answers, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def progress(forget: bool, yes: bool) -> None:
    """Show which exercises and quizzes are done."""
    from course_utils import progress as shown
    from course_utils import state

    if forget:
        if not yes:
            click.confirm("Forget all recorded answers?", abort=True)
        state.reset()
        click.echo("All recorded answers are forgotten.")
        return
    click.echo(shown.table())


@course.group()
def data() -> None:
    """List, fetch and import data sets.

    They are kept in the data home: the folder that the variable COURSE_DATA names, else your cache folder.
    """


@data.command("list")
def list_data() -> None:
    """Show the data sets, which of them are here, and where the data home is."""
    from course_utils import datasets, paths

    click.echo(f"Data home: {paths.data_home()}")
    for name in datasets.names():
        state = "here" if datasets.is_available(name) else f"not here: course data fetch {name}"
        click.echo(f"{name:14}  {datasets.card(name).title} ({state})")


@data.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--from", "address", help="Another address that serves the same files, such as a server in the room.")
def fetch(names: tuple[str, ...], address: str | None) -> None:
    """Download benchmarks in their original form; the published checksums are compared."""
    from course_utils import datasets

    for name in names:
        click.echo(datasets.fetch(name, address=address))


@data.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--name", required=True, help="What the lessons will call it; a benchmark's name takes its place.")
@click.option("--size", type=click.IntRange(1, 4096), help="Side in pixels to bring every picture to.")
@click.option("--note", default="", help='What is special about this copy, such as "JPEG copy".')
def import_data(path: Path, name: str, size: int | None, note: str) -> None:
    """Read a folder or archive of pictures, one subfolder a class, into the data home."""
    from course_utils import datasets

    click.echo(datasets.import_images(path, name=name, size=size, note=note))


@course.command()
@click.option(
    "--profile", type=click.Choice(profiles.NAMES), default="quick", show_default=True, help="How much to do."
)
@click.option("--notebooks", default="", metavar="00,04", help="Which notebooks; all of them by default.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many at once; chosen from cores and memory by default.")
@click.option("--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="Time limit for one notebook.")
@click.option("--resume", is_flag=True, help="Take over what an earlier run has finished.")
@click.option("--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given repeatedly.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results; build by default.")
def run(notebooks: str, pairs: tuple[str, ...], out: Path | None, **options: Any) -> None:
    """Run notebooks without a screen and write a report.

    Leaves the executed notebooks and report/index.html in the folder for results. Ends with status 1 if a notebook
    failed, and with 2 if nothing was run because something asked for does not exist.
    """
    from course_utils import paths
    from course_utils.tooling import output_place, running

    wrong = [pair for pair in pairs if not pair.partition("=")[0].strip().isidentifier() or "=" not in pair]
    if wrong:
        raise click.UsageError(f"A parameter is given as NAME=VALUE, for example seed=3. Received: {wrong[0]!r}.")
    parameters = {name.strip(): value for name, _, value in (pair.partition("=") for pair in pairs)}
    lessons = catalogue.choose([notebooks]) if notebooks else catalogue.stored()
    folder = output_place.prepare_folder(out or paths.build_folder())
    result = running.run_notebooks([one.notebook for one in lessons], parameters=parameters, out=folder, **options)
    sys.exit(result.exit_status)


for command in author_commands.COMMANDS:
    course.add_command(command)
