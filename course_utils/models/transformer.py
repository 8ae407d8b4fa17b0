"""A small vision transformer with a class token: lesson 13 writes it out."""

from typing import Any

import keras
from keras import layers

__all__ = ["TokenAndPositions", "small_vit"]

HEADS, BLOCKS = 4, 2  # attentions side by side in each block, and blocks


class TokenAndPositions(layers.Layer):
    """Puts a learned row, the class token, before the rows of the patches, and adds a learned row to each place.

    Input (batch, patches, width), output (batch, 1 + patches, width). To load a saved model that contains this layer,
    pass `custom_objects={"TokenAndPositions": TokenAndPositions}` to `keras.models.load_model`.

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words, 2021, section 3.1.
    """

    def __init__(self, positions: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.positions = positions

    def build(self, shape: tuple[int | None, int, int]) -> None:
        """Make the rows, the token of zeros and the places of small random numbers; `shape` is that of the input."""
        _, patches, width = shape
        self.token = self.add_weight(shape=(1, 1, width), initializer="zeros", name="token")
        if self.positions:
            start = keras.initializers.RandomNormal(stddev=0.02)
            self.places = self.add_weight(shape=(1, 1 + patches, width), initializer=start, name="places")

    def call(self, rows: "keras.KerasTensor") -> "keras.KerasTensor":
        """The token and the rows, with their places added where positions are asked for."""
        tokens = keras.ops.repeat(self.token, keras.ops.shape(rows)[0], axis=0)  # one a picture
        rows = keras.ops.concatenate([tokens, rows], axis=1)
        return rows + self.places if self.positions else rows

    def get_config(self) -> dict[str, Any]:
        """What the layer is made from."""
        return super().get_config() | {"positions": self.positions}


def _attention_block(x: "keras.KerasTensor", number: int) -> "keras.KerasTensor":
    """One block of a transformer: the rows (batch, places, width) look around, then each thinks for itself.

    The hidden dense layer is twice as wide as the rows.
    """
    width = x.shape[-1]
    seen = layers.LayerNormalization()(x)
    attend = layers.MultiHeadAttention(HEADS, width // HEADS, name=f"attention_{number}")
    x = layers.Add()([x, attend(seen, seen)])
    seen = layers.LayerNormalization()(x)
    hidden = layers.Dense(2 * width, activation="gelu")(seen)
    return layers.Add()([x, layers.Dense(width)(hidden)])


def small_vit(
    input_shape: tuple[int, int, int], classes: int, patch: int, *, width: int = 64, positions: bool = True
) -> keras.Model:
    """A small vision transformer of two blocks that answers from its class token.

    Its layers of attention are called attention_0 and attention_1, each with four heads.

    Args:
        input_shape: (height, width, channels) of one image; pixels from 0 to 255.
        classes: how many classes there are.
        patch: side of a patch in pixels; height and width are multiples of it.
        width: numbers that stand for one patch, a multiple of four.
        positions: whether patches are told where they stand.

    Returns:
        A model that is not compiled yet. It gives probabilities, shape (batch, classes).

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words, 2021, section 3.1; without dropout.
    """
    inputs = keras.Input(input_shape)
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = layers.Conv2D(width, patch, strides=patch)(x)
    x = layers.Reshape((-1, width))(x)  # (batch, patches, width)
    x = TokenAndPositions(positions, name="token_and_positions")(x)  # (batch, 1 + patches, width)
    for number in range(BLOCKS):
        x = _attention_block(x, number)
    token = layers.LayerNormalization()(x)[:, 0]  # (batch, width)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(token))
