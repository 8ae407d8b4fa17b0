"""Pictures of pictures: grids of images, with labels, with predictions."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["image_grid", "predictions"]


def image_grid(
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 10,
    size: float = 1.0,
    caption: str = "",
    alt: str = "",
) -> Picture:
    """A grid of images.

    Args:
        images: shape (n, height, width, channels) or (n, height, width); uint8, or floats from 0 to 1.
        titles: one short text for each image, or None.
        columns: images in a row.
        size: of one image, in inches.
        caption: what to notice.
        alt: text alternative; made from the titles if it is empty.

    Returns:
        The picture.

    Raises:
        ValueError: the images have another shape, or there are more or fewer titles than images.
    """
    images = _checked(images)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"One title for each image is needed. Received {len(images)} images, {len(titles)} titles.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    above = 0.25 * (1 + max(title.count("\n") for title in titles)) if titles is not None else 0.08
    figure, axes = canvas(rows, columns, width=columns * size, height=rows * (size + above), squeeze=False)
    for axis in axes.ravel():
        axis.axis("off")
    for index, (axis, image) in enumerate(zip(axes.ravel(), images, strict=False)):
        _show(axis, image)
        if titles is not None:
            axis.set_title(titles[index], fontsize=8.5, fontweight="normal", pad=3)
    names = f": {', '.join(title.replace(chr(10), ' ') for title in titles)}" if titles is not None else ""
    return picture(figure, alt=alt or f"A grid of {len(images)} images{names}.", caption=caption)


def predictions(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    class_names: Sequence[str],
    *,
    columns: int = 6,
    caption: str = "",
) -> Picture:
    """Images with what the model says, how sure it is, and the truth where the two differ.

    Args:
        images: shape (n, height, width, channels).
        labels: the true classes, integers of shape (n,).
        probabilities: the model's answer, shape (n, classes).
        class_names: one name for each class.
        columns: images in a row.
        caption: what to notice.

    Returns:
        The picture; a right answer is marked with a tick, a wrong one with a cross.

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


def _checked(images: np.ndarray) -> np.ndarray:
    images = np.asarray(images)
    grey = images.ndim == 3
    if not (grey or (images.ndim == 4 and images.shape[-1] in (1, 3))) or len(images) == 0:
        raise ValueError(
            "Expected at least one image, of shape (n, height, width, channels) with 1 or 3 channels, or "
            f"(n, height, width). Received: {images.shape}."
        )
    return images[..., np.newaxis] if grey else images


def _show(axis: plt.Axes, image: np.ndarray) -> None:
    """Draw one image without smoothing, on a scale that is the same for all images of its type."""
    top = 255 if image.dtype == np.uint8 else 1
    if image.shape[-1] == 1:
        axis.imshow(image[..., 0], cmap="gray", vmin=0, vmax=top, interpolation="nearest")
    else:
        axis.imshow(np.clip(image, 0, top), interpolation="nearest")
