"""The first network of the course, and a narrower one."""

import keras
from keras import layers

__all__ = ["narrow_cnn", "small_cnn"]


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


def narrow_cnn(input_shape: tuple[int, int, int], classes: int) -> keras.Model:
    """Three convolutions with about as many weights as a small vision transformer: the CNN of lesson 13's race.

    For grey pictures and ten classes it has 19,760 weights; `small_vit` with patches of 7 pixels and a width of 32,
    on pictures of 28 x 28, has 19,658.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(50, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
