"""The layers of a convolutional network in NumPy: forward and backward passes short enough to read.

Images are channels-last, `(batch, height, width, channels)`; kernels are `(kernel_height, kernel_width, channels_in,
filters)`, as in Keras. A forward function takes its input and returns its output. Its backward function takes the
gradient of the loss with respect to that output, then the same inputs again, and returns the gradient with respect
to each of them. Nothing is stored between the two calls. float32 stays float32 and float64 stays float64.
"""

from course_utils.scratch import (
    activations,
    convolution,
    dense,
    gradient_check,
    losses,
    optimisers,
    pooling,
    sizes,
)

__all__ = [
    "activations",
    "convolution",
    "dense",
    "gradient_check",
    "losses",
    "optimisers",
    "pooling",
    "sizes",
]
