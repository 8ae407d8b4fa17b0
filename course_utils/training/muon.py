"""Muon: momentum whose step is made equally long in every direction."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

__all__ = ["Muon", "orthogonalise"]

MOMENTUM = 0.6  # how much of the last step's direction is kept
ADAM_RATIO = 1 / 25  # Adam's learning rate, as a share of that for the kernels
FIRST_LAYER = "stem"  # in the path of its kernel, which Adam takes


def orthogonalise(matrix: Any, *, rounds: int = 3) -> Any:
    """Bring all singular values of a matrix close to one, keeping its directions, by products of matrices alone.

    Source: the Newton-Schulz iteration with the constants of Jordan et al., "Muon", 2024. Values end between 0.7
    and 1.2, which is as good for training as exactly one.

    Args:
        matrix: shape (rows, columns).
        rounds: how often the iteration is applied.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = ops.transpose(matrix) if tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    for _ in range(rounds):
        square = ops.matmul(x, ops.transpose(x))
        x = 3.4445 * x + ops.matmul(-4.7750 * square + 2.0315 * ops.matmul(square, square), x)
    return ops.transpose(x) if tall else x


@keras.saving.register_keras_serializable("course")
class Muon(keras.optimizers.Optimizer):
    """Muon for convolution kernels, Adam for everything else: biases, the last layer, and a first layer named "stem".

    Adam scales each weight's step by itself. Muon treats a kernel as one matrix, (kernel height * width * channels
    in) by (channels out), and makes the step equally long along all its directions, so that directions with small
    gradients are learnt too. Keras has an optimiser of that name as well; it leaves convolutions to Adam.
    Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.

    Args:
        learning_rate: for the kernels. A schedule may change it; Adam's moves with it.
        **rest: as every optimiser of Keras takes them.
    """

    def __init__(self, learning_rate: float = 0.5, **rest: Any) -> None:
        super().__init__(learning_rate=learning_rate, **rest)

    def build(self, variables: Sequence[Any]) -> None:
        """Create a momentum for every variable and Adam's second moment."""
        if self.built:
            return
        super().build(variables)
        self._momenta = [self.add_variable_from_reference(v, name="momentum") for v in variables]
        self._with_adam = [len(v.shape) != 4 or FIRST_LAYER in v.path for v in variables]
        self._squares = [self.add_variable_from_reference(v, name="square") for v in variables]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable."""
        index = self._get_variable_index(variable)
        momentum, square = self._momenta[index], self._squares[index]
        if self._with_adam[index]:
            self._adam_step(gradient, variable, learning_rate * ADAM_RATIO, momentum, square)
            return
        self.assign(momentum, MOMENTUM * momentum + gradient)
        direction = gradient + MOMENTUM * momentum  # Nesterov: look one step ahead
        flat = orthogonalise(ops.reshape(direction, (-1, variable.shape[-1])))
        self.assign_sub(variable, learning_rate * ops.reshape(flat, variable.shape))

    def _adam_step(self, gradient: Any, variable: Any, learning_rate: Any, momentum: Any, square: Any) -> None:
        steps = ops.cast(self.iterations + 1, "float32")
        self.assign(momentum, 0.9 * momentum + 0.1 * gradient)
        self.assign(square, 0.99 * square + 0.01 * ops.square(gradient))
        mean, spread = momentum / (1 - 0.9**steps), ops.sqrt(square / (1 - 0.99**steps))
        self.assign_sub(variable, learning_rate * mean / (spread + 1e-7))
