"""The check finds right gradients right and wrong ones wrong."""

import re
import subprocess
import sys

import numpy as np
import pytest

from course_utils.scratch import gradient_check


def test_a_slope_known_from_calculus():
    x = np.random.default_rng(0).normal(size=(2, 3))
    measured = gradient_check.numerical_gradient(lambda value: float(np.sum(np.sin(value) * value)), x)
    assert gradient_check.relative_error(np.sin(x) + x * np.cos(x), measured) < 1e-9


@pytest.mark.parametrize("mistake", [lambda g: 1.01 * g, lambda g: -g, lambda g: g + 0.1, lambda g: g[::-1]])
def test_a_wrong_gradient_is_seen(mistake):
    x = np.array([1.0, 2.0, -0.5])
    measured = gradient_check.numerical_gradient(lambda value: float(np.sum(value**3)), x)
    assert gradient_check.relative_error(mistake(3 * x**2), measured) > 5e-3


def test_the_point_stays_and_integers_and_float32_work():
    for x in (np.array([1, 2]), np.array([1, 2], dtype="float32")):
        measured = gradient_check.numerical_gradient(lambda value: float(np.sum(value**2)), x)
        np.testing.assert_allclose(measured, [2, 4], rtol=1e-9)
        assert x.tolist() == [1, 2]


def test_relative_error_of_zeros_and_opposites():
    assert gradient_check.relative_error(np.zeros(3), np.zeros(3)) == 0
    assert gradient_check.relative_error(np.ones(3), -np.ones(3)) == pytest.approx(2)
    assert gradient_check.relative_error(np.zeros(3), np.ones(3)) == 1


def test_errors_state_the_rule_and_what_arrived():
    with pytest.raises(ValueError, match=r"\(2,\)"):
        gradient_check.numerical_gradient(lambda value: value, np.zeros(2))
    with pytest.raises(ValueError, match=r"positive step.*0"):
        gradient_check.numerical_gradient(np.sum, np.zeros(2), step=0)
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        gradient_check.relative_error(np.zeros(2), np.zeros(3))


def test_importing_the_package_loads_numpy_alone():
    code = (
        "import sys; import course_utils.scratch; print({'tensorflow', 'keras', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_the_step_is_the_one_asked_for_and_small_by_default():
    seen = []

    def function(value):
        seen.append(value.copy())
        return value.sum()

    gradient_check.numerical_gradient(function, np.array([1.0, 2.0]), step=0.25)
    assert [point.tolist() for point in seen] == [[1.25, 2], [0.75, 2], [1, 2.25], [1, 1.75]]
    seen.clear()
    gradient_check.numerical_gradient(function, np.array([0.0]))
    assert 1e-7 < seen[0][0] < 1e-4


def test_the_error_is_relative_to_the_longer_one():
    assert gradient_check.relative_error(np.array([3.0, 0.0]), np.array([0.0, 4.0])) == pytest.approx(5 / 4)
    assert gradient_check.relative_error(np.array([0.0, 4.0]), np.array([3.0, 0.0])) == pytest.approx(5 / 4)
    assert gradient_check.relative_error(np.array([1e-9]), np.array([2e-9])) == pytest.approx(0.5)
    assert gradient_check.relative_error([1, 2], [1, 2]) == 0
    assert isinstance(gradient_check.relative_error([1], [2]), float)


def test_one_number_in_an_array_is_a_number_and_more_are_refused_in_full():
    assert gradient_check.numerical_gradient(lambda value: value[:1], np.array([1.0])) == pytest.approx([1.0])
    for call, message in (
        (
            lambda: gradient_check.numerical_gradient(lambda value: value, np.zeros(2)),
            "Expected a function that returns one number. Received an array of shape (2,).",
        ),
        (
            lambda: gradient_check.numerical_gradient(np.sum, np.zeros(2), step=-1.0),
            "Expected a positive step. Received: -1.0.",
        ),
        (
            lambda: gradient_check.relative_error(np.zeros(2), np.zeros((2, 1))),
            "Expected two arrays of one shape. Received: (2,) and (2, 1).",
        ),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            call()


@pytest.mark.parametrize("swapped", [False, True])
def test_lengths_are_measured_in_double_precision(swapped):
    large, zero = np.array([1e30], "float32"), np.array([0.0])  # its square is beyond float32
    assert gradient_check.relative_error(*((zero, large) if swapped else (large, zero))) == pytest.approx(1)
