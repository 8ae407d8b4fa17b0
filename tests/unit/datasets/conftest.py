"""A data home of its own for every test, and small pictures to fill folders and archives with."""

import importlib.util

import numpy as np
import pytest
import small_pictures
from stand_in_server import Server

from course_utils import paths


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty data home; nothing a test does reaches the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COURSE_DATA", str(folder))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return folder


@pytest.fixture
def server():
    """Stands in for the server of a benchmark: files by name in `server.files`, reached at `server.address`."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def picture():
    """picture(value, size=(height, width), form="PNG") -> the bytes of a one-coloured picture."""
    return small_pictures.plain


@pytest.fixture
def folder(tmp_path, picture):
    """folder(counts, splits=False) -> a folder of pictures; counts: class name -> how many (in each split)."""

    def make(counts, *, splits=(), where="pictures"):
        root = tmp_path / where
        value = 0
        for split in splits or ("",):
            for class_name, count in counts.items():
                (root / split / class_name).mkdir(parents=True)
                for i in range(count):
                    value += 1
                    (root / split / class_name / f"{i:04d}.png").write_bytes(picture(value % 256))
        return root

    return make


@pytest.fixture
def arrays():
    """Four small arrays in the stored form: 3 classes, 30 training and 9 test images of 4x5 grey."""
    rng = np.random.default_rng(1)
    return {
        "x_train": rng.integers(0, 256, (30, 4, 5, 1), dtype=np.uint8),
        "y_train": np.arange(30, dtype=np.int64) % 3,
        "x_test": rng.integers(0, 256, (9, 4, 5, 1), dtype=np.uint8),
        "y_test": np.arange(9, dtype=np.int64) % 3,
        "class_names": np.array(["cat", "dog", "emu"]),
        "note": np.array("made up"),
    }


@pytest.fixture
def script():
    """script(name) -> a script of tests/benchmarks, loaded."""

    def load(name):
        spec = importlib.util.spec_from_file_location(name, paths.project_root() / "tests/benchmarks" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
