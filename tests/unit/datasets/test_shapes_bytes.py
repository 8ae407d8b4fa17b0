"""The bytes of `shapes` are the same on every platform, Python and NumPy: their sums are written down here.

A deliberate change of the drawing changes them, and the figures on the card with them: measure again
(tests/benchmarks/measure_shapes.py), then write the new sums.
"""

import hashlib

import pytest

from course_utils import datasets

GOLDEN = {
    "default": "67cd12a87cc2cec74b786450ec183da4e99c87ad5a06a614b8e40bf53f23f973",
    "large": "6af50c332064ce1e7974f2648a58ac95d52768188ae3df258b4f4f9274574aaf",
    "small_grey": "b13bc8ab2300d1b07bce86643aeed135391bbd046a909f2347f208789d900f91",
    "every_knob": "2c0c7d59536cccf8a5af0aeb5ea6047d096123a04122c1f994dab9811a5c02c8",
}
SETTINGS = {
    "default": {},
    "large": {"size": 96, "seed": 1},
    "small_grey": {"size": 8, "channels": 1, "seed": 2},
    "every_knob": {
        "size": 28, "seed": 3, "noise": 25, "clutter": 9, "rotation": 180, "imbalance": 10, "wrong_labels": 0.4,
        "betrayal": 0.5, "flawed": ("train", "validation", "test"),
    },
}  # fmt: skip


def sum_of(name: str) -> str:
    data = datasets.load("shapes", quiet=True, **{"train": 150, "validation": 20, "test": 20} | SETTINGS[name])
    digest = hashlib.sha256()
    for split in (data.train, data.validation, data.test):
        for array in (split.x, split.y.astype("<i8"), split.masks, split.true_y.astype("<i8"), split.betrayed):
            digest.update(array.tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("name", SETTINGS)
def test_bytes_are_those_on_record(name):
    assert sum_of(name) == GOLDEN[name]
