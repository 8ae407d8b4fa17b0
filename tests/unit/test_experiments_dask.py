"""Experiments on a Dask cluster, and training in several processes."""

import importlib.util
import json
import os
import sys
import time
from functools import partial

import numpy as np
import pytest

from course_utils import experiments
from course_utils.experiments import processes


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


def test_no_scheduler_at_the_address(monkeypatch):
    import distributed

    def refused(*arguments, **keywords):
        raise OSError("Timed out trying to connect")

    monkeypatch.setattr(distributed, "Client", refused)
    with pytest.raises(ConnectionError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        experiments.compare({"one": failing}, seeds=[1], cluster="tcp://127.0.0.1:9")


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


@pytest.mark.parametrize("number", [0, 3, 5, -2])
def test_processes_must_share_out_the_batch_evenly(number):
    with pytest.raises(ValueError, match=f"divides the batch of 64. Received: {number}"):
        experiments.train_in_processes(number, python="python")


def test_without_jax_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(processes, "python_with_jax", lambda: None)
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        experiments.train_in_processes(2)


def test_the_variable_names_the_python(monkeypatch):
    monkeypatch.setenv(processes.PYTHON, "some/python")
    assert experiments.python_with_jax() == "some/python"
    monkeypatch.delenv(processes.PYTHON)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert experiments.python_with_jax() is None


def together(monkeypatch, *programs):
    """Train in processes that each run one of the programs instead."""
    worker = "import json, os, sys, time\nexec(json.loads(sys.argv[2])[json.loads(sys.argv[1])[0]])"
    popen = processes.subprocess.Popen
    started = []

    def start(command, **options):
        started.append(popen([*command, json.dumps(programs)], **options))
        return started[-1]

    monkeypatch.setattr(processes, "WORKER", worker)
    monkeypatch.setattr(processes.subprocess, "Popen", start)
    try:
        return experiments.train_in_processes(len(programs), python=sys.executable)
    finally:
        assert len(started) == len(programs)
        assert all(process.poll() is not None for process in started)


WAITS = "time.sleep(600)"
FAILS = "print('no backend here', file=sys.stderr); sys.exit(3)"


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_process_that_fails_ends_the_others_and_is_reported_with_its_last_line(monkeypatch, place):
    programs = [WAITS] * 4
    programs[place] = FAILS
    began = time.monotonic()
    with pytest.raises(RuntimeError, match=rf"^Process {place} of 4 ended with status 3\.\nno backend here$"):
        together(monkeypatch, *programs)
    assert time.monotonic() - began < processes.LIMIT / 3


def test_a_process_that_dies_without_a_word_is_reported_too(monkeypatch):
    with pytest.raises(RuntimeError, match=r"^Process 1 of 2 ended with status 9\.$"):
        together(monkeypatch, WAITS, "os._exit(9)")


def test_much_output_of_any_process_holds_none_of_them(monkeypatch):
    loud = "for stream in (sys.stdout, sys.stderr): print('x' * 2_000_000, file=stream)\n"
    found = together(monkeypatch, loud + "print(json.dumps({'losses': [1.0]}))", loud)
    assert found == {"losses": [1.0]}


def test_processes_that_never_end_are_ended_with_what_they_said(monkeypatch):
    monkeypatch.setattr(processes, "LIMIT", 3)
    with pytest.raises(RuntimeError, match=r"Process 0 of 2 was still training after 3 s") as caught:
        together(monkeypatch, WAITS, "print('waiting for the others', file=sys.stderr, flush=True); " + WAITS)
    assert "Process 1 of 2 was still training after 3 s and has been ended.\nwaiting for" in str(caught.value)


def test_a_python_that_is_not_there_leaves_nothing_running(tmp_path):
    with pytest.raises(FileNotFoundError):
        experiments.train_in_processes(2, python=str(tmp_path / "python"))


@pytest.mark.slow
@pytest.mark.skipif(experiments.python_with_jax() is None, reason="JAX is an extra; see COURSE_FRAMEWORKS_PYTHON")
def test_two_processes_train_like_one():
    alone = experiments.train_in_processes(1, steps=10)
    together = experiments.train_in_processes(2, steps=10)
    np.testing.assert_allclose(together["losses"], alone["losses"], rtol=0, atol=1e-4)
    assert len(set(alone["losses"])) == 10
    assert alone["losses"] != experiments.train_in_processes(1, steps=10, seed=1)["losses"]
    assert os.environ.get("KERAS_BACKEND") != "jax"  # only the processes use it


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
