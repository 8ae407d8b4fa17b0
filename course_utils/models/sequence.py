"""Networks that read an image as a sequence, and a network of residual blocks: lesson 13 writes them out."""

import keras
from keras import layers

__all__ = ["AddPosition", "recurrent_network", "residual_network", "vision_transformer"]


class AddPosition(layers.Layer):
    """Adds one learned vector to each place of a sequence, the same for all images.

    Input and output have the shape (batch, places, width). To load a saved model that contains this layer, pass
    `custom_objects={"AddPosition": AddPosition}` to `keras.models.load_model`.

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words, 2021, section 3.1.
    """

    def build(self, shape: tuple[int | None, int, int]) -> None:
        """Make the vectors, small random ones at the start; `shape` is that of the input."""
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.position = self.add_weight(shape=shape[1:], initializer=start)

    def call(self, x: "keras.KerasTensor") -> "keras.KerasTensor":
        """The sequence with the vectors added."""
        return x + self.position


def recurrent_network(
    input_shape: tuple[int, int, int], classes: int, cell: type[layers.RNN] = layers.LSTM, width: int = 32
) -> keras.Model:
    """A recurrent layer that reads an image row by row, and a dense layer on its last state.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.
        cell: `layers.SimpleRNN`, `layers.LSTM` or `layers.GRU`.
        width: units of the recurrent layer.

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).
    """
    rows, columns, channels = input_shape
    inputs = keras.Input(input_shape)
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = layers.Reshape((rows, columns * channels))(x)  # one row is one step
    x = cell(width)(x)  # the state after the last row
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)


def vision_transformer(
    input_shape: tuple[int, int, int],
    classes: int,
    patch: int = 2,
    width: int = 32,
    blocks: int = 2,
    heads: int = 4,
    positions: bool = True,
) -> keras.Model:
    """A small vision transformer: patches, position embedding, blocks of attention and dense layers, a mean.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.
        patch: side of a patch in pixels; height and width are multiples of it.
        width: numbers that stand for one patch, a multiple of `heads`.
        blocks: how many blocks.
        heads: attentions side by side in each block; their layers are called attention_0, attention_1 and so on.
        positions: whether patches are told where they stand.

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words, 2021, section 3.1; the mean over the patches stands in
    the place of the class token.
    """
    inputs = keras.Input(input_shape)
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = layers.Conv2D(width, patch, strides=patch)(x)  # one vector a patch
    x = layers.Reshape((-1, width))(x)  # (batch, patches, width)
    if positions:
        x = AddPosition()(x)
    for number in range(blocks):
        seen = layers.LayerNormalization()(x)
        attend = layers.MultiHeadAttention(heads, width // heads, name=f"attention_{number}")
        x = layers.Add()([x, attend(seen, seen)])
        seen = layers.LayerNormalization()(x)
        hidden = layers.Dense(2 * width, activation="relu")(seen)
        x = layers.Add()([x, layers.Dense(width)(hidden)])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)


def residual_network(
    input_shape: tuple[int, int, int],
    classes: int,
    width: int = 12,
    blocks: int = 4,
    stride: int = 1,
    skip: bool = True,
    start: str = "glorot_uniform",
) -> keras.Model:
    """A small residual network: a convolution, then blocks of two convolutions whose result is added to their input.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.
        width: filters of every convolution.
        blocks: how many blocks, of two convolutions each; the maps are halved in the middle.
        stride: of the first convolution; 2 makes larger images affordable.
        skip: False leaves the additions out, which gives a plain network with the same parameters.
        start: how kernels are drawn at the start, such as "he_normal".

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).

    Source: He et al., Deep Residual Learning for Image Recognition, 2016, section 3; without batch normalisation.
    """
    inputs = keras.Input(input_shape)
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    how = {"padding": "same", "kernel_initializer": start}
    x = layers.Conv2D(width, 3, strides=stride, activation="relu", **how)(x)
    for number in range(blocks):
        if number == blocks // 2:
            x = layers.MaxPooling2D()(x)
        y = x
        for activation in ("relu", "linear"):
            y = layers.Conv2D(width, 3, activation=activation, **how)(y)
        y = layers.Add()([x, y]) if skip else y
        x = layers.Activation("relu")(y)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)
