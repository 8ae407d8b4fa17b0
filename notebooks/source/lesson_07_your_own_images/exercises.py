"""Exercises of lesson 07: a project with one's own images."""

from collections import Counter

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on checking pictures: how alike two are, and the mistakes that a model is surest of.


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
    stub='similarity_by_hand = {"a and b": ..., "a and c": ...}',
    check=numbers_are(
        _RIGHT,
        (
            ("a and b", 24.0, "That is the sum of the products. Divide it by the lengths of both, 5 and 5."),
            ("a and b", 4.8, "That is divided by one length. Divide by the other one, too."),
            ("a and b", 24 / 49, "A length is the root of the sum of squares: for [3, 4] it is 5, and not 3 + 4."),
            ("a and b", 24 / 625, "Divide by the lengths, which are 5 and 5, not by their squares."),
            ("a and b", 1.0, "1 is for the same direction. [3, 4] and [4, 3] point in two."),
            ("a and b", 12 / 25, "That is one product alone. Add the second one, 4 * 3, before you divide."),
            ("a and b", 24 / 10, "The two lengths are multiplied, 5 * 5, and not added."),
            ("a and b", 0.04, "That is how much is missing to 1, a distance. Asked for is the similarity."),
            ("a and b", 96.0, "That is in per cent. Give it as a number up to 1."),
            ("a and b", 2**0.5, "That is the distance of the two points. The cosine compares their directions."),
            ("a and c", 50.0, "That is the sum of the products. Divide it by the lengths of both, 5 and 10."),
            ("a and c", 2.0, "c is twice as long, but the similarity divides by both lengths, 5 and 10."),
            ("a and c", 10.0, "That is divided by the length of a alone. Divide by that of c, too, which is 10."),
            ("a and c", 5.0, "That is divided by the length of c alone. Divide by that of a, too, which is 5."),
            ("a and c", 50 / 15, "The two lengths are multiplied, 5 * 10, and not added."),
            ("a and c", 50 / 98, "A length is the root of the sum of squares: for [6, 8] it is 10, and not 6 + 8."),
            ("a and c", 0.02, "Divide by the lengths, which are 5 and 10, not by their squares."),
            ("a and c", 0.0, "0 would be a distance. The similarity is largest where both point in one direction."),
            ("a and c", 0.96, "That is the one of a and b. c points exactly where a does."),
            ("a and c", 0.5, "c is twice as long, but it points in the same direction, and only that counts."),
        ),
    ),
    hints=(
        "The length of [3, 4] is the root of 3 * 3 + 4 * 4.",
        "a and b: (3 * 4 + 4 * 3) / (5 * 5). a and c: the length of [6, 8] is 10.",
    ),
    solution=computed(_similarity_by_hand),
    wrong=(
        (_with(a_and_b="0.96"), "Expected a number"),
        ([0.96, 1.0], "Expected a dictionary"),
    ),
)


