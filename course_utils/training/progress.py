"""Training that is seen: a callback for plain `fit`."""

import keras

from course_utils.moving_line import MovingLine

__all__ = ["Progress"]

STEPS = "▁▂▃▄▅▆▇█"  # from 0 to 1


class Progress(keras.callbacks.Callback):
    """One line that moves while a network trains: epoch, accuracy, a curve that grows, and the seconds left.

    The curve has a step for each epoch, as high as the accuracy: on the validation images where there are any, else on
    those of the training set.

    Args:
        networks: how many networks are trained one after the other with this callback; the line counts them.

    Example:
        >>> model.fit(x, y, epochs=6, verbose=0, callbacks=[training.Progress()])
    """

    def __init__(self, networks: int = 1) -> None:
        super().__init__()
        self.networks, self._network = networks, 0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - as in Keras
        self._network, self._epoch = self._network % self.networks + 1, 0
        self._curve = ""
        if self._network == 1:
            self._line = MovingLine(total=self.networks * self.params["epochs"])
        self._say(0.0, {})

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._say((batch + 1) / self.params["steps"] if self.params["steps"] else 0.0, logs or {})

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        logs = logs or {}
        accuracy = logs.get("val_accuracy", logs.get("accuracy"))
        if accuracy is not None:
            self._curve += STEPS[round(accuracy * (len(STEPS) - 1))]
        self._say(1.0, logs)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        if self._network == self.networks:
            self._line.close()

    def _say(self, share: float, logs: dict[str, float]) -> None:
        words = [f"network {self._network} of {self.networks}"] if self.networks > 1 else []
        words.append(f"epoch {self._epoch + 1} of {self.params['epochs']}")
        names = {"accuracy": "accuracy", "val_accuracy": "on validation images"}
        words += [f"{name} {logs[key]:.3f}" for key, name in names.items() if key in logs]
        done = (self._network - 1) * self.params["epochs"] + self._epoch + share
        self._line.show(done, f"{', '.join(words)}  {self._curve}".rstrip())
