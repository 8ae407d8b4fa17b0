"""Exercises of lesson 18: a step of k-means, hesitation by entropy, what a label is worth, two views, which change."""

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]

# Groups.


def _new_centres() -> list[float]:
    feature = np.array([0, 1, 5, 6, 7, 14])
    nearest = np.abs(feature - np.array([1, 5])[:, None]).argmin(axis=0)
    new_centres = [float(feature[nearest == k].mean()) for k in (0, 1)]
    return new_centres  # noqa: RET504


NEW_CENTRES = Exercise(
    id="18.1",
    title="one step of k-means by hand",
    stub="new_centres = ...",
    check=array_is(
        np.array([0.5, 8.0]),
        tolerance=1e-3,
        mistakes=(
            (np.array([1.0, 5.0]), "Those are the old centres. Each moves to the mean of the pictures nearest to it."),
            (np.array([0.5, 6.0]), "Is the picture at 14 missing? However far it is, it joins the nearer centre."),
            (np.array([0.5, 6.5]), "That is the median of the second group. The centre is the mean, and 14 pulls it."),
            (np.array([2.0, 9.0]), "The picture at 5 went to the wrong centre: how far is it from each?"),
            (np.array([8.0, 0.5]), "The right numbers in the other order: the centre at 1 comes first."),
            (np.array([2.0, 4.0]), "Those are the sizes of the two groups. A centre is the mean of its members."),
            (np.array([1.0, 32.0]), "Those are the sums. Divide each by how many pictures joined the centre."),
            (np.array([2 / 3, 7.4]), "The old centres are no pictures: they do not count in the mean."),
            (np.array([3.8, 14.0]), "14 stands alone here. It is nearer to 5 than to 1. Which others are?"),
            (np.array([[0.5], [8.0]]), "Two numbers in one list, as in the example: no row for each."),
            (8.0, "That is one number. There are two centres, the one that was at 1 first."),
        ),
        otherwise="Which pictures are nearer to 1 than to 5? Take their mean; then that of the others.",
    ),
    hints=(
        "0 and 1 are nearer to the centre at 1. What about 5, 6, 7 and 14?",
        "The mean of 0 and 1, and the mean of 5, 6, 7 and 14.",
    ),
    solution=computed(_new_centres),
    wrong=(([3, 4], "nearer to 1 than to 5"), ([0.5], "(2,)")),
)

# Which pictures to ask about.


def most_uncertain(probabilities: np.ndarray, amount: int) -> np.ndarray:
    logarithms = np.log(np.maximum(probabilities, 1e-12))
    entropies = -(probabilities * logarithms).sum(axis=1)
    return np.argsort(-entropies)[:amount]


def _in_a_loop(probabilities: np.ndarray, amount: int) -> np.ndarray:
    entropies = [-sum(p * np.log(p) for p in row if p > 0) for row in probabilities]
    return np.array(sorted(range(len(entropies)), key=lambda place: -entropies[place])[:amount])


def _by_the_largest(probabilities: np.ndarray, amount: int) -> np.ndarray:
    return np.argsort(probabilities.max(axis=1))[:amount]


def _by_the_margin(probabilities: np.ndarray, amount: int) -> np.ndarray:
    ordered = np.sort(probabilities, axis=1)
    return np.argsort(ordered[:, -1] - ordered[:, -2])[:amount]


def _by_squares(probabilities: np.ndarray, amount: int) -> np.ndarray:
    return np.argsort((probabilities**2).sum(axis=1))[:amount]


def _most_certain(probabilities: np.ndarray, amount: int) -> np.ndarray:
    logarithms = np.log(np.maximum(probabilities, 1e-12))
    return np.argsort(-(probabilities * logarithms).sum(axis=1))[:amount]


def _largest_last(probabilities: np.ndarray, amount: int) -> np.ndarray:
    return most_uncertain(probabilities, amount)[::-1]


def _over_pictures(probabilities: np.ndarray, amount: int) -> np.ndarray:
    logarithms = np.log(np.maximum(probabilities, 1e-12))
    return np.argsort((probabilities * logarithms).sum(axis=0))[:amount]


