"""What somebody types who wants to see the recipe beaten or confirmed: bench."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_utils.display import is_headless

if TYPE_CHECKING:
    from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["bench"]


@click.command()
@click.option(
    "--data", "names", multiple=True, metavar="NAME", help="cifar10 or fashion_mnist, both by default; or flowers."
)
@click.option("--seeds", default="0,1,2", show_default=True, metavar="0,1,2", help="One run of each kind for each.")
@click.option("--validation", is_flag=True, help="Score on validation images, for making choices; publishes nothing.")
@click.option("--ablation", is_flag=True, help="Instead: what each part of the recipe is worth, on validation images.")
@click.option("--limit", default=600.0, show_default=True, help="Seconds that each way of training on flowers gets.")
@click.option("--fresh", is_flag=True, help="Forget what an earlier, interrupted benchmark has finished.")
@click.option("--quick", is_flag=True, help="A minute on drawn shapes, to see that it works; publishes nothing.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results, instead of data/results."
)
def bench(
    names: tuple[str, ...],
    seeds: str,
    validation: bool,
    ablation: bool,
    limit: float,
    fresh: bool,
    quick: bool,
    out: Path | None,
) -> None:
    """Measure training.fit_fast against the reference programs.

    Both train in turn, without validation, each in a process of its own: the reference its ten epochs, then ours in a
    small share of that time, then in the same time. Takes about five minutes a seed and data set on two cores, which
    should have nothing else to do. Started again, an interrupted benchmark goes on where it was, as long as code,
    packages, data and machine are the same.

    For flowers (12 kinds of Oxford Flowers, flowers12.tar in the data home) another question is measured: how many
    seconds from the folder until 85 and 90 of 100 held-out photographs are right, with the ImageNet network's features,
    by fine-tuning, and from scratch. It takes up to half an hour a seed.
    """
    from course_utils.tooling import output_place
    from course_utils.tooling.benchmark.pairs import FLOWERS, PAIRS, QUICK

    known = (*PAIRS, FLOWERS.name)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"Known data sets are {', '.join(known)}. Received: {', '.join(unknown)}.")
    try:
        numbers = [int(seed) for seed in seeds.split(",")]
    except ValueError as error:
        raise click.UsageError(
            f"Seeds are whole numbers with commas between, like 0,1,2. Received: {seeds}."
        ) from error
    output_place.prepare_folder(out or _kept())
    raced = FLOWERS.name in names
    chosen = [QUICK] if quick else [PAIRS[name] for name in names or PAIRS if name in PAIRS]
    for pair in [*chosen, *([FLOWERS] if raced else [])] if fresh else []:
        for file in _kept().glob(f"{pair.name}_*.json"):
            file.unlink()
    private = _kept() / "trial" if quick or validation else None
    for pair in chosen:
        if ablation:
            _ablate(pair, numbers[:1] if quick else numbers, out or private)
            continue
        _bench(pair, numbers[:1] if quick else numbers, "validation" if validation else "test", out or private)
    if raced:
        _race(FLOWERS, numbers, limit, out or private)


def _bench(pair: "Pair", seeds: list[int], split: str, out: Path | None) -> None:
    """Measure one pair, print its table, and write figures and picture."""
    from course_utils.tooling.benchmark import drawing, publishing, running, summary

    with _progress() as report:
        outcomes = running.measure(pair, seeds, split=split, folder=_kept(), report=report)
    found = summary.figures(pair, outcomes)
    data = outcomes["reference"][0]["data"]
    click.echo(summary.table(f"{data}; {split} images, seeds {', '.join(map(str, seeds))}", found))
    picture = drawing.compared(data, found)
    date = running.oldest(outcomes)
    files = publishing.published(f"bench_{pair.name}", found, picture, data=data, seeds=seeds, date=date, folder=out)
    click.echo(f"Written, as measured on {date}: {', '.join(files)}")


def _race(pair: "Pair", seeds: list[int], limit: float, out: Path | None) -> None:
    """Let the ways of training on a folder race, print when each arrived, and write figures and picture."""
    from course_utils.tooling.benchmark import drawing, publishing, running, summary

    with _progress() as report:
        outcomes = running.race(pair, seeds, limit=limit, folder=_kept(), report=report)
    found = summary.arrival_figures(outcomes, limit)
    click.echo(summary.arrival_table(pair.title, found))
    picture = drawing.raced(pair.title, outcomes)
    date = running.oldest(outcomes)
    files = publishing.published(
        f"bench_{pair.name}", found, picture, data=pair.title, seeds=seeds, date=date, folder=out
    )
    click.echo(f"Written, as measured on {date}: {', '.join(files)}")


def _ablate(pair: "Pair", seeds: list[int], out: Path | None) -> None:
    """Measure what each part of the recipe is worth, print it, and write figures and picture."""
    from course_utils.tooling.benchmark import drawing, publishing, running, summary

    with _progress() as report:
        outcomes = running.ablate(pair, seeds, seconds=pair.ablation_seconds, folder=_kept(), report=report)
    scores = {name: [run["accuracy"] for run in runs] for name, runs in outcomes.items()}
    click.echo(summary.ablation_table(pair, scores))
    found = {"seconds": pair.ablation_seconds, "split": "validation", "accuracy": scores}
    picture = drawing.ablated(pair, scores)
    name, date = f"bench_{pair.name}_ablation", running.oldest(outcomes)
    files = publishing.published(name, found, picture, data=pair.data, seeds=seeds, date=date, folder=out)
    click.echo(f"Written, as measured on {date}: {', '.join(files)}")


def _kept() -> Path:
    from course_utils import paths

    return paths.build_folder() / "bench"


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, else a line for each measurement."""
    from tqdm import tqdm

    hidden = is_headless() or not sys.stderr.isatty()
    with tqdm(unit="run", disable=hidden, leave=False) as bar:

        def report(now: str, done: int, total: int) -> None:
            if hidden and done < total:
                click.echo(f"[{done + 1}/{total}] {now}")
            bar.total, bar.n = total, done
            bar.set_description(now)

        yield report
