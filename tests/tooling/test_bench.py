"""`course bench`: the order of measurements and the figures made of them; one small benchmark for real."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.tooling import cli
from course_utils.tooling.benchmark import flowers, measuring, running


def call(*arguments):
    return CliRunner().invoke(cli.course, ["bench", *arguments])


def speeds(images):
    return {"images a second": images, "share of peak": 0.25, "share of the data path": 0.05}


ANSWERS = {
    "reference": {"accuracy": 0.7, "seconds": 100.0, "megabytes": 900.0, "data": "cifar10 (JPEG copy)"},
    "ours": {"accuracy": 0.75, "seconds": 5.0, "megabytes": None, "mirrored": True},  # a system may not tell
    "speed": {
        "matrix peak": {"float32": 1e11, "bfloat16": 6e11},
        "arithmetic": "mixed_bfloat16",
        "reference": speeds(2000),
        "share": speeds(5000),
        "full": speeds(3000),
    },
    "arrival": {"course": [[3.0, 0.8], [4.0, 0.95]], "test": 0.9, "data": "flowers"},
}


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """What was measured, name and options, each with the same answer; files go to an empty folder."""
    orders = []

    def answer(measurement, *_, **options):
        orders.append({"kind": measurement.__name__, **options})
        return ANSWERS[measurement.__name__]

    monkeypatch.setattr(running, "measured_alone", answer)
    monkeypatch.setattr(paths, "build_folder", lambda: tmp_path / "build")
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path / "results")
    return orders


def test_ours_gets_its_share_of_the_time_of_the_reference_then_all_of_it(measured, tmp_path):
    done = call("--data", "cifar10", "--seeds", "2")
    assert done.exit_code == 0, done.output
    each = ("reference", "ours", "ours", "speed")
    assert [(order["kind"], order["seed"]) for order in measured] == [(kind, seed) for seed in (0, 1) for kind in each]
    assert [order["seconds"] for order in measured if order["kind"] == "ours"] == [100 / 20, 100] * 2
    assert {order["split"] for order in measured if "split" in order} == {"test"}
    assert "2 of 2 seeds" in done.output and "ratio of times" in done.output
    content = json.loads((tmp_path / "results" / "bench_cifar10.json").read_text(encoding="utf-8"))
    assert content["data"] == "cifar10 (JPEG copy)" and content["seeds"] == [0, 1]
    assert content["figures"]["summary"]["share: ratio of times"] == {"min": 20, "median": 20, "max": 20}
    assert content["figures"]["summary"]["share: peak memory, MB"] == {}
    assert re.search(r"share: peak memory, MB +not measured\n", done.output)
    assert "0.75" in content["figures"]["picture"]
    assert (tmp_path / "results" / "bench_cifar10.png").stat().st_size > 1000


def test_ways_to_train_on_flowers_take_turns(measured, tmp_path):
    assert call("--data", "flowers", "--seeds", "2").exit_code == 0
    assert [(order["seed"], order["way"]) for order in measured] == [(s, way) for s in (0, 1) for way in flowers.WAYS]
    assert (tmp_path / "results" / "bench_flowers.json").is_file()


@pytest.mark.parametrize(
    ("name", "ended", "said"),
    [("cifar10", CourseError("It ended."), "It ended"), ("flowers", KeyboardInterrupt(), "Stopped")],
)
def test_what_was_finished_before_an_error_or_ctrl_c_is_kept_and_named(
    measured, monkeypatch, tmp_path, name, ended, said
):
    answer = running.measured_alone

    def ends_at_seed_2(measurement, *arguments, **options):
        if options["seed"] == 2:
            raise ended
        return answer(measurement, *arguments, **options)

    monkeypatch.setattr(running, "measured_alone", ends_at_seed_2)
    done = call("--data", name, "--seeds", "3")
    assert done.exit_code == 1
    place = tmp_path / "build" / "bench"
    assert f"{said}. What was measured with seed 0, 1 is kept in {place}. Use" in done.output
    kept = json.loads((place / f"bench_{name}.json").read_text(encoding="utf-8"))
    assert kept["seeds"] == [0, 1] and not (tmp_path / "results").exists()


def test_validation_publishes_nothing(measured, tmp_path):
    assert call("--data", "cifar10", "--seeds", "1", "--validation").exit_code == 0
    assert {order["split"] for order in measured if "split" in order} == {"validation"}
    assert not (tmp_path / "results").exists()


def test_a_measurement_has_a_process_of_its_own_with_the_courses_keras_and_one_that_fails_is_named(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    backend = "__import__('keras').config.backend(), __import__('os').getpid()"
    name, number = running.measured_alone(eval, backend)
    assert name == "tensorflow" and number != os.getpid()
    with pytest.raises(CourseError, match=r"int \(base 10\) ended with ValueError: .*thirteen"):
        running.measured_alone(int, "thirteen", base=10)


def test_operations_are_counted_three_times_forward():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    assert measuring.operations_of_training(model) == 3 * 2 * (4 * 4) * (3 * 3 * 2)


@pytest.mark.slow
def test_a_small_benchmark_for_real(tmp_path):
    command = [sys.executable, "-m", "course_utils", "bench", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "bench_quick.json").read_text(encoding="utf-8"))["figures"]
    assert found["pair"]["reference"] == measuring.QUICK.reference
    assert found["summary"]["full: images a second"]["min"] > 0


def test_a_way_that_has_not_arrived_counts_with_the_limit():
    courses = {
        "features": [(2.0, 0.7), (3.0, 0.86), (6.0, 0.91)],
        "fine-tuning, rate 0.001": [(30.0, 0.5), (700.0, 0.95)],
        "fine-tuning, rate 0.0001": [(30.0, 0.8), (90.0, 0.89)],
        "from scratch": [(600.0, 0.3)],
    }
    found = flowers.figures({way: [{"course": course, "test": 0.9}] for way, course in courses.items()}, 600)
    assert found["ways"]["features"]["seconds"] == {"0.85": [3.0], "0.9": [6.0]}
    assert found["ways"]["fine-tuning, rate 0.001"]["seconds"]["0.85"] == [None]  # too late
    assert found["sooner"]["0.85: fine-tuning"]["median"] == 30  # the sooner of two rates
    assert found["sooner"]["0.9: fine-tuning"]["median"] == 100
    assert found["sooner"]["0.85: from scratch"]["median"] == 200


@pytest.fixture(scope="module")
def folder_of_two(tmp_path_factory):
    """Two classes by colour, in a folder for training and one for testing."""
    folder, random = tmp_path_factory.mktemp("two"), np.random.default_rng(0)
    for part, count in (("train", 24), ("test", 6)):
        for place, name in enumerate(("blue", "red")):
            (folder / part / name).mkdir(parents=True)
            for number in range(count):
                pixels = random.integers(0, 60, (96, 96, 3), dtype=np.uint8)
                pixels[..., 2 * place] += 150
                Image.fromarray(pixels).save(folder / part / name / f"{number}.png")
    return folder


@pytest.fixture
def without_compiling():
    """One step of a large network is not worth a compilation of many seconds."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("without_compiling")
@pytest.mark.parametrize("way", ["features", "from scratch"])
def test_an_arrival_holds_out_one_fold_and_stops_at_the_limit(folder_of_two, way):
    found = flowers.arrival(folder_of_two, way=way, seed=1, size=96, limit=0.001)
    assert found["photographs"] == {"trained on": 32, "held out": 16, "tested on": 12}
    assert len(found["course"]) == 1 and found["course"][0][0] > 0.001
    assert 0 <= found["test"] <= 1
    if way == "features":
        assert found["course"][0][1] == 1.0  # two colours: a linear model tells them apart
