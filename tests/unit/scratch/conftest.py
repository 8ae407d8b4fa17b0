"""TensorFlow as the reference: its output, and its gradients for a given gradient of the output."""

import os

import numpy as np
import pytest


@pytest.fixture(scope="session")
def reference():
    """A function (f, upstream gradient or None, *arrays) -> (output, gradient of each array), by GradientTape."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    def run(function, upstream, *arrays):
        tensors = [tf.constant(array) for array in arrays]
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            output = function(*tensors)
            total = tf.reduce_sum(output if upstream is None else output * tf.constant(upstream(output.shape)))
        gradients = tape.gradient(total, tensors)
        return output.numpy(), [gradient.numpy() for gradient in gradients]

    return run


@pytest.fixture
def close():
    """Compare two arrays: same dtype, equal up to the rounding of that dtype."""

    def compare(received, expected):
        assert received.dtype == expected.dtype
        tolerance = 1e-5 if expected.dtype == np.float32 else 1e-12
        scale = max(1.0, float(np.abs(expected).max(initial=0)))
        np.testing.assert_allclose(received, expected, rtol=0, atol=tolerance * scale)

    return compare
