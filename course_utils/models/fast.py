"""Small convolutional networks that learn as much as they can in little time."""

from collections.abc import Sequence

import keras
from keras import layers

__all__ = ["averaged_over_mirrored", "fast_cnn", "stem_stride"]

# Pixels between two patches of the first layer, by the shorter side of the images: 16 to 32 rows are left to work on.
STRIDES = {16: 1, 40: 2, 96: 4}


def fast_cnn(input_shape: tuple[int, int, int], classes: int, *, widths: Sequence[int] = (24, 48, 96)) -> keras.Model:
    """A convolutional network for short training: few operations on many pixels, most work where the image is small.

    The first layer looks at overlapping patches and halves the image at once. Each stage then pools before it
    normalises, so that normalising costs a quarter. Written out in lesson 15.

    Args:
        input_shape: (height, width, channels) of one image, uint8; from 8x8 pixels on.
        classes: how many classes there are.
        widths: channels of the first layer and of each stage.

    Returns:
        A model that is not compiled yet. It takes uint8 images and gives probabilities, shape (batch, classes); the
        layer "logits" comes before them.
    """
    stride = stem_stride(input_shape)
    patch = 2 * stride if stride > 1 else 3
    images = keras.Input(input_shape, dtype="uint8", name="images")
    x = layers.Rescaling(1 / 127.5, offset=-1)(images)
    x = layers.Conv2D(widths[0], patch, strides=stride, padding="same", activation="relu", name="stem")(x)
    for number, channels in enumerate(widths[1:], start=1):
        x = layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"stage_{number}_first")(x)
        x = layers.MaxPooling2D(padding="same")(x)
        x = layers.BatchNormalization(scale=False, momentum=0.8)(x)
        x = layers.ReLU()(x)
        x = layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"stage_{number}_second")(x)
        x = layers.BatchNormalization(scale=False, momentum=0.8)(x)
        x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    probabilities = layers.Softmax(dtype="float32", name="probabilities")(logits)
    return keras.Model(images, probabilities, name="fast_cnn")


def stem_stride(input_shape: tuple[int, int, int]) -> int:
    """Pixels between two patches of the first layer of `fast_cnn`, for images (height, width, channels)."""
    side = min(input_shape[:2])
    return next((stride for largest, stride in STRIDES.items() if side <= largest), max(STRIDES.values()))


def averaged_over_mirrored(network: keras.Model) -> keras.Model:
    """A model that looks at each image as it is and mirrored, and gives the mean of both answers.

    Args:
        network: takes images of shape (batch, height, width, channels) and gives probabilities.

    Returns:
        A model of the same input and output. It shares the weights of `network`.
    """
    images = keras.Input(network.input_shape[1:], dtype=network.input.dtype, name="images")
    probabilities = layers.Average(name="mean")([network(images), network(keras.ops.flip(images, axis=2))])
    return keras.Model(images, probabilities, name=f"{network.name}_mirrored")
