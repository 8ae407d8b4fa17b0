"""Exercises on splitting: does a split leak, and what has to stay together?"""

from collections import Counter

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["LEAKING", "TOGETHER"]


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


def _yes_or_no(groups: np.ndarray, parts: np.ndarray) -> bool:
    return leaking_groups(groups, parts) > 0


def _which(groups: np.ndarray, parts: np.ndarray) -> list:
    return [int(group) for group in np.unique(groups) if len(np.unique(parts[groups == group])) > 1]


_GROUPS = np.array([0, 4, 0, 1, 4, 2, 1, 0])
_PARTS = np.array([0, 1, 0, 2, 2, 0, 2, 1])

LEAKING = Exercise(
    id="11.2",
    title="does a split leak?",
    kind="mend",
    prompt="Mend leaking_groups(groups, parts): the number of groups that lie in more than one part.",
    stub="""\
def leaking_groups(groups, parts):
    ...""",
    check=function_matches(
        leaking_groups,
        [(_GROUPS, _PARTS), (np.array([5, 5, 7]), np.array([1, 1, 0]))],
        mistakes=(
            (_as_given, "That is the function as it was given. Try it on groups [5, 5, 7], all in one part."),
            (_large_groups, "Groups of more than one picture are counted. They leak only if the parts differ."),
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
        (_as_given, "as it was given"),
        (_large_groups, "only if the parts differ"),
        (_pictures, "Pictures are counted"),
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
    id="11.3",
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
        (_but(_XRAYS, "picture"), "know the patient"),
        (_but(_XRAYS, "camera"), "what is new in use"),
        (_but(_POSTCARDS, "camera"), "nothing to split"),
        (_but(_FRAMES, "picture"), "Neighbouring frames"),
        (_but(_MEADOWS, "picture"), "there is a sixth"),
        (_but(_MEADOWS, "meadow"), "expected one of"),
        ({_XRAYS: "patient"}, "Expected the keys"),
    ),
)