def _entropies(probabilities: np.ndarray, amount: int) -> np.ndarray:
    logarithms = np.log(np.maximum(probabilities, 1e-12))
    return np.sort(-(probabilities * logarithms).sum(axis=1))[::-1][:amount]


def _logarithm_of_zero(probabilities: np.ndarray, amount: int) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.argsort((probabilities * np.log(probabilities)).sum(axis=1))[:amount]


def _nan_first(probabilities: np.ndarray, amount: int) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.argsort(-(probabilities * np.log(probabilities)).sum(axis=1))[::-1][:amount]


def _something_added(probabilities: np.ndarray, amount: int) -> np.ndarray:
    return np.argsort((probabilities * np.log(probabilities + 0.1)).sum(axis=1))[:amount]


_PROBABILITIES = np.array(
    [
        [0.05, 0.90, 0.03, 0.02],
        [0.50, 0.50, 0.00, 0.00],  # no margin at all, and an entropy of log 2 only
        [0.40, 0.22, 0.20, 0.18],  # the largest entropy, and a wide margin
        [0.30, 0.36, 0.32, 0.02],  # the smallest of the largest probabilities
        [0.42, 0.26, 0.10, 0.22],
        [0.00, 1.00, 0.00, 0.00],
    ]
)
# The first row has the smaller entropy, and the smaller sum of squares.
_ONE_AGAINST_THREE = np.array([[0.50, 0.50, 0.00, 0.00], [0.70, 0.10, 0.10, 0.10], [0.97, 0.01, 0.01, 0.01]])
# The second row has the larger entropy, by a little: whoever adds 0.01 to each probability finds the first.
_MANY_SMALL = np.array([[0.5, 0.5, 0, 0, 0], [0.828, 0.043, 0.043, 0.043, 0.043], [0.96, 0.01, 0.01, 0.01, 0.01]])
_WITH_A_ZERO = np.array([[0.90, 0.05, 0.05], [0.50, 0.50, 0.00], [0.80, 0.10, 0.10]])

MOST_UNCERTAIN = Exercise(
    id="18.2",
    title="hesitation by entropy",
    stub="""\
def most_uncertain(probabilities, amount):
    ...""",
    check=function_matches(
        most_uncertain,
        [(_PROBABILITIES, 3), (_WITH_A_ZERO, 2), (_ONE_AGAINST_THREE, 2), (_MANY_SMALL, 2)],
        mistakes=(
            (_by_the_largest, "That goes by the largest probability alone. The entropy takes all of them."),
            (_by_the_margin, "That is the margin: two probabilities of each row. The entropy takes all of them."),
            (_by_squares, "That is the sum of squares, another measure. The entropy has p times log p for each class."),
            (_most_certain, "Those are the smallest entropies: the pictures about which the model is most sure."),
            (_largest_last, "The right pictures, turned round: the largest entropy comes first."),
            (_over_pictures, "That adds up over the pictures. One picture is one row: add up over axis 1."),
            (_entropies, "Those are the entropies. Asked for are the places of the pictures: argsort gives them."),
            (_logarithm_of_zero, "0 times the logarithm of 0 gives nan, which sorts last. It has to count as 0."),
            (_nan_first, "0 times the logarithm of 0 gives nan, and what sorts last is first when turned round."),
            (_something_added, "Too much was added inside the logarithm: it changes the entropy. 1e-12 will do."),
        ),
    ),
    hints=(
        "One row is one picture: add up over `axis=1`, and mind the minus sign.",
        "`np.maximum(probabilities, 1e-12)` inside the logarithm: then 0 times its logarithm is 0.",
        "`np.argsort(-entropies)` gives the places of the pictures from the largest entropy on.",
    ),
    solution=written(most_uncertain),
    right=(_in_a_loop,),
)


def _hours_saved() -> float:
    at_random = 200 * 5
    by_margin = 140 * 5 + 6 * 10  # she waits after each round but the last
    hours_saved = (at_random - by_margin) / 60  # the 30 of the test set are the same in both
    return hours_saved  # noqa: RET504


