"""`course backbone`: the file that it writes, and the file that lesson 15 loads."""

import hashlib

import numpy as np
import pytest
from click.testing import CliRunner

from course_utils import datasets, models, paths, startup
from course_utils.tooling import cli
from course_utils.tooling.backbone import CLASSES, FILE, WIDTHS, train_backbone

STORED = paths.project_root() / "data" / FILE


@pytest.fixture(scope="module", autouse=True)
def keras_loaded():
    startup.load_keras()


def stored_model():
    model = models.fast_cnn((32, 32, 3), len(CLASSES), widths=WIDTHS)
    model.load_weights(STORED)
    return model


def test_the_stored_file_is_small_and_holds_weights_alone():
    import h5py

    assert STORED.stat().st_size <= 400_000
    with h5py.File(STORED) as file:
        assert {"layers"} <= set(file) <= {"layers", "optimizer", "vars", "metrics"}
        assert "optimizer" not in file


def test_the_stored_network_knows_its_five_shapes():
    data = datasets.load("shapes", train=10, validation=10, test=400, quiet=True)
    inside = np.isin(data.test.y, CLASSES)
    answers = stored_model().predict(data.test.x[inside], verbose=0).argmax(axis=1)
    assert np.mean(answers == np.searchsorted(CLASSES, data.test.y[inside])) > 0.85


@pytest.mark.slow
def test_the_command_writes_the_same_bytes_each_time_and_what_is_stored(tmp_path):
    """In processes of their own, since TensorFlow's determinism is switched on for a whole process."""
    import subprocess
    import sys

    digests = set()
    for name in ("first.weights.h5", "second.weights.h5"):
        command = [sys.executable, "-m", "course_utils", "backbone", "--out", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
        assert "KB" in done.stdout
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_training_a_little_gives_a_network_without_an_optimiser(tmp_path, monkeypatch):
    import tensorflow as tf

    monkeypatch.setattr(tf.config.experimental, "enable_op_determinism", lambda: None)  # would hold for all later tests
    data = datasets.load("shapes", train=200, validation=100, test=10, quiet=True)
    model, accuracy = train_backbone(data.train, data.validation, epochs=1)
    assert getattr(model, "optimizer", None) is None
    assert 0 <= accuracy <= 1
    assert model.output_shape == (None, 5)


def test_the_help_says_what_it_does():
    shown = CliRunner().invoke(cli.course, ["backbone", "--help"])
    assert shown.exit_code == 0
    assert "lesson 15" in shown.output
