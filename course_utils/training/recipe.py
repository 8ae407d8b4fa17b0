"""The recipe of `fit_fast`: every choice with its reason, so that each can be taken out and its worth measured."""

from dataclasses import dataclass

__all__ = ["Recipe", "recipe_for"]


@dataclass(frozen=True)
class Recipe:
    """What one training run does.

    Attributes:
        widths: channels of the first layer and of each stage.
        batch: images in a step. Small ones learn more in a pass, large ones take less time for it.
        learning_rate: the highest, for Muon.
        momentum: how much of the last step's direction is kept.
        orthogonal: Muon for the kernels; False leaves all to Adam.
        whitening: first filters from the images; False starts them at random.
        label_smoothing: share of each label that is spread over all classes.
        mirror: look whether mirrored images help, and use them if so; False never does.
        shift: the most pixels by which images are moved, up or down and left or right.
        arithmetic: "float32", "mixed_bfloat16", or None for the one this machine is fastest in.
        one_pass: normalise in one operation while training.
        averaging: how much of the weights' running mean is kept at each step; None ends with the last weights.
    """

    widths: tuple[int, ...] = (24, 48, 96)
    batch: int = 128
    learning_rate: float = 0.5
    momentum: float = 0.6
    orthogonal: bool = True
    whitening: bool = True
    label_smoothing: float = 0.1
    mirror: bool = True
    shift: int = 0
    arithmetic: str | None = None
    one_pass: bool = True
    averaging: float | None = None


def recipe_for(passes: float, *, images: int, side: int) -> Recipe:
    """The recipe for a budget. In one pass a narrow network learns most; in many, a wide one on moved images.

    Args:
        passes: about how often the budget lets the narrowest network see each image.
        images: how many there are.
        side: the shorter side of an image in pixels.
    """
    batch = min(128, max(16, images // 16))  # small data still gets its steps
    if passes < 4:
        return Recipe(batch=batch)
    return Recipe(widths=(32, 64, 128), batch=batch, shift=side // 28)
