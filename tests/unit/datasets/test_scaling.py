"""Pictures at another size: exact sums, sensible pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils.datasets.generated import scaling
from course_utils.datasets.generated.scaling import resized


def weights(old, new):
    """What each old pixel adds to each new one, shape (new, old)."""
    return scaling._weights(old, new).toarray().astype(np.int64)


@given(old=st.integers(1, 400), new=st.integers(1, 400))
@settings(max_examples=50, deadline=None)
def test_the_weights_of_a_pixel_add_up_and_their_sums_fit_into_32_bits(old, new):
    assert (weights(old, new).sum(axis=1) == 2**14).all()
    assert 255 * np.abs(weights(old, new)).sum(axis=1).max() + 2**13 < 2**31


def test_the_same_size_changes_nothing_and_a_mirror_image_stays_one():
    planes = np.random.default_rng(0).integers(0, 256, (3, 31, 40), dtype=np.uint8)
    np.testing.assert_array_equal(resized(planes, 31, 40), planes)
    np.testing.assert_array_equal(resized(planes[:, :, ::-1], 17, 90), resized(planes, 17, 90)[:, :, ::-1])


@pytest.mark.parametrize("size", [(20, 33), (150, 111), (47, 10)])
def test_the_picture_is_pillows_but_for_a_rounding(size):
    pixels = np.random.default_rng(2).integers(0, 256, (47, 61, 3), dtype=np.uint8)
    pillow = np.asarray(Image.fromarray(pixels).resize(size[::-1], Image.Resampling.BICUBIC))
    ours = resized(pixels.transpose(2, 0, 1), *size).transpose(1, 2, 0)
    assert abs(ours.astype(int) - pillow).max() <= 2
