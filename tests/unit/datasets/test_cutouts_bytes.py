"""The bytes of `cutouts` are the same wherever they are made: their sums are written down here.

A deliberate change of the drawing changes them, and the figures on the card with them: measure again
(tests/benchmarks/measure_cutouts.py), then write the new sums: python tests/unit/datasets/test_cutouts_bytes.py

Tried with these sums on x86-64: Python 3.11.7 with Pillow 11.0.0, NumPy 2.0.2 and scikit-image 0.24.0; Python 3.12.1
with Pillow 12.0.0; Python 3.13.0 with Pillow 11.0.0 and 13.0.0; and what requirements.txt pins.
"""

import hashlib

import pytest

from course_utils import datasets

GOLDEN = {
    "default": "f382600d97de9a589632c93fef5870417840274a6a284219d2ea41aa638dedc4",
    "smallest": "2c614894044096a518a782cece706055b553361cd568c40db1b3b30deff95e2b",
    "largest": "852f54a93a0fd4038e8479380aae963d5f076addc2bbea5982ef9d21f793a60a",
    "every_knob": "45312e6a0068a319f2dd027482578f0084338babacdc7cd1e6d172c2bb575efb",
}
SETTINGS = {
    "default": {},
    "smallest": {"size": 32, "seed": 1},
    "largest": {"size": 224, "seed": 2, "split_seed": 1},
    "every_knob": {
        "size": 97, "seed": 3, "split_seed": 2, "objects_per_class": 3, "object_size": 0.6, "off_centre": 0.5,
        "clutter": 7, "blur": 0.011, "imbalance": 5, "wrong_labels": 0.3, "betrayal": 0.5,
        "flawed": ("train", "validation", "test"),
    },
}  # fmt: skip


def sum_of(name: str) -> str:
    data = datasets.load("cutouts", quiet=True, **{"train": 60, "validation": 12, "test": 30} | SETTINGS[name])
    digest = hashlib.sha256()
    for split in (data.train, data.validation, data.test):
        for array in (split.x, split.masks, split.betrayed):
            digest.update(array.tobytes())
        for array in (split.y, split.true_y, split.objects, split.photograph):
            digest.update(array.astype("<i8").tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("name", SETTINGS)
def test_bytes_are_those_on_record(name):
    assert sum_of(name) == GOLDEN[name]


if __name__ == "__main__":
    for setting in SETTINGS:
        print(f'    "{setting}": "{sum_of(setting)}",')
