"""Figures of how well a classifier does."""

from collections.abc import Mapping, Sequence

import numpy as np
import seaborn

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["confusion_matrix", "per_class_scores"]


def confusion_matrix(counts: np.ndarray, class_names: Sequence[str], *, caption: str = "") -> Picture:
    """A confusion matrix with its counts.

    Args:
        counts: shape (classes, classes): rows are true classes, columns are predicted ones.
        class_names: one name for each class.
        caption: what to notice.

    Returns:
        The picture. The colour of a cell is its share of the row, so that rare classes can be read as well.

    Raises:
        ValueError: the matrix is not square, or has another number of classes.
    """
    counts = np.asarray(counts)
    classes = len(class_names)
    if counts.shape != (classes, classes):
        raise ValueError(f"Expected counts of shape ({classes}, {classes}), one row a class. Received: {counts.shape}.")
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    height = min(4.2, 0.35 * classes + 1.2)  # ten classes fit a laptop's screen together with the cell above
    figure, axis = canvas(width=height + 1.6, height=height)
    names = list(class_names)
    bar = {"label": "share of the true class", "shrink": 0.8}
    text = {"fontsize": 8}
    seaborn.heatmap(share, annot=counts, fmt="d", cmap="Blues", vmin=0, vmax=1, ax=axis, annot_kws=text, cbar_kws=bar)
    axis.set_xticks(np.arange(classes) + 0.5, names, ha="right", rotation_mode="anchor")
    axis.set_yticks(np.arange(classes) + 0.5, names)
    axis.grid(False)  # the lines would run through the numbers
    axis.set_xlabel("predicted class")
    axis.set_ylabel("true class")
    axis.tick_params(axis="x", rotation=45)
    axis.tick_params(axis="y", rotation=0)
    return picture(figure, alt=_confusion_in_words(counts, class_names), caption=caption)


def per_class_scores(scores: Mapping[str, np.ndarray], class_names: Sequence[str], *, caption: str = "") -> Picture:
    """One or several scores for each class, as dots on a common scale.

    Args:
        scores: name of a score to its values, each of shape (classes,), from 0 to 1.
        class_names: one name for each class.
        caption: what to notice.

    Returns:
        The picture, classes ordered by their first score.

    Raises:
        ValueError: a score has another number of values than there are classes.
    """
    for name, values in scores.items():
        if np.shape(values) != (len(class_names),):
            raise ValueError(f"Expected one value a class, ({len(class_names)},). Received {name}: {np.shape(values)}.")
    first = next(iter(scores))
    order = np.argsort(scores[first])
    figure, axis = canvas(width=6, height=0.28 * len(class_names) + 1)
    for marker, (name, values) in zip("os^Dv", scores.items(), strict=False):
        axis.plot(np.asarray(values)[order], range(len(class_names)), marker, label=name, alpha=0.9)
    axis.set_yticks(range(len(class_names)), [class_names[index] for index in order])
    axis.set_xlabel("score (1 is best)")
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = ", ".join(f"{class_names[index]} {scores[first][index]:.2f}" for index in order)
    return picture(figure, alt=f"Scores for each class. {first}, from lowest to highest: {words}.", caption=caption)


def _confusion_in_words(counts: np.ndarray, class_names: Sequence[str]) -> str:
    right = int(np.trace(counts))
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    text = f"Confusion matrix of {len(class_names)} classes: {right} of {int(counts.sum())} images on the diagonal."
    if wrong.any():
        true, said = np.unravel_index(np.argmax(wrong), wrong.shape)
        text += f" Most frequent mistake: {class_names[true]} taken for {class_names[said]}, {int(wrong.max())} times."
    return text
