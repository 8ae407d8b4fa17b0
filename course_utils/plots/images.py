"""Pictures of pictures: grids, rows, one image cut into squares, and squares drawn on one."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from course_utils.plots.picture import COLOURS, Picture, canvas, picture, tiles

__all__ = ["as_images", "frames", "image_grid", "image_rows", "patches", "show_image"]


def image_grid(
    images: np.ndarray | Sequence[np.ndarray],
    titles: Sequence[str] | None = None,
    labels: Sequence[int] | None = None,
    *,
    columns: int = 10,
    size: float = 1.0,
    caption: str = "",
) -> Picture:
    """A grid of images.

    Args:
        images: shape (n, height, width, channels) or (n, height, width), or a list of images of any sizes; uint8, or
            floats from 0 to 1.
        titles: one short text for each image; with `labels`, the names of the classes; or None.
        labels: the class of each image, integers of shape (n,), or None.
        columns: images in a row.
        size: of one image, in inches.

    Raises:
        ValueError: the images have another shape, or there are more or fewer titles than images.
    """
    images = as_images(images)
    if labels is not None and titles is not None:
        titles = [titles[label] for label in labels]
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"One title for each image is needed. Received {len(images)} images, {len(titles)} titles.")
    above = 0.25 * (1 + max(title.count("\n") for title in titles)) if titles is not None else 0.08
    figure, axes = tiles(len(images), columns, width=size, height=size + above)
    for index, (axis, image) in enumerate(zip(axes, images, strict=False)):
        show_image(axis, image)
        if titles is not None:
            axis.set_title(titles[index], fontsize=8.5, fontweight="normal", pad=3)
    names = f": {', '.join(title.replace(chr(10), ' ') for title in titles)}" if titles is not None else ""
    return picture(figure, alt=f"A grid of {len(images)} images{names}.", caption=caption)


def image_rows(
    rows: Mapping[str, np.ndarray | Sequence[np.ndarray]], *, size: float = 1.1, caption: str = ""
) -> Picture:
    """Rows of images under each other, such as originals and their changed copies, each with its name at the left.

    Args:
        rows: name to images as in `image_grid`; every row has as many.
        size: of one image, in inches.

    Raises:
        ValueError: there is no row, or the rows have different numbers of images.
    """
    checked = {name: as_images(images) for name, images in rows.items()}
    lengths = {len(images) for images in checked.values()}
    if len(lengths) != 1:
        raise ValueError(f"Expected rows of equally many images. Received: {sorted(lengths) or 'no row'}.")
    columns = lengths.pop()
    figure, axes = canvas(len(checked), columns, width=columns * size + 1, height=len(checked) * size, squeeze=False)
    for line, (name, images) in zip(axes, checked.items(), strict=True):
        for axis, image in zip(line, images, strict=True):
            show_image(axis, image)
            axis.set(xticks=[], yticks=[])
            axis.set_axis_off()
        line[0].text(-0.08, 0.5, name, ha="right", va="center", fontsize=9, transform=line[0].transAxes)
    return picture(figure, alt=f"{columns} images in each of the rows: {', '.join(checked)}.", caption=caption)


def patches(image: np.ndarray, size: int, *, caption: str = "") -> Picture:
    """A picture cut into squares, and below it the squares as one strip, as a vision transformer reads them.

    Args:
        image: shape (height, width, channels); both sides are multiples of `size`.
        size: of a square, in pixels.

    Raises:
        ValueError: the squares do not fit.
    """
    (image,) = as_images([image])
    height, width = image.shape[:2]
    if height % size or width % size:
        raise ValueError(f"Expected sides that are multiples of {size}. Received: {height} by {width} pixels.")
    rows, columns = height // size, width // size
    squares = [image[r : r + size, c : c + size] for r in range(0, height, size) for c in range(0, width, size)]
    figure, axes = canvas(2, 1, width=8, height=4.2, height_ratios=[3.4, 0.8])
    for axis, shown in zip(axes, (image, np.concatenate(squares, axis=1)), strict=True):
        show_image(axis, _apart(shown, size))
        axis.axis("off")
    words = f"{rows} rows of {columns} squares of {size} pixels, and all {rows * columns} of them in a strip"
    return picture(figure, alt=f"An image cut into {words}.", caption=caption)


def _apart(image: np.ndarray, size: int) -> np.ndarray:
    """The image with white lines between its squares."""
    top = 255 if image.dtype == np.uint8 else 1
    for axis, side in enumerate(image.shape[:2]):
        image = np.insert(image, np.repeat(np.arange(size, side, size), max(1, size // 8)), top, axis=axis)
    return image


def frames(image: np.ndarray, places: Mapping[str, tuple[int, int, int]], *, caption: str = "") -> Picture:
    """Squares drawn on a picture, each with its name.

    Args:
        image: shape (height, width) or (height, width, channels), as in `image_grid`.
        places: name to (first row, first column, side), in pixels; the square lies inside the picture.
    """
    figure, axis = canvas(width=5.5, height=3.6)
    show_image(axis, *as_images([image]))
    axis.axis("off")
    for colour, (name, (row, column, side)) in zip(COLOURS[1:] * len(places), places.items(), strict=False):
        corner = (column - 0.5, row - 0.5)  # pixels are drawn around their numbers
        style = {"fill": False, "edgecolor": colour, "linewidth": 2.5, "label": f"{name}: {side} by {side}"}
        axis.add_patch(Rectangle(corner, side, side, **style))
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = [f"{name}: {side} pixels from row {row}, column {column}" for name, (row, column, side) in places.items()]
    return picture(figure, alt=f"Squares on a picture. {'; '.join(words)}.", caption=caption)


def as_images(images: np.ndarray | Sequence[np.ndarray]) -> list[np.ndarray]:
    """The images one by one, each of shape (height, width, 1 or 3)."""
    each = [np.asarray(image) for image in images]
    each = [image[..., np.newaxis] if image.ndim == 2 else image for image in each]
    if not each or any(image.ndim != 3 or image.shape[-1] not in (1, 3) for image in each):
        shape = images.shape if isinstance(images, np.ndarray) else [image.shape for image in each]
        raise ValueError(
            "Expected at least one image, of shape (n, height, width, channels) with 1 or 3 channels, or "
            f"(n, height, width). Received: {shape}."
        )
    return each


def show_image(axis: plt.Axes, image: np.ndarray) -> None:
    """Draw one image without smoothing, on a scale that is the same for all images of its type."""
    top = 255 if image.dtype == np.uint8 else 1
    if image.shape[-1] == 1:
        axis.imshow(image[..., 0], cmap="gray", vmin=0, vmax=top, interpolation="nearest")
    else:
        axis.imshow(np.clip(image, 0, top), interpolation="nearest")
