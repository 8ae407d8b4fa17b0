"""Curves over training."""

from collections.abc import Mapping, Sequence

from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["learning_curves"]

History = Mapping[str, Sequence[float]]


def learning_curves(
    history: History | Mapping[str, History], *, since: Mapping[str, int] | None = None, caption: str = ""
) -> Picture:
    """Loss (left) and accuracy (right) over the epochs, on the training and the validation images.

    Args:
        history: what `model.fit(...).history` holds: lists under "loss" and "accuracy", and under "val_loss" and
            "val_accuracy" where validation images were given, one value an epoch; or name to such a history, to
            compare several: one colour each, training dashed, validation solid.
        since: what began during the training to the epoch after which it did, drawn as a dotted line; or None.

    Raises:
        ValueError: "loss" or "accuracy" is missing.
    """
    several = all(isinstance(one, Mapping) for one in history.values())
    histories = dict(history) if several else {"": history}
    missing = {"loss", "accuracy"} - set.intersection(*(set(one) for one in histories.values()))
    if missing:
        raise ValueError(
            f"A history needs loss and accuracy. Missing: {', '.join(sorted(missing))}. "
            'Compile the model with metrics=["accuracy"].'
        )
    parts = (("", "training", "o--" if several else "o-"), ("val_", "validation", "s-"))
    figure, axes = canvas(columns=2, width=8, height=3)
    words = []
    for axis, key in zip(axes, ("loss", "accuracy"), strict=True):
        for number, (name, one) in enumerate(histories.items()):
            colour = COLOURS[number % len(COLOURS)] if several else None
            for part, label, marks in parts:
                values = one.get(part + key, ())
                if not len(values):
                    continue
                title = f"{name}, {label}" if several else label
                look = {"label": title, "color": colour, "markersize": 4, "markevery": max(1, len(values) // 12)}
                axis.plot(range(1, len(values) + 1), values, marks, **look)
                words.append(f"{title} {key} from {values[0]:.2f} to {values[-1]:.2f}")
        for name, epoch in (since or {}).items():
            axis.axvline(epoch + 0.5, linestyle=":", color="black", label=name)
        axis.set_xlabel("epoch")
        axis.set_ylabel(key)
        axis.locator_params(axis="x", integer=True)
    axes[1].set_ylim(top=1.0)
    axes[1].legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)  # beside the curves, for both: it hides none
    epochs = max(len(one["loss"]) for one in histories.values())
    words += [f"{name} after epoch {epoch}" for name, epoch in (since or {}).items()]
    return picture(figure, alt=f"Learning curves over {epochs} epochs: {'; '.join(words)}.", caption=caption)
