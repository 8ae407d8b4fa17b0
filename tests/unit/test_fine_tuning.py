"""Fine-tuning for recorded experiments: a run does not depend on the runs before it."""

import numpy as np
import pytest

from course_utils.training.fine_tuning import FineTuner, fit_batches
from course_utils.training.resetting import renew_optimizer

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


def test_training_in_two_parts_sees_the_same_batches_as_at_once(tuner):
    features, seen = tuner.features(tuner.lower.predict(PICTURES, verbose=0)), []
    for parts in ([(0, 5)], [(0, 2), (2, 5)]):
        renew_optimizer(tuner.probe)
        tuner.probe.set_weights([np.zeros((1280, 2)), np.zeros(2)])
        for done, batches in parts:
            fit_batches(tuner.probe, features, LABELS, batches=batches, size=3, seed=0, done=done)
        seen.append(tuner.probe.get_weights())
    np.testing.assert_allclose(seen[0][0], seen[1][0], atol=1e-6)
