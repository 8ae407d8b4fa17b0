"""Comparing variants fairly: the same seeds for each, every figure kept."""

from collections.abc import Callable, Mapping, Sequence

from course_utils.moving_line import MovingLine

__all__ = ["compare"]

Variants = Mapping[str, Callable[[int], float]]
Run = tuple[int, str]


def compare(variants: Variants, *, seeds: Sequence[int], cluster: str | None = None) -> dict[str, list[float]]:
    """Run each variant once for every seed.

    Seeds go in the outer loop, so that a run that is interrupted, or a machine that slows down, touches all variants
    alike. Lesson 17 hands the runs to a cluster.

    Args:
        variants: name to a function that takes a seed, trains, and returns one figure.
        seeds: the seeds; three or more where the outcome is to be called better or worse.
        cluster: the address of the scheduler of a Dask cluster, such as "tcp://10.0.0.5:8786", or None to run here.
            The functions travel with all that they use, so let them load their data and build their model themselves;
            the workers need the course installed. Whoever may write to the address can run any code on the workers.

    Returns:
        Name to its figures, in the order of the seeds.

    Raises:
        ValueError: there are no variants or no seeds.
        ConnectionError: no scheduler answers at the address.

    Example:
        >>> compare({"half": lambda seed: seed / 2}, seeds=[2, 4, 6])
        run 3 of 3: half, seed 6
        {'half': [1.0, 2.0, 3.0]}
    """
    if not variants or len(seeds) == 0:
        raise ValueError(
            f"At least one variant and one seed are needed. Received {len(variants)} variants, {len(seeds)} seeds."
        )
    runs = [(seed, name) for seed in seeds for name in variants]
    with MovingLine(total=len(runs)) as line:
        figures = _here(variants, runs, line) if cluster is None else _on_cluster(variants, runs, line, cluster)
    scores: dict[str, list[float]] = {name: [] for name in variants}
    for (_, name), figure in zip(runs, figures, strict=True):
        scores[name].append(figure)
    return scores


def _here(variants: Variants, runs: list[Run], line: MovingLine) -> list[float]:
    figures = []
    for number, (seed, name) in enumerate(runs):
        line.show(number, f"run {number + 1} of {len(runs)}: {name}, seed {seed}")
        figures.append(float(variants[name](seed)))
    return figures


def _on_cluster(variants: Variants, runs: list[Run], line: MovingLine, address: str) -> list[float]:
    """All runs at once; Dask gives each to a worker that is free, and a failed run raises its own error here."""
    from distributed import Client, as_completed

    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except OSError as error:
        raise ConnectionError(
            f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, and on each machine "
            "`dask worker ADDRESS --nthreads 1`; the scheduler prints its address."
        ) from error
    with client:
        # Not pure: the same function with the same seed is a run of its own, and is never answered from memory.
        futures = [client.submit(variants[name], seed, pure=False) for seed, name in runs]
        for number, _ in enumerate(as_completed(futures, loop=client.loop), start=1):
            line.show(number, f"run {number} of {len(runs)} done")
        return [float(figure) for figure in client.gather(futures)]
