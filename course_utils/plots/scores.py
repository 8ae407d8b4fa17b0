"""Figures of how well a classifier does."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils import metrics
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["confusion_matrix", "reliability"]

BINS = 10  # of equal width, from 0 to 1
FEW = 10  # a bin with fewer answers says little: its dot is hollow, and no line goes through it


def confusion_matrix(counts: np.ndarray, class_names: Sequence[str], *, caption: str = "") -> Picture:
    """A confusion matrix with its counts, coloured by their share of the row, so that rare classes can be read as well.

    Args:
        counts: shape (classes, classes): rows are true classes, columns are predicted ones.
        class_names: one name for each class.

    Raises:
        ValueError: the matrix is not square, or has another number of classes.
    """
    import seaborn  # here, since it loads pandas and scipy.stats: a second that other figures need not wait

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


def reliability(y_true: np.ndarray, answers: Mapping[str, np.ndarray], *, caption: str = "") -> Picture:
    """A reliability diagram: of the answers given with about the same confidence, how many are right?

    A dot for each of ten bins that holds answers, with their number, and the line on which confidence and share agree.

    Args:
        y_true: true classes, integers of shape (n,).
        answers: name of a model to its probabilities, each of shape (n, classes); one panel each.

    Raises:
        ValueError: labels and probabilities do not fit.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, section 2.
    """
    figure, axes = canvas(1, len(answers), width=3.7 * len(answers), height=3.6, sharey=True, squeeze=False)
    words = []
    for axis, (name, probabilities) in zip(axes[0], answers.items(), strict=True):
        confidence, share, counts = metrics.in_bins(y_true, probabilities, bins=BINS)
        axis.plot([0, 1], [0, 1], ":", color="black")
        enough = counts >= FEW
        axis.plot(confidence[enough], share[enough], "o-", markersize=7, color=COLOURS[0])
        hollow = {"markerfacecolor": "white", "clip_on": False, "zorder": 3}  # whole where it lies on the frame
        axis.plot(confidence[~enough], share[~enough], "o", markersize=7, color=COLOURS[0], **hollow)
        said = []
        for x, y, count in zip(confidence, share, counts, strict=True):
            beside = (6, -12 if y > 0.1 else 4)  # never below the axis, where it would be a tick's label
            axis.annotate(str(count), (x, y), xytext=beside, textcoords="offset points", fontsize=9)
            said.append(f"{x:.2f} sure, {y:.2f} right ({count})")
        axis.set(title=name, xlabel="confidence", xlim=(0, 1.05), ylim=(0, 1.05))
        words.append(f"{name}: {', '.join(said)}")
    axes[0][0].set_ylabel("share right")
    return picture(figure, alt=f"Share right over confidence. {'; '.join(words)}.", caption=caption)


def _confusion_in_words(counts: np.ndarray, class_names: Sequence[str]) -> str:
    right = int(np.trace(counts))
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    text = f"Confusion matrix of {len(class_names)} classes: {right} of {int(counts.sum())} images on the diagonal."
    if wrong.any():
        true, said = np.unravel_index(np.argmax(wrong), wrong.shape)
        text += f" Most frequent mistake: {class_names[true]} taken for {class_names[said]}, {int(wrong.max())} times."
    return text
