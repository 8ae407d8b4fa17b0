"""The reference programs A, B and C: the small networks that countless tutorials print."""

import keras
from keras import layers

__all__ = ["program_a", "program_b", "program_c"]


def program_a(input_shape: tuple[int, int, int] = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Reference program A: two convolutions and a dense layer of 64, for grey images of 28 by 28.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.

    Returns:
        A model that is not compiled yet, with 121,930 parameters at the default shape.
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def program_b(input_shape: tuple[int, int, int] = (32, 32, 3), classes: int = 10) -> keras.Model:
    """Reference program B: two convolutions and a dense layer of 128, for colour images of 32 by 32.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.

    Returns:
        A model that is not compiled yet, with 315,722 parameters at the default shape.
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def program_c(input_shape: tuple[int, int, int] = (32, 32, 3), classes: int = 10) -> keras.Model:
    """Reference program C: three convolutions and a dense layer of 64, for colour images of 32 by 32.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.

    Returns:
        A model that is not compiled yet, with 122,570 parameters at the default shape.
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
