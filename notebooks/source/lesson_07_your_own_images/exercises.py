"""Exercises of lesson 07: a project with one's own images."""

from collections import Counter

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on checking pictures: a perceptual hash by hand, and the labels to look at again.


def _hash_by_hand() -> dict:
    hash_by_hand = {
        "bits": [1, 1, 0, 0, 1, 0],  # 10 < 40 < 90 > 20, then 70 > 60 < 80 > 75
        "mirrored": [1, 0, 0, 1, 0, 1],  # 20 < 90 > 40 > 10, then 75 < 80 > 60 < 70
        "distance": 4,  # all but the first and the third bit differ
    }
    return hash_by_hand  # noqa: RET504


_RIGHT = _hash_by_hand()


def _with(**changes: object) -> dict:
    return {**_RIGHT, **changes}


HASH = Exercise(
    id="07.1",
    title="a hash by hand",
    kind="compute by hand",
    prompt="Give the dHash bits of a small grey picture, those of its mirror image, and their distance.",
    stub="""\
small_grey = np.array([[10, 40, 90, 20], [70, 60, 80, 75]])
hash_by_hand = {"bits": ..., "mirrored": ..., "distance": ...}""",
    check=numbers_are(
        _RIGHT,
        (
            ("bits", [0, 0, 1, 1, 0, 1], "A bit is 1 where the RIGHT neighbour is lighter. These are the opposite."),
            ("bits", [1, 1, 0, 1], "That compares each pixel with the one below. dHash looks along the rows."),
            ("bits", [1, 1, 0, 1, 0, 1, 0], "A pair joins two rows there: the last pixel of a row has no neighbour."),
            ("bits", [0, 0, 1, 0, 1, 1, 1, 1], "One bit a pixel: that compares with the mean. dHash compares pairs."),
            ("mirrored", [0, 1, 1, 0, 1, 0], "Turned round, but in a mirror what was lighter on the right is so left."),
            ("mirrored", [0, 0, 1, 1, 0, 1], "Each bit was inverted, but the pairs also come in the opposite order."),
            ("mirrored", [0, 1, 0, 1, 1, 0], "That picture is upside down. A mirror swaps left and right in each row."),
            ("distance", 2.0, "That many bits agree. The distance counts those that differ."),
            ("distance", 4 / 6, "That is a share. The distance is a number of bits."),
        ),
    ),
    hints=(
        "Go along a row: 10, 40, 90, 20. Is 40 lighter than 10? Is 90 lighter than 40? Is 20 lighter than 90?",
        "A row of 4 pixels has 3 pairs, so there are 6 bits. Write the mirrored rows down before you take their bits: "
        "20, 90, 40, 10 and 75, 80, 60, 70.",
    ),
    solution=computed(_hash_by_hand),
    right=(
        _with(bits=np.array([1, 1, 0, 0, 1, 0])),
        _with(bits=np.array([1, 1, 0, 0, 1, 0]) == 1),
        _with(distance=4.0),
        _with(mirrored=(1, 0, 0, 1, 0, 1)),
    ),
    wrong=(
        (_with(bits="110010"), "expected a list of numbers"),
        ([1, 1, 0, 0, 1, 0], "Expected a dictionary"),
    ),
)


