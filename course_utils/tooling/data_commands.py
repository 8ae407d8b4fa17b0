"""Everything about data sets: list, fetch, import, verify."""

import sys
from pathlib import Path

import click

__all__ = ["data"]


@click.group()
def data() -> None:
    """List, fetch, import and verify data sets.

    They are kept in the data home: the folder that the variable COURSE_DATA names, else your cache folder.
    """


@data.command("list")
def list_data() -> None:
    """Show the data sets, which of them are here, and where the data home is."""
    from course_utils import datasets, paths

    click.echo(f"Data home: {paths.data_home()}")
    for name in datasets.names():
        card = datasets.card(name)
        state = "here" if datasets.is_available(name) else f"not here: course data fetch {name}"
        click.echo(f"{name:14}  {card.title} ({state})")


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
@click.option("--size", type=click.IntRange(min=1), help="Side in pixels to bring every picture to.")
@click.option("--note", default="", help='What is special about this copy, such as "JPEG copy".')
def import_data(path: Path, name: str, size: int | None, note: str) -> None:
    """Read a folder or archive of pictures, one subfolder a class, into the data home."""
    from course_utils import datasets

    click.echo(datasets.import_images(path, name=name, size=size, note=note))


@data.command()
def verify() -> None:
    """Check every file in the data home."""
    from course_utils import datasets, paths

    verdicts = datasets.verify()
    for verdict in verdicts:
        click.echo(f"{'ok ' if verdict.ok else 'BAD'}  {verdict.message}")
    if not verdicts:
        click.echo(f"Nothing is stored in {paths.data_home()}.")
    sys.exit(0 if all(verdict.ok for verdict in verdicts) else 1)