HOURS_SAVED = Exercise(
    id="18.3",
    title="is it worth it",
    stub="hours_saved = ...",
    check=number_is(
        4,
        1e-3,
        mistakes={
            5: "The waiting is missing: ten minutes between each two rounds.",
            23 / 6: "After the last round she need not wait: seven rounds have six pauses.",
            240: "That is in minutes. Asked for are hours.",
            1.5: "The test set is labelled whichever way you choose, so it is not a difference.",
            6.5: "The test set is labelled whichever way you choose: it counts on neither side of the difference.",
            38 / 3: "That is what margin costs. Asked for is what it saves.",
            50 / 3: "That is what random costs. Asked for is the difference.",
            6: "The pauses are time of hers, too: they make the saving smaller, not larger.",
            60: "Those are the labels saved. How long do they take, and what stands against them?",
            -4: "The sign: what margin costs is less here, so something is saved.",
            91 / 6: "That is what margin costs, with the test set. Asked for is what it saves.",
            115 / 6: "That is what random costs, with the test set. Asked for is the difference.",
            29 / 6: "There is a pause after each round but the last: six, not one.",
        },
        otherwise="Two sums in minutes: 200 labels; 140 labels and the pauses. Then the difference in hours.",
    ),
    hints=(
        "60 labels fewer, five minutes each. How many pauses are there between seven rounds?",
        "300 minutes less 60 minutes.",
    ),
    solution=computed(_hours_saved),
    wrong=((100, "Two sums in minutes"), ("4", "Expected a number")),
)

# Two views.


