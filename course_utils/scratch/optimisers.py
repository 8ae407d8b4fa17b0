"""What to do with a gradient: four rules, with the formulas and default values of Keras.

An optimiser is made once. Its `step` takes the parameters and their gradients, two lists of arrays of the same shapes
in the same order, and returns the new parameters; the old ones are left as they were. What it remembers between steps
it keeps itself.
"""

from collections.abc import Sequence

import numpy as np

__all__ = ["SGD", "Adam", "Momentum", "RMSprop"]

Arrays = Sequence[np.ndarray]


class SGD:
    """Gradient descent: a step against the gradient, as long as the gradient times the learning rate.

    On all images at once it is plain gradient descent; on a random batch at a time, stochastic gradient descent.
    """

    def __init__(self, learning_rate: float = 0.01) -> None:
        self.learning_rate = learning_rate

    def step(self, parameters: Arrays, gradients: Arrays) -> list[np.ndarray]:
        """The new parameters."""
        return [w - self.learning_rate * g for w, g in zip(parameters, gradients, strict=True)]


class Momentum:
    """The step keeps a share of the step before: a ball that rolls. Source: Polyak 1964; Keras: SGD(momentum=...)."""

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9) -> None:
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities: list[np.ndarray] | None = None

    def step(self, parameters: Arrays, gradients: Arrays) -> list[np.ndarray]:
        """The new parameters."""
        before = self.velocities or [np.zeros_like(w) for w in parameters]
        self.velocities = [self.momentum * v - self.learning_rate * g for v, g in zip(before, gradients, strict=True)]
        return [w + v for w, v in zip(parameters, self.velocities, strict=True)]


class RMSprop:
    """Each parameter's step is divided by the recent size of its own gradient. Source: Hinton 2012, lecture 6e."""

    def __init__(self, learning_rate: float = 0.001, rho: float = 0.9, epsilon: float = 1e-7) -> None:
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.squares: list[np.ndarray] | None = None

    def step(self, parameters: Arrays, gradients: Arrays) -> list[np.ndarray]:
        """The new parameters."""
        before = self.squares or [np.zeros_like(w) for w in parameters]
        self.squares = [self.rho * s + (1 - self.rho) * g**2 for s, g in zip(before, gradients, strict=True)]
        return [
            w - self.learning_rate * g / np.sqrt(s + self.epsilon)
            for w, g, s in zip(parameters, gradients, self.squares, strict=True)
        ]


class Adam:
    """A running mean of the gradient, divided by the recent size of the gradient.

    Both running means start at 0 and are too small at first; the correction makes up for that.
    Source: Kingma and Ba 2015, Adam, section 2, in the order of computation proposed at its end.
    """

    def __init__(
        self, learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
    ) -> None:
        self.learning_rate = learning_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.steps = 0
        self.means: list[np.ndarray] | None = None
        self.squares: list[np.ndarray] | None = None

    def step(self, parameters: Arrays, gradients: Arrays) -> list[np.ndarray]:
        """The new parameters."""
        self.steps += 1
        means = self.means or [np.zeros_like(w) for w in parameters]
        squares = self.squares or [np.zeros_like(w) for w in parameters]
        self.means = [self.beta_1 * m + (1 - self.beta_1) * g for m, g in zip(means, gradients, strict=True)]
        self.squares = [self.beta_2 * s + (1 - self.beta_2) * g**2 for s, g in zip(squares, gradients, strict=True)]
        # A Python float, so that float32 parameters stay float32.
        rate = self.learning_rate * (1 - self.beta_2**self.steps) ** 0.5 / (1 - self.beta_1**self.steps)
        return [
            w - rate * m / (np.sqrt(s) + self.epsilon)
            for w, m, s in zip(parameters, self.means, self.squares, strict=True)
        ]
