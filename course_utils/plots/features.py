"""What a convolutional network has learned and where it looks: kernels, heat over images."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap

from course_utils.plots.images import as_images, show_image
from course_utils.plots.picture import Picture, picture, tiles

__all__ = ["filters", "heat_maps"]


def filters(kernels: np.ndarray, *, columns: int = 16, caption: str = "") -> Picture:
    """The kernels of a first convolution as small images, each under its number.

    They have one scale: mid-grey is zero, lighter is positive, darker is negative.

    Args:
        kernels: shape (height, width, channels, filters), as Keras stores them. Three channels are shown in colour,
            any other number as the mean over the channels.
        columns: kernels in a row.
    """
    shown = 0.5 + 0.5 * kernels.transpose(3, 0, 1, 2) / (np.abs(kernels).max() or 1.0)
    if shown.shape[-1] != 3:
        shown = shown.mean(axis=-1, keepdims=True)
    side = 8.0 / min(columns, len(shown))
    figure, axes = tiles(len(shown), columns, width=side, height=side)
    for number, (axis, image) in enumerate(zip(axes, shown, strict=False)):
        show_image(axis, image)
        axis.set_title(str(number), fontsize=9, fontweight="normal", pad=2)
    alt = f"The {len(shown)} kernels of a convolution, each {kernels.shape[0]} by {kernels.shape[1]} weights."
    return picture(figure, alt=alt, caption=caption)


def heat_maps(
    images: np.ndarray | Sequence[np.ndarray],
    maps: np.ndarray | Sequence[np.ndarray],
    titles: Sequence[str] | None = None,
    *,
    columns: int = 4,
    caption: str = "",
) -> Picture:
    """Maps laid over images, such as where a network looked: the image as it is where it matters least, red where most.

    Args:
        images: as in `image_grid`.
        maps: one for each image, of any size, (rows, columns); each is stretched over its image and scaled by itself.
        titles: one short text for each image, or None.
        columns: images in a row.

    Raises:
        ValueError: there are more or fewer maps than images.
    """
    images = as_images(images)
    if len(maps) != len(images):
        raise ValueError(f"One map for each image is needed. Received {len(images)} images, {len(maps)} maps.")
    columns = min(columns, len(images))
    figure, axes = tiles(len(images), columns, width=2, height=2.25, more=0.4)
    colours, strength = np.split(_warmth(np.linspace(0, 1, 64)), [3], axis=1)
    scale = ScalarMappable(cmap=ListedColormap(colours * strength + (1 - strength)))  # as they look over white
    length = 1.9 / (2 * columns)  # of the bar, as a share of the width: as long as one image is wide
    bar = figure.colorbar(scale, ax=axes, location="bottom", shrink=length, aspect=18, pad=0.02, ticks=[0, 1])
    bar.ax.set_xticklabels(["lowest", "highest"], fontsize=8)
    peaks = []
    for axis, image, heat in zip(axes, images, maps, strict=False):
        height, width = image.shape[:2]
        show_image(axis, image)
        axis.imshow(_warmth(heat), extent=(-0.5, width - 0.5, height - 0.5, -0.5), interpolation="bilinear")
        row, column = np.unravel_index(np.argmax(heat), np.shape(heat))
        peaks.append(f"{_third(row, len(heat), 'top', 'bottom')} {_third(column, np.shape(heat)[1], 'left', 'right')}")
    for axis, title in zip(axes, titles or (), strict=False):
        axis.set_title(title, fontsize=9, fontweight="normal")
    names = titles or map(str, range(1, 1 + len(images)))
    words = "; ".join(f"{name}, strongest at {peak}" for name, peak in zip(names, peaks, strict=True))
    alt = f"Heat maps over {len(images)} images, each on a scale of its own: {words}."
    return picture(figure, alt=alt, caption=caption)


def _warmth(heat: np.ndarray) -> np.ndarray:
    """A map as a layer of colours, (rows, columns, 4), that hides the image below only where the map is high."""
    warm = (heat - np.min(heat)) / (np.ptp(heat) or 1.0)
    layer = plt.get_cmap("autumn_r")(warm)
    layer[..., 3] = 0.75 * warm
    return layer


def _third(place: int, length: int, low: str, high: str) -> str:
    middle = (place + 0.5) / length
    return low if middle < 1 / 3 else high if middle > 2 / 3 else "middle"
