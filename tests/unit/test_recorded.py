"""Recorded figures come back with the data, seeds, date and versions of their own run, not with today's."""

import datetime
import json
import platform
from importlib import metadata

import pytest

from course_utils import paths, recorded


def test_what_json_cannot_hold_leaves_what_was_there(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path / "results")
    recorded.save("x", 1, data="none", seeds=[0], folder=tmp_path / "results")
    with pytest.raises(ValueError, match="JSON"):
        recorded.save("x", float("nan"), data="none", seeds=[0], folder=tmp_path / "results")
    assert recorded.load("x").figures == 1


def test_every_record_can_be_measured_again():
    """By a script of its lesson, by `course bench`, or by the scripts behind the cards; one is kept by hand."""
    scripts = (paths.notebooks_folder() / "source").glob("lesson_*/recorded_*.py")
    made = {f"{path.parent.name.split('_')[1]}_{path.stem.removeprefix('recorded_')}" for path in scripts}
    made |= {"bench_cifar10", "bench_fashion_mnist", "bench_flowers", "cutouts_card", "shapes_card"}
    assert {path.stem for path in paths.results_folder().glob("*.json")} == made | {"bench_tried"}


def test_a_name_that_was_never_recorded_is_refused():
    with pytest.raises(FileNotFoundError, match=r"recorded as 'never'\. Recorded:"):
        recorded.load("never")


def test_everything_that_is_told_of_a_record_comes_from_its_file(monkeypatch, tmp_path):
    """Each field differs from what this machine would say today."""
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path)
    written = {
        "name": "another name",
        "data": "CIFAR-10 (JPEG copy)",
        "seeds": [7, 3, 11],
        "date": "2001-02-03",
        "versions": {"tensorflow": "0.1", "python": "2.7", "a package that is gone": "9"},
        "figures": {"accuracy": [0.25, 0.5]},
    }
    (tmp_path / "01_old.json").write_text(json.dumps(written), encoding="utf-8")
    read = recorded.load("01_old")
    assert {name: getattr(read, name) for name in written} == written | {"seeds": (7, 3, 11)}
    line = "recorded on 2001-02-03: CIFAR-10 (JPEG copy), seeds 7, 3, 11, tensorflow 0.1, python 2.7"
    assert str(read) == f"{line}, a package that is gone 9"


def test_what_is_saved_says_when_and_with_what_it_was_measured(monkeypatch, tmp_path):
    class LongAgo(datetime.date):
        @classmethod
        def today(cls):
            return cls(2001, 2, 3)

    monkeypatch.setattr(datetime, "date", LongAgo)
    monkeypatch.setattr(metadata, "version", lambda package: f"version of {package}")
    monkeypatch.setattr(platform, "python_version", lambda: "3.99")
    recorded.save("x", 1, data="none", seeds=[4], folder=tmp_path / "results")
    content = json.loads((tmp_path / "results" / "x.json").read_text(encoding="utf-8"))
    packages = {package: f"version of {package}" for package in ("tensorflow", "keras", "numpy", "scikit-learn")}
    assert content == {
        "name": "x",
        "data": "none",
        "seeds": [4],
        "date": "2001-02-03",
        "versions": packages | {"python": "3.99"},
        "figures": 1,
    }
