"""Experiments on a Dask cluster."""

import sys
from functools import partial

import numpy as np
import pytest

from course_utils import experiments


def offset(seed, *, by):
    return seed + by


def failing(seed):
    if seed == 2:
        raise ZeroDivisionError("seed 2 has nothing to divide by")
    return 1.0


def accuracy_of_a_linear_model(seed, *, alpha):
    """A real run: data and model are made where it runs."""
    from sklearn.linear_model import RidgeClassifier

    from course_utils import datasets

    data = datasets.load("digits", train=200, seed=seed, quiet=True)
    model = RidgeClassifier(alpha=alpha).fit(data.train.x.reshape(200, -1), data.train.y)
    return model.score(data.validation.x.reshape(len(data.validation.x), -1), data.validation.y)


@pytest.fixture(scope="module")
def address():
    """A cluster of two workers inside this process."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_gives_the_figures_of_this_machine_in_the_same_order(address):
    variants = {str(alpha): partial(accuracy_of_a_linear_model, alpha=alpha) for alpha in (1, 100, 10_000)}
    here = experiments.compare(variants, seeds=[3, 1, 2])
    there = experiments.compare(variants, seeds=[3, 1, 2], cluster=address)
    assert there == here
    assert list(there) == ["1", "100", "10000"]
    assert len(set(map(tuple, here.values()))) == 3


def test_the_same_run_twice_is_run_twice(address):
    """A timing or an unseeded run must not be answered from memory."""
    variants = {"noise": lambda seed: float(np.random.default_rng().random())}
    [values] = experiments.compare(variants, seeds=[0, 0], cluster=address).values()
    assert values[0] != values[1]


def test_lambdas_and_numbers_of_numpy_travel(address):
    assert experiments.compare({"half": lambda seed: np.float32(seed / 2)}, seeds=range(3), cluster=address) == {
        "half": [0.0, 0.5, 1.0]
    }


def test_a_failed_run_raises_its_own_error(address):
    with pytest.raises(ZeroDivisionError, match="seed 2"):
        experiments.compare({"failing": failing, "fine": partial(offset, by=1)}, seeds=[1, 2], cluster=address)


def test_dask_is_not_loaded_unless_it_is_asked_for():
    import subprocess

    code = (
        "import sys\nfrom course_utils.experiments.comparing import compare\n"
        "assert compare({'one': float}, seeds=[1]) == {'one': [1.0]}\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.slow
def test_two_worker_processes_give_the_same_figures():
    from distributed import LocalCluster

    variants = {str(alpha): partial(accuracy_of_a_linear_model, alpha=alpha) for alpha in (1, 10_000)}
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = experiments.compare(variants, seeds=range(3), cluster=cluster.scheduler_address)
    assert there == experiments.compare(variants, seeds=range(3))


def test_a_run_without_a_reader_shows_one_line_at_the_end(capsys, address):
    experiments.compare({"a": float, "b": float}, seeds=[1, 2, 3])
    assert capsys.readouterr().out == "run 6 of 6: b, seed 3\n"
    experiments.compare({"a": float, "b": float}, seeds=[1, 2, 3], cluster=address)
    assert capsys.readouterr().out == "run 6 of 6 done\n"


def test_seeds_go_in_the_outer_loop_and_figures_are_plain_numbers():
    seen = []

    def note(seed, *, name):
        seen.append((seed, name))
        return np.float32(seed)

    found = experiments.compare({name: partial(note, name=name) for name in "ab"}, seeds=(3, 1))
    assert seen == [(3, "a"), (3, "b"), (1, "a"), (1, "b")]
    assert found == {"a": [3.0, 1.0], "b": [3.0, 1.0]}
    assert all(type(figure) is float for figures in found.values() for figure in figures)


@pytest.mark.parametrize(("variants", "seeds"), [({}, [1]), ({"a": float}, []), ({}, [])])
def test_nothing_to_compare_is_refused(variants, seeds):
    message = f"Received {len(variants)} variants, {len(seeds)} seeds."
    with pytest.raises(ValueError, match=rf"^At least one variant and one seed are needed\. {message}$"):
        experiments.compare(variants, seeds=seeds)


def test_the_client_waits_ten_seconds_and_becomes_nobodys_default(monkeypatch):
    import distributed

    asked = {}

    def refused(address, **options):
        asked.update(options, address=address)
        raise OSError

    monkeypatch.setattr(distributed, "Client", refused)
    with pytest.raises(ConnectionError, match=r"Start one with `dask scheduler`, and on each machine `dask worker"):
        experiments.compare({"one": failing}, seeds=[1], cluster="tcp://127.0.0.1:9")
    assert asked == {"address": "tcp://127.0.0.1:9", "timeout": "10s", "set_as_default": False}
