"""Each optimiser follows Keras's for twenty steps."""

import numpy as np
import pytest

from course_utils.scratch import optimisers

PAIRS = {
    "SGD": (optimisers.SGD, {"learning_rate": 0.05}),
    "Momentum": (optimisers.Momentum, {"learning_rate": 0.05, "momentum": 0.8}),
    "RMSprop": (optimisers.RMSprop, {"learning_rate": 0.02, "rho": 0.85}),
    "Adam": (optimisers.Adam, {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95}),
}


def _in_keras(name, settings):
    from keras import optimizers

    return getattr(optimizers, {"Momentum": "SGD"}.get(name, name))(**settings)


def _gradients(parameters, step):
    """A bowl of unequal axes plus noise: gradients of many sizes and both signs."""
    random = np.random.default_rng(step)
    return [w * np.linspace(0.1, 3, w.size).reshape(w.shape) + random.normal(size=w.shape) for w in parameters]


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("name", PAIRS)
def test_twenty_steps_equal_keras(name, own):
    from keras import Variable

    make, knobs = PAIRS[name]
    if not own:  # the values that nobody sets
        knobs = {"momentum": 0.9} if name == "Momentum" else {}
    random = np.random.default_rng(0)
    parameters = [random.normal(size=(3, 4)), random.normal(size=4)]
    theirs = [Variable(w, dtype="float64") for w in parameters]
    mine, keras_optimiser = make(**knobs), _in_keras(name, knobs)
    for step in range(20):
        gradients = _gradients(parameters, step)
        parameters = mine.step(parameters, gradients)
        keras_optimiser.apply(gradients, theirs)
        for received, expected in zip(parameters, theirs, strict=True):
            np.testing.assert_allclose(received, expected.numpy(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_stays_and_old_parameters_stay(name, dtype):
    optimiser = PAIRS[name][0]()
    before = [np.ones((2, 2), dtype=dtype)]
    for _ in range(3):
        after = optimiser.step(before, [np.full((2, 2), 0.5, dtype=dtype)])
    assert after[0].dtype == np.dtype(dtype)
    np.testing.assert_array_equal(before[0], np.ones((2, 2)))
    assert (after[0] < before[0]).all()


def test_defaults_in_numbers():
    assert vars(optimisers.SGD()) == {"learning_rate": 0.01}
    assert vars(optimisers.Momentum()) == {"learning_rate": 0.01, "momentum": 0.9, "velocities": None}
    assert vars(optimisers.RMSprop()) == {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7, "squares": None}
    adam = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    assert vars(optimisers.Adam()) == adam | {"steps": 0, "means": None, "squares": None}


def written_out(name, gradients):
    """Where one number goes, step by step as the formulas have it; epsilon is large, so that it shows."""
    w, v, m, s = 1.0, 0.0, 0.0, 0.0
    for step, g in enumerate(gradients, start=1):
        if name == "SGD":
            w -= 0.05 * g
        if name == "Momentum":
            v = 0.8 * v - 0.05 * g
            w += v
        if name == "RMSprop":
            s = 0.85 * s + 0.15 * g * g
            w -= 0.02 * g / (s + 0.01) ** 0.5
        if name == "Adam":
            m, s = 0.8 * m + 0.2 * g, 0.95 * s + 0.05 * g * g
            w -= 0.02 * (1 - 0.95**step) ** 0.5 / (1 - 0.8**step) * m / (s**0.5 + 0.01)
    return w


@pytest.mark.parametrize("name", PAIRS)
def test_steps_as_the_formulas_have_them(name):
    make, knobs = PAIRS[name]
    optimiser = make(**knobs, **({"epsilon": 0.01} if name in ("RMSprop", "Adam") else {}))
    gradients = [0.5, -2.0, 0.25, 3.0]
    both = [np.array([1.0]), np.array([[1.0, 1.0]])]
    for place, g in enumerate(gradients, start=1):
        both = optimiser.step(both, [np.array([g]), np.array([[g, 2 * g]])])
        assert both[0][0] == pytest.approx(written_out(name, gradients[:place]), rel=1e-12)
        assert both[1][0].tolist() == pytest.approx(
            [written_out(name, gradients[:place]), written_out(name, [2 * g for g in gradients[:place]])], rel=1e-12
        )


@pytest.mark.parametrize("name", PAIRS)
def test_every_parameter_has_its_gradient(name):
    optimiser = PAIRS[name][0]()
    with pytest.raises(ValueError, match="zip"):
        optimiser.step([np.zeros(2)], [np.zeros(2), np.zeros(3)])
    if name != "SGD":  # what is remembered belongs to the parameters of the first step
        optimiser.step([np.zeros(2)], [np.ones(2)])
        with pytest.raises(ValueError, match="zip"):
            optimiser.step([np.zeros(2)] * 2, [np.ones(2)] * 2)
