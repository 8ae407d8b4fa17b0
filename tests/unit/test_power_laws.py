"""A forecast is the line read off, and its band holds as often as it says where the line goes on."""

import numpy as np
import pytest

from course_utils import power_laws


def test_a_power_law_is_read_off_its_line_and_its_band_grows_with_scatter_and_distance():
    amounts = np.array([100, 200, 400, 800])
    assert power_laws.forecast(amounts, 2 / np.sqrt(amounts), 3200) == pytest.approx((2 / np.sqrt(3200),) * 3)
    scattered = 2 / np.sqrt(amounts) * [1.1, 0.9, 0.9, 1.1]
    near, far = (power_laws.forecast(amounts, scattered, at) for at in (1600, 25_600))
    assert near[1] < near[0] < near[2]
    assert far[2] / far[0] > near[2] / near[0] > 1.1
    assert near[2] / near[0] == pytest.approx(near[0] / near[1])


def test_of_bands_about_forecasts_of_true_power_laws_about_95_in_100_hold():
    random, amounts, held = np.random.default_rng(0), np.array([1, 2, 4, 8, 16, 64.0]), 0
    for _ in range(400):
        errors = 0.5 * amounts**-0.3 * np.exp(random.normal(0, 0.05, 6))
        _, low, high = power_laws.forecast(amounts[:-1], errors[:-1], amounts[-1])
        held += low <= errors[-1] <= high
    assert 0.92 <= held / 400 <= 0.98
