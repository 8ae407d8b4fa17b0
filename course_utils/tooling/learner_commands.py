"""What a learner types: list, lab, reset, doctor, progress."""

import sys
import threading

import click

from course_utils.tooling.choosing import chosen, notebooks_argument

__all__ = ["doctor", "lab", "list_lessons", "progress", "reset"]


@click.command("list")
def list_lessons() -> None:
    """Show the notebooks with their titles and minutes."""
    from course_utils.tooling import catalogue

    rows = [["no", "title", "minutes to run", "to study"]]
    for lesson in catalogue.lessons():
        minutes = [f"{lesson.minutes[key]:g}" if key in lesson.minutes else "-" for key in ("run", "study")]
        rows.append([lesson.number, lesson.title or lesson.name, *minutes])
    for line in _aligned(rows):
        click.echo(line)


@click.command()
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


@click.command()
@notebooks_argument(required=True)
def reset(notebooks: tuple[str, ...]) -> None:
    """Bring your copy of a notebook back to the course's version.

    What you had is kept beside it, under a name with today's date.
    """
    from course_utils.tooling import workspace

    for lesson in chosen(notebooks):
        click.echo(workspace.reset(lesson))


@click.command()
@click.option("--network", is_flag=True, help="Also try to reach the hosts of the data sets.")
def doctor(network: bool) -> None:
    """Check this machine and say how to mend what is wrong."""
    from course_utils.tooling import doctor as checks

    findings = checks.examine(network=network)
    for finding in findings:
        click.echo(finding.text())
    if any(finding.state == "problem" for finding in findings):
        raise click.ClickException("The course may not run until the problems above are mended.")


@click.command()
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


def _write_overview() -> None:
    from course_utils.tooling import workspace

    try:
        workspace.write_overview()
    except Exception as error:  # a damaged quiz, a full disk: the notebooks open all the same
        click.echo(f"The page of all lessons was not written: {error}")


def _aligned(rows: list[list[str]]) -> list[str]:
    """The rows of a table with their columns one below the other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{value:{width}}" for value, width in zip(row, widths, strict=True)).rstrip() for row in rows]
