"""The command `course backbone`: train the small network that lesson 15 carries over to other tasks."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import keras

    from course_utils.datasets import Split

__all__ = ["CLASSES", "FILE", "backbone", "train_backbone"]

FILE = "shapes_backbone.weights.h5"
# Half of the ten shapes; the others stay unseen, for lesson 15 to learn from few images.
CLASSES = (0, 3, 5, 6, 8)
WIDTHS = (16, 32, 64)  # 71,000 weights: the file stays below 400 KB
BATCH, PEAK = 64, 0.01  # images in a step, and the highest learning rate of Adam


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=f"The file; data/{FILE} by default.")
def backbone(out: Path | None) -> None:
    """Train a small network on five of the shapes and write its weights, which lesson 15 starts from.

    Takes about a minute on one core. Run again on the same machine it writes the same bytes.
    """
    from course_utils import datasets, paths, startup
    from course_utils.tooling import output_place

    file = output_place.check_file(out) if out else paths.project_root() / "data" / FILE
    startup.load_keras()
    data = datasets.load("shapes", train=10_000, validation=2000)
    model, accuracy = train_backbone(data.train, data.validation)
    model.save_weights(file)
    kilobytes = file.stat().st_size / 1000
    click.echo(f"{file.name}: {kilobytes:.0f} KB, {100 * accuracy:.1f} % of the validation images right")


def train_backbone(train: "Split", validation: "Split", *, epochs: int = 8) -> "tuple[keras.Model, float]":
    """Train `models.fast_cnn` on the images of CLASSES, the same way each time.

    Args:
        train: images of 32 by 32 pixels in colour, labels from 0 to 9.
        validation: the same, to measure with.
        epochs: passes over the training images.

    Returns:
        A model without an optimiser, so that only weights are stored, and its accuracy on the validation images.
    """
    import keras
    import numpy as np
    import tensorflow as tf

    from course_utils import models

    def chosen(split: "Split") -> tuple[np.ndarray, np.ndarray]:
        inside = np.isin(split.y, CLASSES)
        return split.x[inside], np.searchsorted(CLASSES, split.y[inside])

    (x, y), (x_validation, y_validation) = chosen(train), chosen(validation)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    steps = epochs * -(-len(x) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK / 20, steps - steps // 4, alpha=0.0, warmup_target=PEAK, warmup_steps=steps // 4
    )
    model = models.fast_cnn(x.shape[1:], len(CLASSES), widths=WIDTHS)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(x_validation, y_validation, verbose=0)
    plain = models.fast_cnn(x.shape[1:], len(CLASSES), widths=WIDTHS)
    plain.set_weights(model.get_weights())
    return plain, accuracy
