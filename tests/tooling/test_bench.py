"""`course bench`: the order of measurements, what is kept, the figures made of them; one small benchmark for real."""

import datetime
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from course_utils.tooling import cli
from course_utils.tooling.benchmark import arriving, measuring, running, summary
from course_utils.tooling.benchmark.pairs import FLOWERS, PAIRS, QUICK


def call(*arguments):
    return CliRunner().invoke(cli.course, ["bench", *arguments])


def speeds(images):
    return {"images a second": images, "share of peak": 0.25, "share of the data path": 0.05}


ANSWERS = {
    "reference": {"accuracy": 0.7, "seconds": 100.0, "megabytes": 900.0, "data": "cifar10 (JPEG copy)"},
    "ours": {"accuracy": 0.75, "seconds": 5.0, "megabytes": 800.0, "mirrored": True},
    "speed": {
        "matrix peak": {"float32": 1e11, "bfloat16": 6e11},
        "arithmetic": "mixed_bfloat16",
        "reference": speeds(2000),
        "share": speeds(5000),
        "full": speeds(3000),
    },
    "growth": {
        "by number": [{"images": 100, "reference": 2.0, "ours": 1.0}, {"images": 200, "reference": 4.0, "ours": 2.0}],
        "by size": [{"side": 16, "reference": 2.0, "ours": 1.0}, {"side": 32, "reference": 4.0, "ours": 2.0}],
        "images by size": 100,
    },
    "arrival": {"course": [[3.0, 0.8], [4.0, 0.95]], "test": 0.9, "data": "flowers"},
}


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The orders that were carried out; no process is started, and files go to an empty folder."""
    orders = []

    def answer(command, **_):
        order = json.loads(command[-1])
        orders.append(order)
        if order["arguments"]["seed"] == 13:
            return subprocess.CompletedProcess(command, 1, stdout="", stderr="ValueError: thirteen")
        return subprocess.CompletedProcess(command, 0, stdout="noise\nRESULT" + json.dumps(ANSWERS[order["kind"]]))

    running.platform.platform()  # it starts a program, the first time
    monkeypatch.setattr(running.subprocess, "run", answer)
    monkeypatch.setattr("course_utils.paths.build_folder", lambda: tmp_path / "build")
    monkeypatch.setattr("course_utils.paths.results_folder", lambda: tmp_path / "results")
    return orders


def test_ours_gets_its_share_of_the_reference_s_time_then_all_of_it(started):
    done = call("--data", "cifar10", "--seeds", "0,5")
    assert done.exit_code == 0, done.output
    kinds = [(order["kind"], order["arguments"]["seed"]) for order in started]
    assert kinds == [
        *((kind, 0) for kind in ("reference", "ours", "ours", "speed", "growth")),
        *((kind, 5) for kind in ("reference", "ours", "ours", "speed")),
    ]
    assert [o["arguments"]["seconds"] for o in started if o["kind"] == "ours"] == [
        100 * PAIRS["cifar10"].share,
        100,
    ] * 2
    assert {o["arguments"]["split"] for o in started if o["kind"] in ("reference", "ours")} == {"test"}


def test_the_table_and_the_files_say_what_was_found(started, tmp_path):
    done = call("--data", "cifar10", "--seeds", "0,1")
    assert "2 of 2 seeds" in done.output
    assert "ratio of times" in done.output
    content = json.loads((tmp_path / "results" / "bench_cifar10.json").read_text(encoding="utf-8"))
    assert content["data"] == "cifar10 (JPEG copy)" and content["seeds"] == [0, 1]
    assert content["figures"]["summary"]["share: ratio of times"] == {"min": 20, "median": 20, "max": 20}
    assert "0.750" in content["figures"]["picture"]
    assert (tmp_path / "results" / "bench_cifar10.png").stat().st_size > 1000


def test_what_is_finished_is_not_measured_again(started):
    call("--data", "cifar10", "--seeds", "0")
    first = len(started)
    call("--data", "cifar10", "--seeds", "0,1")
    assert [order["arguments"]["seed"] for order in started[first:]] == [1] * 4


class Day(datetime.date):
    """A calendar that the tests turn."""

    now = "2001-02-03"

    @classmethod
    def today(cls):
        return cls.fromisoformat(cls.now)


def test_all_is_measured_again_where_anything_that_it_rests_on_is_another(started, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "cifar10.npz").write_bytes(b"a copy")
    call("--data", "cifar10", "--seeds", "0")
    first = len(started)
    for place, name, answer in (
        (running, "digest_of_code", lambda package: "changed"),
        (running.recorded, "versions", lambda: {"tensorflow": "99"}),
        (running.platform, "node", lambda: "another machine"),
        (running.os, "cpu_count", lambda: 1000),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(place, name, answer)
            call("--data", "cifar10", "--seeds", "0")
        assert started[-first:] == started[:first] and len(started) == 2 * first, name
        del started[first:]
    call("--data", "cifar10", "--seeds", "0")  # all is again as it was
    assert len(started) == first
    (tmp_path / "cifar10.npz").write_bytes(b"the originals")
    call("--data", "cifar10", "--seeds", "0")
    assert started[first:] == started[:first]


def test_the_code_that_counts_is_what_a_measurement_runs(tmp_path):
    def changed(name):
        file = tmp_path / name
        before = running.digest_of_code(tmp_path)
        file.write_text(file.read_text() + "# another line\n")
        return running.digest_of_code(tmp_path) != before

    names = (
        *("training/step.py", "models/first.py", "startup.py"),
        *("tooling/benchmark/measuring.py", "tooling/benchmark/arriving.py"),
    )
    beside = ("tooling/cli.py", "tooling/benchmark/publishing.py")
    for name in (*names, *beside):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("pass\n")
    assert {name: changed(name) for name in (*names, *beside)} == {
        **dict.fromkeys(names, True),
        **dict.fromkeys(beside, False),
    }
    assert all((Path(running.recorded.__file__).parent / name).is_file() for name in (*names, *beside))


def test_figures_bear_the_day_of_their_first_measurement(started, monkeypatch, tmp_path):
    monkeypatch.setattr(datetime, "date", Day)
    monkeypatch.setattr(Day, "now", "2001-02-03")
    call("--data", "cifar10", "--seeds", "0")
    monkeypatch.setattr(Day, "now", "2001-03-04")
    done = call("--data", "cifar10", "--seeds", "0,1")
    content = json.loads((tmp_path / "results" / "bench_cifar10.json").read_text(encoding="utf-8"))
    assert content["date"] == "2001-02-03"
    assert "as measured on 2001-02-03" in done.output
    days = [run["date"] for run in content["figures"]["measurements"]["reference"]]
    assert days == ["2001-02-03", "2001-03-04"]


def test_a_failed_measurement_is_named_and_what_was_finished_is_kept(started):
    done = call("--data", "cifar10", "--seeds", "0,13")
    assert done.exit_code == 1
    assert "thirteen" in done.output and "seed 13" in done.output and "Traceback" not in done.output
    before = len(started)
    call("--data", "cifar10", "--seeds", "0")
    assert len(started) == before


def test_validation_and_trials_publish_nothing(started, tmp_path):
    assert call("--data", "cifar10", "--seeds", "0", "--validation").exit_code == 0
    assert {o["arguments"]["split"] for o in started if "split" in o["arguments"]} == {"validation"}
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(("arguments", "word"), [(["--data", "mnist"], "cifar10"), (["--seeds", "a"], "0,1,2")])
def test_wrong_use_says_what_is_possible(arguments, word):
    done = call(*arguments)
    assert done.exit_code == 2
    assert word in done.output


def test_spread_leaves_out_what_a_system_does_not_tell():
    assert summary.spread([3, 1, 2]) == {"min": 1, "median": 2, "max": 3}
    assert summary.spread([None, 2.0]) == {"min": 2, "median": 2, "max": 2}
    assert summary.spread([None])["max"] == 0


def test_operations_are_counted_three_times_forward():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    assert measuring.operations_of_training(model) == 3 * 2 * (4 * 4) * (3 * 3 * 2)


def test_resized_images_are_whole_pixels():
    x = np.full((2, 8, 8, 3), 200, np.uint8)
    small = measuring.resized(x, 4)
    assert small.shape == (2, 4, 4, 3) and small.dtype == np.uint8 and (small == 200).all()


@pytest.mark.slow
def test_a_small_benchmark_for_real(tmp_path):
    command = [sys.executable, "-m", "course_utils", "bench", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "bench_quick.json").read_text(encoding="utf-8"))["figures"]
    assert found["pair"]["reference"] == QUICK.reference
    assert found["summary"]["full: images a second"]["min"] > 0
    assert len(found["measurements"]["growth"][0]["by size"]) == len(QUICK.sides)


def test_a_way_that_has_not_arrived_counts_with_the_limit():
    run = {"test": 0.9, "date": "2001-02-03"}
    outcomes = {
        "features": [{"course": [(2.0, 0.7), (3.0, 0.86), (6.0, 0.91)], **run}],
        "fine-tuning, rate 0.001": [{"course": [(30.0, 0.5), (700.0, 0.95)], **run}],
        "fine-tuning, rate 0.0001": [{"course": [(30.0, 0.8), (90.0, 0.89)], **run}],
        "from scratch": [{"course": [(600.0, 0.3)], **run}],
    }
    found = summary.arrival_figures(outcomes, 600)
    assert found["ways"]["features"]["seconds"] == {"0.85": [3.0], "0.9": [6.0]}
    assert found["ways"]["fine-tuning, rate 0.001"]["seconds"]["0.85"] == [None]  # too late
    assert found["sooner"]["0.85: fine-tuning"]["median"] == 30  # the sooner of two rates
    assert found["sooner"]["0.9: fine-tuning"]["median"] == 100
    assert found["sooner"]["0.85: from scratch"]["median"] == 200
    table = summary.arrival_table("flowers", found)
    assert "not there" in table and "30.0 to 30.0 times" in table


def test_ways_to_train_on_flowers_take_turns_and_get_the_limit(started, tmp_path):
    done = call("--data", "flowers", "--seeds", "0,1", "--limit", "7")
    assert done.exit_code == 0, done.output
    assert [(o["arguments"]["seed"], o["arguments"]["way"]) for o in started] == [
        (seed, way) for seed in (0, 1) for way in arriving.WAYS
    ]
    assert {o["arguments"]["limit"] for o in started} == {7.0}
    assert (tmp_path / "results" / "bench_flowers.json").is_file()
    first = len(started)
    call("--data", "flowers", "--seeds", "0,1", "--limit", "7")
    assert len(started) == first


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


@pytest.mark.parametrize("way", ["features", "from scratch"])
def test_an_arrival_holds_out_one_fold_and_stops_at_the_limit(folder_of_two, way):
    pair = replace(FLOWERS, knobs={"size": 96, "folder": str(folder_of_two)})
    found = arriving.arrival(pair, seed=1, way=way, limit=0.001)
    assert found["photographs"] == {"trained on": 32, "held out": 16, "tested on": 12}
    assert len(found["course"]) == 1 and found["course"][0][0] > 0.001
    assert 0 <= found["test"] <= 1
    if way == "features":
        assert found["course"][0][1] == 1.0  # two colours: a linear model tells them apart
