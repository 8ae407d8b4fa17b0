import numpy as np
import pytest

from course_utils import calibration


def test_a_fitted_temperature_undoes_what_logits_were_multiplied_by():
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 2, (4000, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    y_true = (draw.random((4000, 1)) > shares.cumsum(axis=1)).sum(axis=1)  # drawn as the shares say: calibrated
    assert calibration.fit_temperature(logits, y_true) == pytest.approx(1, abs=0.11)
    assert calibration.fit_temperature(4 * logits, y_true) == pytest.approx(4, abs=0.31)


def test_a_fitted_threshold_is_the_lowest_that_keeps_the_aim():
    confidence, right = np.array([0.4, 0.9, 0.6, 0.8]), np.array([False, True, False, True])
    assert calibration.fit_threshold(confidence, right, aim=0.9) == 0.8
    assert calibration.fit_threshold(confidence, right, aim=0.5) == 0.4
    assert calibration.fit_threshold(confidence, ~right, aim=0.9) == 2.0
