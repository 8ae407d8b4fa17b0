"""What a model says about images: its answers beside them, right and wrong ones, and what it takes to be similar."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.plots.images import as_images, image_grid, show_image
from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["answers", "nearest_neighbours", "predictions", "similarities"]

NEIGHBOURS = 3  # shown of each query


def answers(image: np.ndarray, probabilities: Mapping[str, float], *, caption: str = "") -> Picture:
    """One image, and beside it a bar for each of a classifier's answers.

    Args:
        image: shape (height, width, channels) or (height, width).
        probabilities: name of a class to its probability, from 0 to 1, in the order in which they are drawn.
    """
    (image,) = as_images([image])
    figure, (left, right) = canvas(1, 2, width=7.5, height=2.4, width_ratios=[1, 1.4])
    show_image(left, image)
    left.axis("off")
    written = {name: _per_cent(value) for name, value in probabilities.items()}
    right.bar_label(right.barh(list(written), list(probabilities.values())), list(written.values()), padding=3)
    right.invert_yaxis()
    right.set_xlim(0, 1.12)
    right.set_xticks([])
    right.grid(False)
    right.spines["bottom"].set_visible(False)
    words = ", ".join(f"{name} {share}" for name, share in written.items())
    return picture(figure, alt=f"An image and a classifier's answers: {words}.", caption=caption)


def _per_cent(probability: float) -> str:
    return f"{100 * probability:.0f} %" if probability == 0 or probability >= 0.005 else "under 1 %"


def predictions(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    class_names: Sequence[str],
    *,
    columns: int = 6,
    caption: str = "",
) -> Picture:
    """Images with what the model says, how sure it is, a tick or a cross, and the truth where the two differ.

    Args:
        images: shape (n, height, width, channels).
        labels: the true classes, integers of shape (n,).
        probabilities: the model's answer, shape (n, classes).
        class_names: one name for each class.
        columns: images in a row.

    Raises:
        ValueError: the lengths differ.
    """
    if not len(images) == len(labels) == len(probabilities):
        counts = f"{len(images)} images, {len(labels)} labels, {len(probabilities)} predictions"
        raise ValueError(f"Images, labels and predictions must be equally many. Received {counts}.")
    titles = []
    for label, row in zip(labels, probabilities, strict=True):
        answer = int(np.argmax(row))
        said = f"{class_names[answer]} {100 * row[answer]:.0f} %"
        titles.append(f"✓ {said}" if answer == label else f"✗ {said}\nis {class_names[int(label)]}")
    if any("\n" in title for title in titles):
        titles = [title if "\n" in title else f"{title}\n" for title in titles]
    return image_grid(images, titles, columns=columns, size=1.25, caption=caption)


def nearest_neighbours(
    queries: np.ndarray,
    query_features: np.ndarray,
    images: np.ndarray,
    features: np.ndarray,
    *,
    query: str = "new",
    caption: str = "",
) -> Picture:
    """For each query, the three images whose features are most similar by the angle between them, the nearest first.

    Args:
        queries: images, shape (n, height, width, channels).
        query_features: shape (n, numbers).
        images: to choose from, shape (m, height, width, channels).
        features: of those images, shape (m, numbers).
        query: what stands above each query.
    """
    left, right = (some / np.linalg.norm(some, axis=1, keepdims=True) for some in (query_features, features))
    nearest = np.argsort(-(left @ right.T), axis=1)[:, :NEIGHBOURS]
    shown = [image for one, places in zip(queries, nearest, strict=True) for image in (one, *images[places])]
    titles = [query, *(f"nearest {place}" for place in range(1, NEIGHBOURS + 1))] * len(queries)
    return image_grid(shown, titles, columns=NEIGHBOURS + 1, size=1.2, caption=caption)


def similarities(
    images: np.ndarray | Sequence[np.ndarray], sentences: Sequence[str], values: np.ndarray, *, caption: str = ""
) -> Picture:
    """A table of how similar each sentence (row) is to each image (column), the largest of a column framed.

    Args:
        images: as in `image_grid`, n of them.
        sentences: m of them.
        values: shape (m, n), from -1 to 1.

    Raises:
        ValueError: the values have another shape.
    """
    images, values = as_images(images), np.asarray(values, dtype=float)
    rows, columns = expected = (len(sentences), len(images))
    if values.shape != expected:
        raise ValueError(
            f"Expected a row for each sentence, a column for each image: {expected}. Received: {values.shape}."
        )
    figure, axes = canvas(2, columns, width=2.6 + 0.62 * columns, height=0.75 + 0.36 * rows, height_ratios=[1.6, rows])
    for axis, image in zip(axes[0], images, strict=True):
        show_image(axis, image)
        axis.axis("off")
    for axis in axes[1]:
        axis.remove()
    table = figure.add_subplot(axes[0, 0].get_gridspec()[1, :])
    table.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    best = values.argmax(axis=0)
    for (row, column), value in np.ndenumerate(values):
        look = {"color": "w" if abs(value) > 0.6 else "k", "weight": "bold" if row == best[column] else "normal"}
        table.text(column, row, f"{value.round(1) + 0.0:.1f}", ha="center", va="center", size=9, **look)
    for column, row in enumerate(best):
        table.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=2))
    table.set_yticks(range(rows), list(sentences), fontsize=9)
    table.set_xticks([])
    table.grid(visible=False)
    words = "; ".join(f"{column + 1}: {sentences[row]}" for column, row in enumerate(best))
    alt = f"Similarities of {rows} sentences and {columns} images. The most similar sentence of each image: {words}."
    return picture(figure, alt=alt, caption=caption)
