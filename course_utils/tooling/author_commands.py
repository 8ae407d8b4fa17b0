"""The command `course`: what authors type, and instructors who want the lessons in another form."""

from pathlib import Path

import click

from course_utils.errors import CourseError
from course_utils.tooling import catalogue

__all__ = ["COMMANDS"]

notebooks_argument = click.argument("notebooks", nargs=-1, metavar="NOTEBOOK...")
out_option = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the result; below build by default."
)


@click.group()
def build() -> None:
    """Make other forms of the stored notebooks: solved edition, slides, site.

    Nothing is executed and nothing is fetched. Slides and site need the extra `site`.
    """


@build.command()
@notebooks_argument
@out_option
def solved(notebooks: tuple[str, ...], out: Path | None) -> None:
    """Write the notebooks with every exercise solved, without outputs."""
    from course_utils.tooling import editions

    folder = _folder(out, "solved_edition")
    editions.write_solved([lesson.notebook for lesson in catalogue.stored(notebooks)], folder)
    click.echo(f"Written to {folder}")


@build.command()
@notebooks_argument
@out_option
def slides(notebooks: tuple[str, ...], out: Path | None) -> None:
    """Write slides, one page a notebook.

    They show the cells tagged `slide`, and every prediction with its answer; `tooling/slide_contents.py` says how.
    """
    from course_utils.tooling import slides as making

    stored = {lesson.title: lesson.notebook for lesson in catalogue.stored(notebooks)}
    pages = making.write(stored, _folder(out, "slides"))
    click.echo(f"{len(pages)} page(s) written to {pages[0].parent}")


@build.command()
@out_option
def site(out: Path | None) -> None:
    """Write all lessons as a static site, with search, guide and glossary."""
    from course_utils.tooling import site as making

    click.echo(f"Open {making.build(catalogue.stored(), _folder(out, 'site'))}")


@click.command()
@click.option("--data", "names", multiple=True, metavar="NAME", help="A data set to take along; repeatable.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The archive; below build by default.")
def bundle(names: tuple[str, ...], out: Path | None) -> None:
    """Pack course, wheels and data into one archive that installs without a network.

    Of the course comes what git tracks, so nothing private that lies beside it. In the room: unpack it, then
    `python install_offline.py`. System and Python version have to be those of this one.
    """
    from course_utils import paths
    from course_utils.tooling import bundle as packing
    from course_utils.tooling import output_place

    archive = output_place.check_file(out or paths.build_folder() / "course_bundle.zip")
    packing.build(archive, data=names, say=click.echo)
    click.echo(f"{archive}: {archive.stat().st_size / 1e9:.1f} GB")


def _folder(out: Path | None, name: str) -> Path:
    from course_utils import paths
    from course_utils.tooling import output_place

    return output_place.prepare_folder(out or paths.build_folder() / name)


@click.command()
@notebooks_argument
@click.option("--all", "every", is_flag=True, help="Execute every notebook, changed or not.")
@click.option("--no-execute", is_flag=True, help="Write the text only; outputs stay where the code is the same.")
def store(notebooks: tuple[str, ...], every: bool, no_execute: bool) -> None:
    """Turn sources into notebooks, execute them and store the outputs.

    Without names, those whose code, or the package code behind it, has changed. A notebook that is named is executed
    in any case. After a failure the stored notebook stays as it was.
    """
    from tqdm import tqdm

    from course_utils.display import shows_bars
    from course_utils.tooling import store as storing

    failed = 0
    for lesson in catalogue.choose(notebooks):
        try:
            with tqdm(desc=lesson.name, unit="cell", leave=False, disable=not shows_bars()) as shown:
                again = every or bool(notebooks)
                outcome = storing.store(lesson, run=not no_execute, again=again, on_cell=shown.update)
            click.echo(f"{lesson.name}: {outcome}")
        except CourseError as error:
            failed += 1
            click.echo(f"{lesson.name}: failed, the stored notebook is unchanged\n{error}", err=True)
    if failed:
        raise CourseError(f"{failed} notebook(s) failed.")


