"""The first network of the course."""

import keras
from keras import layers

__all__ = ["small_cnn"]


def small_cnn(input_shape: tuple[int, int, int], classes: int, *, kernels: int = 32, size: int = 3) -> keras.Model:
    """A small convolutional network for small images, written out in lesson 00.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.
        kernels: how many the first convolution has; the two others have twice as many.
        size: height and width of each kernel, in pixels.

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(kernels, size, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(2 * kernels, size, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(2 * kernels, size, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
