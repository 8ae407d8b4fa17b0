"""Fine-tuning for recorded experiments: a run does not depend on the runs before it."""

import numpy as np
import pytest

from course_utils.training.fine_tuning import FineTuner, fit_batches

RANDOM = np.random.default_rng(0)
PICTURES, LABELS = RANDOM.integers(0, 256, (8, 96, 96, 3)).astype("float32"), np.arange(8) % 2


@pytest.fixture(scope="module")
def tuner():
    return FineTuner(size=96, classes=2)


def test_two_runs_from_the_same_probe_give_the_same_answers(tuner):
    maps, start = tuner.lower.predict(PICTURES, verbose=0), tuner.probe.get_weights()
    untouched, answers = tuner.features(maps), []
    for _ in range(2):
        tuner.begin(start, rate=0.01, seed=1)
        fit_batches(tuner.model, maps, LABELS, batches=2, size=4, seed=1)
        answers.append(tuner.model.predict(maps, verbose=0))
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-5)
    tuner.begin(start, rate=0.01, seed=1)
    assert abs(tuner.model.predict(maps, verbose=0) - answers[0]).max() > 0.01  # the runs did train
    np.testing.assert_array_equal(tuner.features(maps), untouched)


def test_so_many_batches_are_trained_also_where_the_examples_run_out(tuner):
    features = tuner.features(tuner.lower.predict(PICTURES, verbose=0))
    before = int(tuner.probe.optimizer.iterations)
    fit_batches(tuner.probe, features, LABELS, batches=5, size=3, seed=0)
    assert int(tuner.probe.optimizer.iterations) == before + 5
