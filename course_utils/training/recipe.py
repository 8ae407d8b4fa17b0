"""What `fit_fast` chooses by the budget: how wide the network is, how many images are in a step, how far they move."""

from dataclasses import dataclass

__all__ = ["Recipe", "recipe_for"]


@dataclass(frozen=True)
class Recipe:
    """What one training run does.

    Attributes:
        widths: channels of the first layer and of each stage.
        batch: images in a step. Small ones learn more in a pass, large ones take less time for it.
        shift: the most pixels by which images are moved, up or down and left or right.
    """

    widths: tuple[int, ...]
    batch: int
    shift: int


def recipe_for(passes: float, *, images: int, side: int) -> Recipe:
    """The recipe for a budget. In one pass a narrow network learns most; in many, a wide one on moved images.

    Args:
        passes: about how often the budget lets the narrowest network see each image.
        images: how many there are.
        side: the shorter side of an image in pixels.
    """
    batch = min(128, max(16, images // 16))  # small data still gets its steps
    if passes < 4:
        return Recipe((24, 48, 96), batch, shift=0)
    return Recipe((32, 64, 128), batch, shift=side // 28)
