"""The bytes of `cutouts` are the same wherever they are made: their sums are written down here.

A deliberate change of the drawing changes them, and the figures on the card with them: measure again
(tests/benchmarks/measure_cutouts.py), then write the new sums: python tests/unit/datasets/test_cutouts_bytes.py
"""

import hashlib

import pytest

from course_utils.datasets.cutouts import load_cutouts

GOLDEN = {
    "default": "49ffba161c5fd9db5a35d1cf15ba13b614500d69af5f1423d970bbbf45e02caf",
    "smallest": "110e930b74a6a5fb00c512cb5a5b2f91a2c2d2c5504bf3eeb08d60c3c60d298f",
    "largest": "d93633ee485a70c7bbf0175e10da5d6039ea650765fe2b8197fd1a53d7b7d7fb",
    "every_knob": "b2444c730cf11dddac8b6eb46c8823fb43ae7ec17398462794de36947532e6b0",
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
    data = load_cutouts(**{"train": 60, "validation": 12, "test": 30} | SETTINGS[name])
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