def find_suspects(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    stated = probabilities[np.arange(len(labels)), labels]
    return np.argsort(stated)[:k]


def _in_a_loop(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    stated = [row[label] for row, label in zip(probabilities, labels, strict=True)]
    return np.array(sorted(range(len(stated)), key=lambda number: stated[number])[:k])


def _least_sure(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:  # noqa: ARG001
    return np.argsort(probabilities.max(axis=1))[:k]


def _most_trusted(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-probabilities[np.arange(len(labels)), labels])[:k]


def _surest_mistakes(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    sure = np.where(probabilities.argmax(axis=1) != labels, probabilities.max(axis=1), -1)
    return np.argsort(-sure)[:k]


def _lowest_last(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return find_suspects(probabilities, labels, k)[::-1]


def _by_number(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.sort(find_suspects(probabilities, labels, k))


def _values(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.sort(probabilities[np.arange(len(labels)), labels])[:k]


def _whole_columns(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(probabilities[:, labels])[:k]


_PROBABILITIES = np.array(
    [
        [0.55, 0.43, 0.02],
        [0.50, 0.30, 0.20],
        [0.10, 0.15, 0.75],
        [0.34, 0.33, 0.33],  # least sure of all, and not the least likely label
        [0.05, 0.90, 0.05],  # the surest mistake, and not the least likely label
        [0.02, 0.03, 0.95],
    ]
)
_LABELS = np.array([2, 0, 1, 1, 0, 2])
_TWO_CLASSES = np.array([[0.9, 0.1], [0.2, 0.8], [0.45, 0.55], [0.7, 0.3]])

SUSPECTS = Exercise(
    id="07.4",
    title="find the suspects",
    kind="fill in",
    prompt="Write find_suspects(probabilities, labels, k): the pictures whose stated label has the lowest probability.",
    stub="""\
def find_suspects(probabilities, labels, k):
    ...""",
    check=function_matches(
        find_suspects,
        [(_PROBABILITIES, _LABELS, 3), (_TWO_CLASSES, np.array([1, 1, 1, 0]), 2)],
        mistakes=(
            (_least_sure, "Those are the pictures of which the model is least sure. Ask about the stated label."),
            (_most_trusted, "Those have the highest probability of the stated label. The suspects have the lowest."),
            (_surest_mistakes, "Sorted by how sure the model is of its own answer. Sort by the stated label's share."),
            (_lowest_last, "The right pictures, but the lowest probability comes first."),
            (_by_number, "The right pictures, but sorted by their numbers. The lowest probability comes first."),
            (_values, "Those are the probabilities. Asked for are the numbers of the pictures: `np.argsort`."),
        ),
    ),
    hints=(
        "Each picture has one number that counts: the probability in its row, in the column of its stated label.",
        "`probabilities[np.arange(len(labels)), labels]` takes one entry from each row.",
        "`np.argsort` gives the places in rising order of the values; take the first k.",
    ),
    solution=written(find_suspects),
    right=(_in_a_loop,),
    wrong=((_whole_columns, "Expected an array of shape (3,)"),),
)


# Exercises on splitting: does a split leak, and what has to stay together?


def leaking_groups(groups: np.ndarray, parts: np.ndarray) -> int:
    leaks = 0
    for group in np.unique(groups):
        if len(np.unique(parts[groups == group])) > 1:
            leaks += 1
    return leaks


def _with_sets(groups: np.ndarray, parts: np.ndarray) -> int:
    pairs = set(zip(groups.tolist(), parts.tolist(), strict=True))
    return sum(count > 1 for count in Counter(group for group, _ in pairs).values())


def _by_extremes(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(int(parts[groups == group].min() < parts[groups == group].max()) for group in set(groups.tolist()))


def _as_given(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(len(parts[groups == group]) > 1 for group in groups)


def _large_groups(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(len(parts[groups == group]) > 1 for group in np.unique(groups))


def _pictures(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(len(np.unique(parts[groups == group])) > 1 for group in groups)


def _further_parts(groups: np.ndarray, parts: np.ndarray) -> int:
    return len(set(zip(groups.tolist(), parts.tolist(), strict=True))) - len(np.unique(groups))


def _yes_or_no(groups: np.ndarray, parts: np.ndarray) -> bool:
    return leaking_groups(groups, parts) > 0


def _which(groups: np.ndarray, parts: np.ndarray) -> list:
    return [int(group) for group in np.unique(groups) if len(np.unique(parts[groups == group])) > 1]


_GROUPS = np.array([0, 4, 0, 1, 4, 2, 1, 0])
_PARTS = np.array([0, 1, 0, 2, 2, 0, 2, 1])

LEAKING = Exercise(
    id="07.2",
    title="does a split leak?",
    kind="mend",
    prompt="Mend leaking_groups(groups, parts): the number of groups that lie in more than one part.",
    stub="""\
def leaking_groups(groups, parts):
    ...""",
    check=function_matches(
        leaking_groups,
        [
            (_GROUPS, _PARTS),
            (np.array([5, 5, 7]), np.array([1, 1, 0])),
            (np.array([3, 3, 8, 3]), np.array([0, 1, 1, 2])),
        ],
        mistakes=(
            (_as_given, "That is the function as it was given. Try it on groups [5, 5, 7], all in one part."),
            (_large_groups, "Groups of more than one picture are counted. They leak only if the parts differ."),
            (_further_parts, "A group that lies in three parts is one group. Here it is counted twice."),
            (_pictures, "Pictures are counted: a group of three counts three times. Go through each group once."),
        ),
    ),
    hints=(
        "What does `len(parts[groups == group])` count: parts, or pictures?",
        "`for group in groups` meets a group once for each of its pictures. `np.unique` gives each value once.",
        "`np.unique` helps twice: over the groups, and over the parts of one group.",
    ),
    solution=written(leaking_groups),
    right=(_with_sets, _by_extremes),
    wrong=(
        (_yes_or_no, "a yes or no"),
        (_which, "Expected a number"),
    ),
)


def _kept_together() -> dict:
    kept_together = {
        "ten X-rays of each patient, for new patients": "patient",
        "postcards, each scanned once": "picture",
        "frames of forty films of streets, for new films": "film",
        "meadows from five cameras, for a sixth": "camera",
    }
    return kept_together  # noqa: RET504


_TOGETHER = _kept_together()
_XRAYS, _POSTCARDS, _FRAMES, _MEADOWS = _TOGETHER


def _but(key: str, value: str) -> dict:
    return {**_TOGETHER, key: value}


TOGETHER = Exercise(
    id="07.3",
    title="what has to stay together?",
    kind="match",
    prompt="For each project, say what the split must keep in one part: picture, film, patient or camera.",
    stub="""\
kept_together = {
    "ten X-rays of each patient, for new patients": ..., "postcards, each scanned once": ...,
    "frames of forty films of streets, for new films": ..., "meadows from five cameras, for a sixth": ...,
}""",
    check=matching_is(
        _TOGETHER,
        options=("picture", "film", "patient", "camera"),
        feedback={
            (_XRAYS, "picture"): "Then a patient sits in training and test. The model may learn to know the patient.",
            (_XRAYS, "camera"): "The machines may differ too, but what is new in use is the patient.",
            (_POSTCARDS, "camera"): "All were scanned by one device: one group would be left, and nothing to split.",
            (_FRAMES, "picture"): "Neighbouring frames are nearly the same picture: the test would ask what was shown.",
            (_MEADOWS, "picture"): "The test pictures would come from the five cameras. In use there is a sixth.",
        },
    ),
    hints=(
        "What will be new when the model is in use? Pictures only, or also the patient, the film, the camera?",
        "The test set has to be as new as the world will be. For a sixth camera, keep one of the five for the test.",
    ),
    solution=computed(_kept_together),
    right=(dict(reversed(_TOGETHER.items())),),
    wrong=(
        (_but(_MEADOWS, "meadow"), "expected one of"),
        ({_XRAYS: "patient"}, "Expected the keys"),
    ),
)


EXERCISES = (HASH, LEAKING, TOGETHER, SUSPECTS)
