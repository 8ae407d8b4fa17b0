"""Exercises of lesson 07: a project with one's own images."""

from collections import Counter

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on checking pictures: how alike two are, and the labels to look at again.


def _similarity_by_hand() -> dict:
    similarity_by_hand = {
        "a and b": 0.96,  # (3 * 4 + 4 * 3) / (5 * 5)
        "a and c": 1.0,  # (3 * 6 + 4 * 8) / (5 * 10): c is a, twice as long
    }
    return similarity_by_hand  # noqa: RET504


_RIGHT = _similarity_by_hand()


def _with(**changes: object) -> dict:
    return {**_RIGHT, **{name.replace("_", " "): value for name, value in changes.items()}}


SIMILARITY = Exercise(
    id="07.1",
    title="similarity by hand",
    kind="compute by hand",
    prompt="Give the cosine similarity of a = [3, 4] and b = [4, 3], and of a and c = [6, 8].",
    stub='similarity_by_hand = {"a and b": ..., "a and c": ...}',
    check=numbers_are(
        _RIGHT,
        (
            ("a and b", 24.0, "That is the sum of the products. Divide it by the lengths of both, 5 and 5."),
            ("a and b", 4.8, "That is divided by one length. Divide by the other one, too."),
            ("a and b", 24 / 49, "A length is the root of the sum of squares: for [3, 4] it is 5, and not 3 + 4."),
            ("a and b", 24 / 625, "Divide by the lengths, which are 5 and 5, not by their squares."),
            ("a and b", 1.0, "1 is for the same direction. [3, 4] and [4, 3] point in two."),
            ("a and c", 50.0, "That is the sum of the products. Divide it by the lengths of both, 5 and 10."),
            ("a and c", 2.0, "c is twice as long, but the similarity divides by both lengths, 5 and 10."),
            ("a and c", 0.5, "c is twice as long, but it points in the same direction, and only that counts."),
        ),
    ),
    hints=(
        "The length of [3, 4] is the root of 3 * 3 + 4 * 4.",
        "a and b: (3 * 4 + 4 * 3) / (5 * 5). a and c: the length of [6, 8] is 10.",
    ),
    solution=computed(_similarity_by_hand),
    right=(_with(a_and_b=np.float32(0.96)), _with(a_and_c=1)),
    wrong=(
        (_with(a_and_b="0.96"), "Expected a number"),
        ([0.96, 1.0], "Expected a dictionary"),
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


EXERCISES = (SIMILARITY, LEAKING, TOGETHER, SUSPECTS)