def surest_mistakes(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    sure = probabilities.max(axis=1)
    mistake = probabilities.argmax(axis=1) != labels
    return np.argsort(np.where(mistake, -sure, 0))[:k]


def _in_a_loop(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    mistakes = [i for i, (row, label) in enumerate(zip(probabilities, labels, strict=True)) if row.argmax() != label]
    return np.array(sorted(mistakes, key=lambda i: -probabilities[i].max())[:k])


def _surest_of_all(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:  # noqa: ARG001
    return np.argsort(-probabilities.max(axis=1))[:k]


def _suspects(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(probabilities[np.arange(len(labels)), labels])[:k]


def _least_sure(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    mistakes = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return mistakes[np.argsort(probabilities[mistakes].max(axis=1))][:k]


def _unsorted(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.flatnonzero(probabilities.argmax(axis=1) != labels)[:k]


def _by_number(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return np.sort(surest_mistakes(probabilities, labels, k))


def _surest_last(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return surest_mistakes(probabilities, labels, k)[::-1]


def _among_mistakes(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    mistakes = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return np.argsort(-probabilities[mistakes].max(axis=1))[:k]


def _values(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    return probabilities[surest_mistakes(probabilities, labels, k)].max(axis=1)


def _every_one(probabilities: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:  # noqa: ARG001
    return surest_mistakes(probabilities, labels, int(np.sum(probabilities.argmax(axis=1) != labels)))


_PROBABILITIES = np.array(
    [
        [0.02, 0.03, 0.95],  # the surest answer of all, and right
        [0.42, 0.57, 0.01],  # the least probable label, and not the surest mistake
        [0.10, 0.15, 0.75],
        [0.50, 0.30, 0.20],
        [0.08, 0.90, 0.02],  # the surest mistake
        [0.36, 0.33, 0.31],  # a mistake, and the least sure
    ]
)
_LABELS = np.array([2, 2, 1, 0, 0, 1])
_TWO_CLASSES = np.array([[0.1, 0.9], [0.2, 0.8], [0.45, 0.55], [0.7, 0.3]])

MISTAKES = Exercise(
    id="07.4",
    title="the surest mistakes",
    stub="""\
def surest_mistakes(probabilities, labels, k):
    ...""",
    check=function_matches(
        surest_mistakes,
        [(_PROBABILITIES, _LABELS, 3), (_TWO_CLASSES, np.array([1, 0, 0, 1]), 2)],
        mistakes=(
            (_surest_of_all, "Those are the surest answers, right ones among them. Ask for mistakes only."),
            (_suspects, "Those are the suspects, by the probability of the label. Sort by that of the answer."),
            (_least_sure, "Those are mistakes, and the least sure ones. The surest answer comes first."),
            (_unsorted, "Those are the first mistakes in the order of the pictures. The surest answer comes first."),
            (_surest_last, "The right pictures, but the surest answer comes first."),
            (_by_number, "The right pictures, but sorted by their numbers. The surest answer comes first."),
            (_among_mistakes, "Those are positions among the mistakes. Asked for are positions among all pictures."),
            (_values, "Those are the probabilities. Asked for are the positions of the pictures: `np.argsort`."),
        ),
    ),
    hints=(
        "`probabilities.argmax(axis=1)` are the answers, and `probabilities.max(axis=1)` says how sure they are.",
        "`np.flatnonzero(answers != labels)` gives the positions of the mistakes.",
        "Sort those positions by how sure the answers are, the surest first, and take the first k.",
    ),
    solution=written(surest_mistakes),
    right=(_in_a_loop,),
    wrong=((_every_one, "Expected an array of shape (3,)"),),
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


def _first_and_last(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(int(parts[groups == group][0] != parts[groups == group][-1]) for group in set(groups.tolist()))


def _parts_with_several(groups: np.ndarray, parts: np.ndarray) -> int:
    return leaking_groups(parts, groups)


def _pairs(groups: np.ndarray, parts: np.ndarray) -> int:
    return len(set(zip(groups.tolist(), parts.tolist(), strict=True)))


def _in_one_part(groups: np.ndarray, parts: np.ndarray) -> int:
    return len(np.unique(groups)) - leaking_groups(groups, parts)


def _numbers_up_to_the_last(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(len(np.unique(parts[groups == group])) > 1 for group in range(groups.max()))


def _share(groups: np.ndarray, parts: np.ndarray) -> float:
    return leaking_groups(groups, parts) / len(np.unique(groups))


def _after_the_first(groups: np.ndarray, parts: np.ndarray) -> int:
    return int(len(np.unique(parts[groups == groups.min()])) > 1)


def _in_three(groups: np.ndarray, parts: np.ndarray) -> int:
    return sum(len(np.unique(parts[groups == group])) > 2 for group in np.unique(groups))


def _which(groups: np.ndarray, parts: np.ndarray) -> list:
    return [int(group) for group in np.unique(groups) if len(np.unique(parts[groups == group])) > 1]


_GROUPS = np.array([0, 4, 0, 1, 4, 2, 1, 0])
_PARTS = np.array([0, 1, 0, 2, 2, 0, 2, 1])

LEAKING = Exercise(
    id="07.2",
    title="does a split leak?",
    stub="""\
def leaking_groups(groups, parts):
    ...""",
    check=function_matches(
        leaking_groups,
        [
            (_GROUPS, _PARTS),
            (np.array([5, 5, 7]), np.array([1, 1, 0])),
            (np.array([3, 3, 8, 3]), np.array([0, 1, 1, 2])),
            (np.array([6, 6, 2, 6]), np.array([0, 1, 0, 0])),  # first and last lie together, the one between does not
            (np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])),  # neither the first group leaks nor the last
        ],
        mistakes=(
            (_as_given, "That is the function as it was given. Try it on groups [5, 5, 7], all in one part."),
            (_large_groups, "Groups of more than one picture are counted. They leak only if the parts differ."),
            (_further_parts, "A group that lies in three parts is one group. Here it is counted twice."),
            (_pictures, "Pictures are counted: a group of three counts three times. Go through each group once."),
            (_parts_with_several, "Those are parts that hold several groups. Look at the parts of each group."),
            (_pairs, "Those are all pairs of a group and a part. A group leaks if it is in more than one pair."),
            (_in_one_part, "Those are the groups that lie in one part alone. Count the others."),
            (_numbers_up_to_the_last, "`range` stops before its end, so the last group is left out. Use `np.unique`."),
            (_share, "That is the share of the groups. Asked for is their number."),
            (_after_the_first, "Only the first group is looked at. `return` belongs behind the loop, not into it."),
            (_in_three, "Two parts are already more than one."),
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
        (_first_and_last, "parts = [0, 1, 0, 0]"),
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
    wrong=(
        (_but(_MEADOWS, "meadow"), "expected one of"),
        ({_XRAYS: "patient"}, "Expected the keys"),
    ),
)


EXERCISES = (SIMILARITY, LEAKING, TOGETHER, MISTAKES)
