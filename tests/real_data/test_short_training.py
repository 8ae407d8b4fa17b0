"""A short training on real images, reached as a learner reaches them: a file in the data home, `datasets.load`."""

import shutil

import pytest

from course_utils import datasets, models, paths, startup, training

FASHION_MNIST = paths.project_root().parent / "shared" / "datasets" / "fashion_mnist.npz"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FASHION_MNIST.is_file(), reason="no benchmark images beside the project"),
]


def test_program_a_learns_clothes_in_one_short_epoch(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    shutil.copy(FASHION_MNIST, tmp_path)
    data = datasets.load("fashion_mnist", train=6000, test=2000)
    startup.load_keras()
    model = models.program_a()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    training.reset(model, seed=0)
    model.fit(data.train.x, data.train.y, batch_size=32, epochs=1, verbose=0)
    accuracy = model.evaluate(data.test.x, data.test.y, verbose=0)[1]
    assert accuracy > 0.7  # ten equal classes: guessing gives 0.1
