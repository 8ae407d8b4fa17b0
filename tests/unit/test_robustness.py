"""Worn images: the stronger, the further from the original, and in which direction."""

import numpy as np
import pytest

from course_utils.robustness import KINDS, corrupt

rng = np.random.default_rng(7)
# Smooth pictures with an edge, as photographs are; noise alone would hide what blur or a small shift does.
COLOUR = np.clip(
    np.linspace(40, 180, 24)[None, :, None, None]
    + np.where(np.arange(24) > 9, 40, 0)[None, None, :, None]
    + rng.normal(0, 5, (6, 24, 24, 3)),
    0,
    255,
).astype("uint8")
GREY = COLOUR[..., :1].copy()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("images", [COLOUR, GREY], ids=["colour", "grey"])
def test_a_stronger_disturbance_is_further_away(kind, images):
    before = images.copy()
    distances = []
    for strength in range(1, 6):
        changed = corrupt(images, kind, strength)
        assert changed.shape == images.shape and changed.dtype == np.uint8
        distances.append(np.abs(changed.astype(float) - images).mean())
    assert (np.diff([0, *distances]) > 0).all(), distances
    np.testing.assert_array_equal(images, before)


def test_noise_is_the_same_every_time():
    np.testing.assert_array_equal(corrupt(COLOUR, "noise", 3), corrupt(COLOUR, "noise", 3))


def test_fog_and_darkness_go_where_they_say_and_take_contrast():
    fog, dark = corrupt(COLOUR, "fog", 5), corrupt(COLOUR, "darkness", 5)
    np.testing.assert_allclose(fog, 0.2 * COLOUR + 0.8 * 220, atol=0.51)
    np.testing.assert_allclose(dark, 0.1 * COLOUR, atol=0.51)


def test_blur_keeps_the_mean_and_takes_the_edges():
    blurred = corrupt(COLOUR, "blur", 4)
    np.testing.assert_allclose(blurred.mean(axis=(1, 2, 3)), COLOUR.mean(axis=(1, 2, 3)), atol=1)
    assert (
        np.abs(np.diff(blurred.astype(float), axis=2)).max() < 20 < np.abs(np.diff(COLOUR.astype(float), axis=2)).max()
    )


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="snow"):
        corrupt(COLOUR, "snow", 1)
