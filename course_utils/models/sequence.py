"""Networks that read an image as a sequence, of rows or of patches, for the comparisons of lesson 21."""

import keras
from keras import layers

__all__ = ["AddPosition", "attention_block", "recurrent_network", "vision_transformer"]


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


def attention_block(x: "keras.KerasTensor", number: int, *, heads: int, activation: str) -> "keras.KerasTensor":
    """One block of a transformer: the rows (batch, places, width) look around, then each thinks for itself.

    Args:
        x: the rows; the width is a multiple of `heads`.
        number: of the block; its layer of attention is called attention_0, attention_1 and so on.
        heads: attentions side by side.
        activation: of the hidden dense layer, which is twice as wide as the rows.
    """
    width = x.shape[-1]
    seen = layers.LayerNormalization()(x)
    attend = layers.MultiHeadAttention(heads, width // heads, name=f"attention_{number}")
    x = layers.Add()([x, attend(seen, seen)])
    seen = layers.LayerNormalization()(x)
    hidden = layers.Dense(2 * width, activation=activation)(seen)
    return layers.Add()([x, layers.Dense(width)(hidden)])


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
        x = attention_block(x, number, heads=heads, activation="relu")
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)
