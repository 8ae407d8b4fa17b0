"""Exercises of lesson 06: count what is trained, what learns, split by thing, class means, a depthwise pair."""

from collections.abc import Callable

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _probe_parameters() -> int:
    weights = 1280 * 12
    biases = 12
    probe_parameters = weights + biases
    return probe_parameters  # noqa: RET504


PARAMETERS = Exercise(
    id="06.1",
    title="what the probe learns",
    stub="probe_parameters = ...",
    check=number_is(
        15_372,
        mistakes={
            15_360: "The biases are missing: one for each class.",
            16_640: "One bias for each class, not one for each feature.",
            1_292: "Each class has a weight for every feature: multiply.",
            7_686: "That is for six classes. These are twelve.",
            1_280: "Each of the twelve classes has 1,280 weights of its own.",
            1_281: "That is one class, its weights and its bias. There are twelve.",
            7_680: "That is for six classes, and without biases. These are twelve.",
            15_361: "That is one bias for all classes together. Each of the twelve has its own.",
            15_366: "The biases are still those of six classes. Twelve classes have twelve.",
            16_653: "That is for thirteen classes. These are twelve.",
            23_058: "That is for eighteen classes. The twelve come in the place of the six, not on top of them.",
        },
    ),
    hints=(
        "A dense layer has a weight for every pair of input and output, and a bias for every output.",
        "There are 1,280 inputs and 12 outputs.",
    ),
    solution=computed(_probe_parameters),
    wrong=(("15,372 weights", "Expected a number"),),
)


