"""What an instructor or a machine types: run."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from course_utils import profiles
from course_utils.tooling.choosing import chosen

__all__ = ["run"]


@click.command()
@click.option(
    "--profile", type=click.Choice(profiles.NAMES), default="quick", show_default=True, help="How much to do."
)
@click.option("--notebooks", default="", metavar="00,04", help="Which notebooks; all of them by default.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many at once; chosen from cores and memory by default.")
@click.option("--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="Time limit for one notebook.")
@click.option("--resume", is_flag=True, help="Take over what an earlier run has finished.")
@click.option("--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given repeatedly.")
@click.option("--edition", type=click.Choice(["learner", "solved"]), default="learner", show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results; build by default.")
def run(
    profile: str,
    notebooks: str,
    jobs: int | None,
    timeout: float | None,
    resume: bool,
    pairs: tuple[str, ...],
    edition: str,
    out: Path | None,
) -> None:
    """Run notebooks without a screen and write a report.

    Leaves the executed notebooks and report/index.html in the folder for results. Ends with status 1 if a notebook
    failed, and with 2 if nothing was run because something asked for does not exist.
    """
    from course_utils import paths
    from course_utils.tooling import output_place, running

    parameters = _parameters(pairs)
    lessons = [lesson for lesson in chosen([notebooks]) if notebooks or lesson.notebook.is_file()]
    if not lessons:
        raise click.UsageError("There is no stored notebook yet. Make them first: course store.")
    folder = output_place.prepare_folder(out or paths.build_folder() / ("solved" if edition == "solved" else ""))
    files = [lesson.notebook for lesson in lessons]
    if edition == "solved":
        from course_utils.tooling import editions

        files = editions.write_solved(files, folder / "edition")
    try:
        result = running.run_notebooks(
            files, profile=profile, parameters=parameters, jobs=jobs, timeout=timeout, out=folder, resume=resume
        )
    except running.RunRefused as error:
        raise click.UsageError(str(error)) from error
    sys.exit(result.exit_status)


def _parameters(pairs: Sequence[str]) -> dict[str, str]:
    """ "seed=3" -> {"seed": "3"}; the runner turns the text into the type that the notebook declares."""
    wrong = [pair for pair in pairs if not pair.partition("=")[0].strip().isidentifier() or "=" not in pair]
    if wrong:
        raise click.UsageError(f"A parameter is given as NAME=VALUE, for example seed=3. Received: {wrong[0]!r}.")
    return {name.strip(): value for name, _, value in (pair.partition("=") for pair in pairs)}