@click.command()
@notebooks_argument
def check(notebooks: tuple[str, ...]) -> None:
    """Hold every stored notebook against the rules for contents, outputs and style."""
    from course_utils.tooling import guards

    lessons = catalogue.choose(notebooks)
    findings = [(lesson, finding) for lesson in lessons for finding in guards.check_lesson(lesson)]
    for lesson, finding in findings:
        click.echo(f"{lesson.name}: {finding.text()}")
    if findings:
        raise CourseError(f"{len(findings)} finding(s) in {len({lesson.name for lesson, _ in findings})} notebook(s).")
    click.echo(f"{len(lessons)} notebook(s) keep every rule.")


@click.command()
@notebooks_argument
def record(notebooks: tuple[str, ...]) -> None:
    """Run the long experiments of lessons and write their figures to data/results.

    Each recorded_*.py runs in a process of its own, with its full settings; that may take hours. The claims that rest
    on its figures are then held against them: one that does not hold fails the command, and the record stays.
    """
    from course_utils import claims, paths
    from course_utils.tooling import recording

    failed, wrong = 0, 0
    scripts = recording.scripts(catalogue.choose(notebooks))
    for script in scripts:
        try:
            click.echo(f"{recording.name_of(script)}: running {script.parent.name}/{script.name}")
            written = recording.run_script(script, paths.results_folder())
            click.echo(f"Written to data/results: {written.name}.")
            for one in claims.resting_on(written.stem):
                wrong += one.fails
                click.echo(one.text(), err=one.fails)
        except CourseError as error:
            failed += 1
            click.echo(str(error), err=True)
    problems = []
    if failed:
        problems.append(f"{failed} of {len(scripts)} experiment(s) failed; the others are recorded.")
    if wrong:
        problems.append(f"{wrong} claim(s) do not hold on the new figures. Mend the claim or the experiment.")
    if problems:
        raise CourseError(" ".join(problems))


@click.command()
@click.option(
    "--data",
    "names",
    type=click.Choice(["cifar10", "fashion_mnist", "flowers"]),
    multiple=True,
    default=["cifar10", "fashion_mnist"],
    show_default=True,
    help="Repeatable.",
)
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="How many runs of each kind.")
@click.option("--validation", is_flag=True, help="Score on validation images, for making choices; publishes nothing.")
@click.option("--quick", is_flag=True, help="A minute on drawn shapes, to see that it works; publishes nothing.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results, instead of data/results."
)
def bench(names: tuple[str, ...], seeds: int, validation: bool, quick: bool, out: Path | None) -> None:
    """Measure training.fit_fast against the reference programs.

    Both train in turn, without validation, each in a process of its own: the reference its ten epochs, then ours in a
    small share of that time, then in the same time. Takes about five minutes a seed and data set on two cores, which
    should have nothing else to do.

    For flowers (12 kinds of Oxford Flowers, flowers12.tar in the data home) another question is measured: how many
    seconds from the folder until 85 and 90 of 100 held-out photographs are right, with the ImageNet network's features,
    by fine-tuning, and from scratch. It takes up to half an hour a seed.
    """
    from course_utils.tooling.benchmark import comparing, flowers
    from course_utils.tooling.benchmark.measuring import PAIRS, QUICK

    place = {"folder": _folder(out, "bench") if out or quick or validation else None, "say": click.echo}
    split = "validation" if validation else "test"
    if quick:
        click.echo(comparing.compare(QUICK, [0], split=split, **place))
        return
    for name in names:
        if name == "flowers":
            click.echo(flowers.race(range(seeds), **place))
        else:
            click.echo(comparing.compare(PAIRS[name], range(seeds), split=split, **place))


COMMANDS = (build, bundle, store, check, record, bench)