def view_loss(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    codes = np.concatenate([a, b])
    codes = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    scores = np.exp(codes @ codes.T / temperature)
    np.fill_diagonal(scores, 0)
    n = len(a)
    partner = np.r_[n : 2 * n, 0:n]
    share = scores[np.arange(2 * n), partner] / scores.sum(axis=1)
    return -np.log(share).mean()


def _one_by_one(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    z, n = np.concatenate([a, b]), len(a)
    losses = []
    for i in range(2 * n):
        cosines = z @ z[i] / (np.linalg.norm(z, axis=1) * np.linalg.norm(z[i])) / temperature
        others = np.delete(np.exp(cosines), i)
        losses.append(np.log(others.sum()) - cosines[(i + n) % (2 * n)])
    return float(np.mean(losses))


def _loss(
    a: np.ndarray, b: np.ndarray, temperature: float, *, unit: bool = True, itself: bool = False, times: bool = False
) -> float:
    """The loss with one thing left out or turned round."""
    z = np.concatenate([a, b])
    z = z / np.linalg.norm(z, axis=1, keepdims=True) if unit else z
    scores = np.exp(z @ z.T * temperature if times else z @ z.T / temperature)
    scores = scores if itself else scores * (1 - np.eye(len(z)))
    n = len(a)
    return float(-np.log(scores[np.arange(2 * n), np.r_[n : 2 * n, 0:n]] / scores.sum(axis=1)).mean())


def _as_given(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    return _loss(a, b, temperature, unit=False, itself=True)


def _not_normalised(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    return _loss(a, b, temperature, unit=False)


def _with_itself(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    return _loss(a, b, temperature, itself=True)


def _times_temperature(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    return _loss(a, b, temperature, times=True)


def _columns(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    z = np.concatenate([a, b])
    z = z / np.linalg.norm(z, axis=0)
    return _loss(z[: len(a)], z[len(a) :], temperature, unit=False)


def _one_direction(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    a, b = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (a, b))
    scores = np.exp(a @ b.T / temperature)
    return float(-np.log(np.diag(scores) / scores.sum(axis=1)).mean())


def _zero_before_exp(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    z = np.concatenate([a, b])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    alike = z @ z.T
    np.fill_diagonal(alike, 0)  # exp(0) is 1: it still counts
    scores = np.exp(alike / temperature)
    n = len(a)
    return float(-np.log(scores[np.arange(2 * n), np.r_[n : 2 * n, 0:n]] / scores.sum(axis=1)).mean())


def _summed(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    return 2 * len(a) * view_loss(a, b, temperature)


def _one_norm(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    length = np.linalg.norm(np.concatenate([a, b]))
    return _loss(a / length, b / length, temperature, unit=False)


def _squared_lengths(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    a, b = (v / (v**2).sum(axis=1, keepdims=True) for v in (a, b))
    return _loss(a, b, temperature, unit=False)


def _first_views_alone(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    z = np.concatenate([a, b])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    scores = np.exp(z @ z.T / temperature) * (1 - np.eye(len(z)))
    n = len(a)
    return float(-np.log(scores[np.arange(n), np.arange(n) + n] / scores[:n].sum(axis=1)).mean())


_A = np.array([[2.0, 0.0], [0.0, 1.0], [-1.0, 1.0]])
_B = np.array([[1.0, 0.5], [-0.3, 1.5], [-1.0, 0.0]])

VIEW_LOSS = Exercise(
    id="18.4",
    title="the loss of two views",
    stub="""\
def view_loss(a, b, temperature):
    ...""",
    check=function_matches(
        view_loss,
        [(_A, _B, 0.5), (_B[:2], _A[1:], 1.5)],
        tolerance=1e-5,
        mistakes=(
            (_as_given, "Both faults are still there. What can grow without limit, and what likeness is always 1?"),
            (_not_normalised, "The rows still have different lengths: a long row is like everything. Make them unit."),
            (_columns, "Those are the columns. One view is one row: divide every row by its own length, axis 1."),
            (_with_itself, "Each view is still among its own candidates, and nothing is more like it than itself."),
            (_zero_before_exp, "exp(0) is 1: a likeness of 0 still takes a share. Take it out after the exponential."),
            (_times_temperature, "The likeness is divided by the temperature, not multiplied."),
            (_one_direction, "Each view chooses among all other views, those of its own list as well."),
            (_summed, "That is the sum over the views. Asked for is the mean."),
            (_one_norm, "All was divided by one number, the length of the whole table. Each row has its own."),
            (_squared_lengths, "Divided by the sum of squares. The length of a row is the root of it."),
            (_first_views_alone, "Those are the first views alone. The second ones look for their partners, too."),
        ),
    ),
    hints=(
        "Cosine likeness compares directions: divide each row by `np.linalg.norm(codes, axis=1, keepdims=True)` first.",
        "The first view has 2n - 1 candidates, not 2n. Which entry of each row of `scores` must not count?",
        "`np.fill_diagonal(scores, 0)` takes each view out of its own candidates.",
    ),
    solution=written(view_loss),
    right=(_one_by_one,),
)

# Which change.

_COLOUR, _CROPS, _MIRROR = "colour", "crops", "mirror"
_TOMATOES = "ripe and unripe tomatoes"
_ARROWS = "arrows that point to the left or to the right"
_CRACK = "is there a tiny crack somewhere at the edge of the plate?"
_CHANGES = {_TOMATOES: _COLOUR, _ARROWS: _MIRROR, _CRACK: _CROPS}

RUINOUS_CHANGE = Exercise(
    id="18.5",
    title="which change would ruin it",
    **matched("ruinous_change", _CHANGES),
    check=matching_is(
        _CHANGES,
        options=(_COLOUR, _CROPS, _MIRROR),
        feedback={
            (_TOMATOES, _CROPS): "A part of a tomato still shows whether it is ripe. By what do you tell?",
            (_TOMATOES, _MIRROR): "A mirrored tomato is as ripe as before. By what do you tell?",
            (_ARROWS, _COLOUR): "An arrow in another colour points where it pointed. What turns it round?",
            (_ARROWS, _CROPS): "Most of an arrow still points where it pointed. What turns it round?",
            (_CRACK, _COLOUR): "A crack in another colour is still a crack. What can make it vanish from the picture?",
            (_CRACK, _MIRROR): "A mirrored crack is still a crack. What can make it vanish from the picture?",
        },
    ),
    hints=(
        "Ask of each change: is the right answer still the same, and can it still be seen?",
        "One change removes a hue, one swaps left and right, one may leave out the edge.",
    ),
    wrong=(
        (_CHANGES | {_ARROWS: "noise"}, "expected one of"),
        ({_ARROWS: _MIRROR}, "Expected the keys"),
    ),
)


EXERCISES = (NEW_CENTRES, MOST_UNCERTAIN, HOURS_SAVED, VIEW_LOSS, RUINOUS_CHANGE)
