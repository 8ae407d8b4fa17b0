"""Curves over training."""

from collections.abc import Mapping, Sequence

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["learning_curves"]


def learning_curves(history: Mapping[str, Sequence[float]], *, caption: str = "") -> Picture:
    """Loss and accuracy over the epochs, on the training and the validation images.

    Args:
        history: what `model.fit(...).history` holds: lists under "loss" and "accuracy", and under "val_loss" and
            "val_accuracy" where validation images were given. One value an epoch.
        caption: what to notice.

    Returns:
        The picture: loss on the left, accuracy on the right.

    Raises:
        ValueError: "loss" or "accuracy" is missing.
    """
    missing = {"loss", "accuracy"} - set(history)
    if missing:
        raise ValueError(
            f"A history needs loss and accuracy. Missing: {', '.join(sorted(missing))}. "
            'Compile the model with metrics=["accuracy"].'
        )
    figure, axes = canvas(columns=2, width=8, height=3)
    words = []
    for axis, key in zip(axes, ("loss", "accuracy"), strict=True):
        for name, label, marks in ((key, "training", "o-"), (f"val_{key}", "validation", "s--")):
            if name in history:
                values = history[name]
                axis.plot(range(1, len(values) + 1), values, marks, label=label, markersize=4)
                words.append(f"{label} {key} from {values[0]:.2f} to {values[-1]:.2f}")
        axis.set_xlabel("epoch")
        axis.set_ylabel(key)
        axis.locator_params(axis="x", integer=True)
        axis.legend()
    axes[1].set_ylim(top=1.0)
    return picture(
        figure, alt=f"Learning curves over {len(history['loss'])} epochs: {'; '.join(words)}.", caption=caption
    )
