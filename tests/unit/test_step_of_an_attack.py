"""Lesson 11's step of an attack: whatever is mended in part is told what is left, and what is right is not blamed."""

import itertools

import numpy as np
import pytest

from course_utils import exercises
from course_utils.exercises import judge

DIRECTIONS = {"+": "", "-": "loss falls"}
SIZES = {"np.sign(slopes)": "", "slopes": "moves by its slope"}
RANGES = {
    "np.clip(changed, 0, 255)": "",
    "np.clip(changed, 0, 1)": "Cut off at 1",
    "changed": "below 0 or above 255",
    "np.clip(np.clip(changed, 0, 255), picture - epsilon, picture + epsilon)": "wraps round",
    "np.clip(np.clip(changed, picture - epsilon, picture + epsilon), 0, 255)": "wraps round",
}
FAULTS = [fault for table in (DIRECTIONS, SIZES, RANGES) for fault in table.values() if fault]


def step(direction, size, kept):
    """The function of exercise 11.2, as a learner might write it."""
    names = {"np": np}
    lines = [f'changed = picture.astype("float32") {direction} epsilon * {size}', f"return {kept}"]
    exec("def attack_step(picture, slopes, epsilon):\n    " + "\n    ".join(lines), names)
    return names["attack_step"]


@pytest.mark.parametrize(("direction", "size", "kept"), list(itertools.product(DIRECTIONS, SIZES, RANGES)))
def test_a_function_mended_in_part_is_told_what_is_left(direction, size, kept):
    verdict = judge(exercises.get("11.2"), step(direction, size, kept))
    left = [said for said in (DIRECTIONS[direction], SIZES[size], RANGES[kept]) if said]
    if not left:
        assert verdict.status == "correct"
    elif (direction, size, kept) == ("-", "slopes", "np.clip(changed, 0, 1)"):
        assert "as it was printed" in verdict.message
    else:
        assert verdict.status == "wrong"
        assert [fault for fault in dict.fromkeys(FAULTS) if fault in verdict.message] == left


PICTURE = np.array([[100, 2, 60], [254, 180, 30]])
SLOPES = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
BY_HAND = {
    "the change alone": (4 * np.sign(SLOPES), "the change alone"),
    "steps of one": (PICTURE + np.sign(SLOPES), "moved by 1"),
    "steps of one, cut off": (np.clip(PICTURE + np.sign(SLOPES), 0, 255), "moved by 1"),
    "the steps cut off": (PICTURE + np.clip(4 * np.sign(SLOPES), 0, 255), "the steps"),
    "both cut off": (np.clip(PICTURE + np.clip(4 * np.sign(SLOPES), 0, 255), 0, 255), "the steps"),
    "cut off at 1": (np.clip(PICTURE + 4 * np.sign(SLOPES), 0, 1), "Cut off at 1"),
    "downhill, not cut off": (PICTURE - 4 * np.sign(SLOPES), "loss falls"),
    "downhill by the slope": (PICTURE - 4 * SLOPES, "Only its sign"),
    "one slip": (np.array([[104, 0, 60], [255, 176, 34]]), "sign of its slope"),
}


@pytest.mark.parametrize("how", BY_HAND)
def test_a_wrong_step_by_hand_is_told_why_and_not_the_answer(how):
    answer, said = BY_HAND[how]
    verdict = judge(exercises.get("11.1"), answer)
    assert verdict.status == "wrong" and said in verdict.message
    assert "Expected" not in verdict.message
