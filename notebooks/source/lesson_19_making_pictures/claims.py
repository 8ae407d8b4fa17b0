"""What lesson 19 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

PROGRAMS = (
    "one normal distribution",
    "autoencoder, random numbers",
    "autoencoder, normal codes",
    "VAE",
    "GAN",
    "diffusion, codes",
)


def _copies_against_the_best(figures: dict[str, Any]) -> list[float]:
    """The distance of copies over that of the best program, one a start."""
    sets = figures["sets"]
    copies = sets["copies of training pictures"][0]["distance"]
    starts = range(len(sets["VAE"]))
    return [copies / min(sets[name][start]["distance"] for name in PROGRAMS) for start in starts]


def _reached_by_diffusion(figures: dict[str, Any]) -> np.ndarray:
    """The share of real ones reached by diffusion in the codes minus that by normal codes, one a start."""
    ways = ("diffusion, codes", "autoencoder, normal codes")
    diffusion, normal = ([start["real ones reached"] for start in figures["sets"][way]] for way in ways)
    return np.subtract(diffusion, normal)


CLAIMS = (
    Claim(
        "19.c1",
        "On new digits, the autoencoder's error is at most 0.8 of that of PCA with as many numbers.",
        lambda error, error_pca: error / error_pca,
        at_most=0.8,
        bounds={"smoke": None},
    ),
    Claim(
        "19.c2",
        "With five generator steps a turn, at least three of the ten digits make up less than 2 % of the drawings.",
        lambda missing: missing,
        at_least=3,
        bounds={"smoke": None},
    ),
    Claim(
        "19.c3",
        "Copies of training pictures get at most a tenth of the Fréchet distance of the best program, on each start.",
        _copies_against_the_best,
        at_most=0.1,
        record="19_clothes",
    ),
    Claim(
        "19.c4",
        "Diffusion in the codes reaches at least 5 points more of the real clothes than normal codes, on each start.",
        _reached_by_diffusion,
        at_least=0.05,
        record="19_clothes",
    ),
)
