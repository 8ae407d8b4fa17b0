"""What an author types: store, check, record."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from course_utils.tooling.choosing import chosen, notebooks_argument

__all__ = ["check", "record", "store"]


@click.command()
@notebooks_argument()
@click.option("--all", "every", is_flag=True, help="Execute every notebook, changed or not.")
@click.option("--no-execute", is_flag=True, help="Write the text only; outputs stay where the code is the same.")
def store(notebooks: tuple[str, ...], every: bool, no_execute: bool) -> None:
    """Turn sources into notebooks, execute them and store the outputs.

    Without names, those whose code, or the package code behind it, has changed. A notebook that is named is executed
    in any case. After a failure the stored notebook stays as it was.
    """
    from course_utils.tooling import store as storing

    failed = 0
    for lesson in chosen(notebooks):
        if not lesson.source.is_file() and not notebooks:
            continue
        try:
            with _cell_bar(lesson.name) as on_cell:
                outcome = storing.store(lesson, run=not no_execute, again=every or bool(notebooks), on_cell=on_cell)
            click.echo(f"{lesson.name}: {outcome}")
        except storing.ExecutionFailed as error:
            failed += 1
            click.echo(f"{lesson.name}: failed, the stored notebook is unchanged\n{error}", err=True)
    if failed:
        raise click.ClickException(f"{failed} notebook(s) failed.")


@click.command()
@notebooks_argument()
def check(notebooks: tuple[str, ...]) -> None:
    """Hold every stored notebook against the rules for contents, outputs and style."""
    from course_utils.tooling import guards

    lessons = chosen(notebooks)
    findings = [(lesson, finding) for lesson in lessons for finding in guards.check_lesson(lesson)]
    for lesson, finding in findings:
        click.echo(f"{lesson.name}: {finding.text()}")
    if findings:
        raise click.ClickException(
            f"{len(findings)} finding(s) in {len({lesson.name for lesson, _ in findings})} notebook(s)."
        )
    click.echo(f"{len(lessons)} notebook(s) keep every rule.")


@click.command()
@notebooks_argument()
def record(notebooks: tuple[str, ...]) -> None:
    """Run the long experiments of lessons and write their figures to data/results.

    Each recorded_*.py runs in a process of its own, with its full settings; that may take hours. The claims that rest
    on its figures are then held against them: one that does not hold fails the command, and the record stays.
    """
    from course_utils import claims, paths
    from course_utils.tooling import recording

    results, failed, wrong = paths.results_folder(), 0, 0
    scripts = recording.scripts(chosen(notebooks))
    for script in scripts:
        try:
            click.echo(f"{recording.name_of(script)}: running {script.parent.name}/{script.name}")
            written = recording.run_script(script, results)
            click.echo(f"Written to data/results: {written.name}.")
            for one in claims.resting_on(written.stem):
                wrong += one.fails
                click.echo(one.text(), err=one.fails)
        except recording.RecordingFailed as error:
            failed += 1
            click.echo(str(error), err=True)
    problems = []
    if failed:
        problems.append(f"{failed} of {len(scripts)} experiment(s) failed; the others are recorded.")
    if wrong:
        problems.append(f"{wrong} claim(s) do not hold on the new figures. Mend the claim or the experiment.")
    if problems:
        raise click.ClickException(" ".join(problems))


@contextmanager
def _cell_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar over the code cells of one notebook, on a terminal only."""
    from tqdm import tqdm

    with tqdm(desc=name, unit="cell", disable=not sys.stderr.isatty(), leave=False) as bar:

        def on_cell(number: int, total: int) -> None:
            bar.total = total
            bar.update(number - 1 - bar.n)  # this cell begins: the ones before it are done
            bar.refresh()

        yield on_cell
