"""What an instructor types to get another form of the lessons: build."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_utils.tooling.choosing import chosen, notebooks_argument

if TYPE_CHECKING:
    from course_utils.tooling.catalogue import Lesson

__all__ = ["build", "bundle"]

out_option = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the result; below build by default."
)


@click.group()
def build() -> None:
    """Make other forms of the stored notebooks: solved edition, slides, site.

    Nothing is executed and nothing is fetched. Slides and site need the extra `site`.
    """


@build.command()
@notebooks_argument()
@out_option
def solved(notebooks: tuple[str, ...], out: Path | None) -> None:
    """Write the notebooks with every exercise solved, without outputs."""
    from course_utils.tooling import editions

    folder = _folder(out, "solved_edition")
    editions.write_solved([lesson.notebook for lesson in _stored(notebooks)], folder)
    click.echo(f"Written to {folder}")


@build.command()
@notebooks_argument()
@out_option
def slides(notebooks: tuple[str, ...], out: Path | None) -> None:
    """Write slides, one page a notebook.

    They show the cells tagged `slide`, and every prediction with its answer; `tooling/outline.py` says how.
    """
    from course_utils.tooling import slides as making

    pages = making.write({lesson.title: lesson.notebook for lesson in _stored(notebooks)}, _folder(out, "slides"))
    click.echo(f"{len(pages)} page(s) written to {pages[0].parent}")


@build.command()
@out_option
def site(out: Path | None) -> None:
    """Write all lessons as a static site, with search, guide and glossary."""
    from course_utils.tooling import site as making

    click.echo(f"Open {making.build(_stored(()), _folder(out, 'site'))}")


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


def _stored(words: Sequence[str]) -> "list[Lesson]":
    lessons = [lesson for lesson in chosen(words) if lesson.notebook.is_file()]
    if not lessons:
        raise click.UsageError("There is no stored notebook yet. Make them first: course store.")
    return lessons


def _folder(out: Path | None, name: str) -> Path:
    from course_utils import paths
    from course_utils.tooling import output_place

    return output_place.prepare_folder(out or paths.build_folder() / name)