def nearest_mean(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    classes = labels.max() + 1
    means = np.stack([features[labels == label].mean(axis=0) for label in range(classes)])
    answers = []
    for row in new:
        distances = ((means - row) ** 2).sum(axis=1)
        answers.append(distances.argmin())
    return np.array(answers)


def _at_once(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    means = np.array([features[labels == label].mean(axis=0) for label in np.unique(labels)])
    return np.linalg.norm(new[:, None] - means[None], axis=2).argmin(axis=1)


def _nearest_picture(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    return labels[np.linalg.norm(new[:, None] - features[None], axis=2).argmin(axis=1)]


def _place_of_picture(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return np.linalg.norm(new[:, None] - features[None], axis=2).argmin(axis=1)


def _sums(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    totals = np.array([features[labels == label].sum(axis=0) for label in np.unique(labels)])
    return np.linalg.norm(new[:, None] - totals[None], axis=2).argmin(axis=1)


def _by(distance: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """The classes whose means are nearest by another distance, of differences (new, classes, features)."""

    def nearest(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
        means = np.array([features[labels == label].mean(axis=0) for label in np.unique(labels)])
        return distance(new[:, None] - means[None]).argmin(axis=1)

    return nearest


_farthest = _by(lambda differences: -np.linalg.norm(differences, axis=2))
_signed = _by(lambda differences: differences.sum(axis=2))
_absolute = _by(lambda differences: np.abs(differences).sum(axis=2))
_largest_difference = _by(lambda differences: np.abs(differences).max(axis=2))


def _median(features: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    middles = np.array([np.median(features[labels == label], axis=0) for label in np.unique(labels)])
    return np.linalg.norm(new[:, None] - middles[None], axis=2).argmin(axis=1)


_FEATURES = np.array([[0.0, 0], [0, 6], [0, 0], [5, 5], [9, 5], [1, 4], [10, -2]])
_LABELS = np.array([0, 0, 0, 1, 1, 2, 2])
_NEW = np.array([[3.0, 5.5], [2.5, 5.0], [0.5, 5.5], [6.0, 4.0], [5.0, 0.0], [0.0, 1.0], [2.5, 2.0], [3.0, 4.0]])

MEANS = Exercise(
    id="06.4",
    title="the nearest mean",
    stub="""\
def nearest_mean(features, labels, new):
    ...""",
    check=function_matches(
        nearest_mean,
        [(_FEATURES, _LABELS, _NEW), (_FEATURES[:, ::-1] * 2, _LABELS[::-1].copy(), _NEW[:, ::-1] * 1.5 - 1)],
        mistakes=(
            (_farthest, "Those are the classes whose means are farthest. Take the smallest distance."),
            (_nearest_picture, "That is the class of the nearest example. Compare with the mean of each class."),
            (_place_of_picture, "That is the place of an example. Take the mean of each class first."),
            (_sums, "Those are sums. Divide by the number of examples of the class."),
            (_signed, "Differences cancel when they are added. Square them first."),
            (_absolute, "Those are sums of absolute differences. Square the differences before you add them."),
            (_largest_difference, "That goes by the largest difference alone. Square all of them and add them up."),
            (_median, "Those are medians. Take the mean of each class."),
        ),
    ),
    hints=(
        "`features[labels == 0].mean(axis=0)` is the mean of class 0.",
        "The distance of a row from a mean is the root of the sum of squared differences; for the smallest one the "
        "root is not needed.",
    ),
    solution=written(nearest_mean),
    right=(_at_once,),
)


def that_learn(names: list[str]) -> list[str]:
    chosen = []
    for name in names:
        if name.startswith(("stage7", "head")) and not name.endswith("norm"):
            chosen.append(name)
    return chosen


def _as_it_was(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("stage7") or (name.startswith("head") and name[-4:] != "norm")]


def _with_norms(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(("stage7", "head"))]


def _no_norms(names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith("norm")]


def _frozen_ones(names: list[str]) -> list[str]:
    return [name for name in names if name not in that_learn(names)]


def _norms_only(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(("stage7", "head")) and name.endswith("norm")]


def _norm_of_head(names: list[str]) -> list[str]:
    return [name for name in names if (name.startswith("stage7") and name[-4:] != "norm") or name.startswith("head")]


def _anywhere_in_the_name(names: list[str]) -> list[str]:
    return [name for name in names if ("stage7" in name or "head" in name) and not name.endswith("norm")]


def _both_beginnings(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("stage7") and name.startswith("head") and name[-4:] != "norm"]


def _stage_alone(names: list[str]) -> list[str]:
    return [name for name in that_learn(names) if name.startswith("stage7")]


def _head_alone(names: list[str]) -> list[str]:
    return [name for name in that_learn(names) if name.startswith("head")]


def _first_of_them(names: list[str]) -> list[str]:
    return that_learn(names)[:1]


def _how_many(names: list[str]) -> int:
    return len(that_learn(names))


def _or_no_norm(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(("stage7", "head")) or not name.endswith("norm")]


def _with_brackets(names: list[str]) -> list[str]:
    return [name for name in names if (name[:6] == "stage7" or name[:4] == "head") and name[-4:] != "norm"]


_NAMES = ["stage6_block4_project", "stage7_block1_expand", "stage7_block1_expand_norm", "head", "head_norm"]
_OTHERS = [
    "head",
    "ahead_expand",
    "stage7_block1_project_norm",
    "stage3_block1_depthwise",
    "stem_norm",
    "stage7_block1_depthwise",
]

LEARN = Exercise(
    id="06.2",
    title="what learns",
    stub="""\
def that_learn(names):
    # the mended lines, in the place of the dots
    ...""",
    check=function_matches(
        that_learn,
        [(_NAMES,), (_OTHERS,), (["stage1_block1_project", "head", "stage7_block1_project"],)],
        mistakes=(
            (_as_it_was, "Some batch normalisation is still chosen. Does `and not ...` belong to both, or to one?"),
            (_with_norms, "Batch normalisation is chosen, too. Its names end in norm."),
            (_no_norms, "Layers before stage 7 are chosen, too."),
            (_frozen_ones, "Those are the layers that stay frozen."),
            (_norms_only, "That is the batch normalisation, which stays frozen."),
            (_norm_of_head, "head_norm is still chosen. `not name.endswith(...)` has to hold for both beginnings."),
            (_anywhere_in_the_name, "ahead_expand has head in it, but does not begin with it. Use `startswith`."),
            (_both_beginnings, "Nothing is chosen: no name begins with both. One of the two is enough."),
            (_stage_alone, "The layer head is missing. It learns, too."),
            (_head_alone, "The layers of stage 7 are missing. They learn, too."),
            (_first_of_them, "The list ends after one name. `return` belongs behind the loop, not into it."),
            (_how_many, "That is how many there are. Asked for is the list of their names."),
            (_or_no_norm, "Too many are chosen. The second condition has to hold as well: `and`, not `or`."),
        ),
    ),
    hints=(
        "Try it on `['stage7_block1_expand_norm', 'head', 'head_norm']`. Which name is too many?",
        "Python evaluates `and` before `or`, as it multiplies before it adds. Brackets change that.",
    ),
    solution=written(that_learn),
    right=(_with_brackets,),
)


_SAME, _OTHER = "the same", "apart"


_TOGETHER = {
    "two photographs of one dog, taken on two days": "the same",
    "a photograph and its copy in black and white": "the same",
    "two dogs of one breed": "apart",
    "twenty frames of a film of one bird": "the same",
}


SPLIT = Exercise(
    id="06.3",
    title="one thing or two",
    **matched("together", _TOGETHER),
    check=matching_is(
        _TOGETHER,
        options=(_SAME, _OTHER),
        feedback={
            ("two photographs of one dog, taken on two days", _OTHER): (
                "It is one dog. The test would ask about a dog that the classifier knows."
            ),
            ("a photograph and its copy in black and white", _OTHER): "The copy shows the same thing.",
            ("two dogs of one breed", _SAME): (
                "They are two animals, and the classifier is meant for dogs that it has not seen."
            ),
            ("twenty frames of a film of one bird", _OTHER): "Twenty pictures, one bird. They count as one example.",
        },
    ),
    hints=(
        "Ask of each pair: do they show the same thing, or two things of the same kind?",
        "Pictures of one thing stay in one part. Two things of one kind may be set apart.",
    ),
    wrong=(
        (_TOGETHER | {"two dogs of one breed": "different"}, "expected one of"),
        ({"two dogs of one breed": _OTHER}, "Expected the keys"),
    ),
)


def _pair_weights() -> int:
    depthwise = 5 * 5 * 40  # a kernel of its own for each channel
    pointwise = 1 * 1 * 40 * 80
    pair_weights = depthwise + pointwise
    return pair_weights  # noqa: RET504


DEPTHWISE = Exercise(
    id="06.5",
    title="weights of a depthwise pair",
    stub="pair_weights = ...",
    check=number_is(
        4_200,
        mistakes={
            80_000: "That is one ordinary 5 by 5 convolution from 40 channels to 80.",
            1_000: "That is the depthwise part. The 1x1 convolution is missing.",
            3_200: "That is the 1x1 part. The depthwise one has weights, too.",
            43_200: "In the depthwise part each of the 40 channels has one kernel of 25 weights, not 40.",
            83_200: "The depthwise part has one kernel for each of its 40 channels, and no sum over them.",
            4_320: "Count the weights only: these layers have no biases.",
            4_280: "The 1x1 convolution has no biases here, only weights.",
            3_225: "In the depthwise part each of the 40 channels has a kernel of its own, not one for all.",
            3_400: "A kernel of 5 by 5 has 25 weights, not 5.",
            1_080: "The 1x1 convolution has a weight for every pair of a channel in and a channel out: multiply.",
            5_200: "The depthwise part goes over the 40 channels that come in. The 80 come out of the 1x1 part.",
            3_200_000: "Add the weights of the two layers. Each has its own.",
        },
    ),
    hints=(
        "Depthwise: one kernel of 5 x 5 for each channel, and nothing is added over the channels.",
        "1x1: a weight for every pair of a channel that comes in and one that goes out.",
    ),
    solution=computed(_pair_weights),
    wrong=(("4,200 weights", "Expected a number"),),
)


EXERCISES = (PARAMETERS, LEARN, SPLIT, MEANS, DEPTHWISE)
