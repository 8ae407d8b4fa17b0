"""Exercises of lesson 20: few labels, generated pictures, views, scaling."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is, open_question
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on learning with few labels: which picture to ask about next, the loss of two views.


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
_WITH_A_ZERO = np.array([[0.90, 0.05, 0.05], [0.50, 0.50, 0.00], [0.80, 0.10, 0.10]])

MOST_UNCERTAIN = Exercise(
    id="20.1",
    title="which pictures to ask about",
    kind="fill in",
    prompt="Write most_uncertain(probabilities, amount): the pictures with the largest entropy, the largest first.",
    stub="""\
def most_uncertain(probabilities, amount):
    ...""",
    check=function_matches(
        most_uncertain,
        [(_PROBABILITIES, 3), (_WITH_A_ZERO, 2), (_ONE_AGAINST_THREE, 2)],
        mistakes=(
            (_by_the_largest, "That goes by the largest probability alone. The entropy takes all of them."),
            (_by_the_margin, "That is the margin: two probabilities of each row. The entropy takes all of them."),
            (_by_squares, "That is the sum of squares, another measure. The entropy has p times log p for each class."),
            (_most_certain, "Those are the smallest entropies: the pictures about which the model is most sure."),
            (_largest_last, "The right pictures, turned round: the largest entropy comes first."),
            (_over_pictures, "That adds up over the pictures. One picture is one row: add up over axis 1."),
            (_entropies, "Those are the entropies. Asked for are the numbers of the pictures: argsort gives them."),
            (_logarithm_of_zero, "0 times the logarithm of 0 gives nan, which sorts last. It has to count as 0."),
        ),
    ),
    hints=(
        "One row is one picture: add up over `axis=1`, and mind the minus sign.",
        "`np.maximum(probabilities, 1e-12)` inside the logarithm: then 0 times its logarithm is 0.",
        "`np.argsort(-entropies)` gives the numbers of the pictures from the largest entropy on.",
    ),
    solution=written(most_uncertain),
    right=(_in_a_loop,),
)


def contrastive_loss(a: np.ndarray, b: np.ndarray, temperature: float) -> float:
    z = np.concatenate([a, b])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    scores = np.exp(z @ z.T / temperature)
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


_A = np.array([[2.0, 0.0], [0.0, 1.0], [-1.0, 1.0]])
_B = np.array([[1.0, 0.5], [-0.3, 1.5], [-1.0, 0.0]])

VIEWS = Exercise(
    id="20.4",
    title="the loss of two views",
    kind="mend",
    prompt="Mend contrastive_loss(a, b, temperature): it has two faults.",
    stub="""\
def contrastive_loss(a, b, temperature):
    ...""",
    check=function_matches(
        contrastive_loss,
        [(_A, _B, 0.5), (_B[:2], _A[1:], 1.5)],
        tolerance=1e-5,
        mistakes=(
            (_as_given, "Both faults are still there. What can grow without limit, and what likeness is always 1?"),
            (_not_normalised, "The rows still have different lengths: a long row is like everything. Make them unit."),
            (_columns, "Those are the columns. One view is one row: divide every row by its own length, axis 1."),
            (_with_itself, "Each view is still among its own candidates, and nothing is more like it than itself."),
            (_times_temperature, "The likeness is divided by the temperature, not multiplied."),
            (_one_direction, "Each view chooses among all other views, those of its own list as well."),
        ),
    ),
    hints=(
        "Cosine likeness compares directions: divide each row by `np.linalg.norm(z, axis=1, keepdims=True)` first.",
        "The first question has 2n - 1 candidates, not 2n. Which entry of each row of `scores` must not count?",
        "`np.fill_diagonal(scores, 0)` takes each view out of its own candidates.",
    ),
    solution=written(contrastive_loss),
    right=(_one_by_one,),
)


# Exercises on generated pictures: the Fréchet distance by hand, what a good figure leaves open.


def _distance() -> float:
    means_apart = (2 - 5) ** 2
    spreads = 1**2 + 3**2 - 2 * (1**2 * 3**2) ** 0.5  # one feature: variances 1 and 9
    distance = means_apart + spreads
    return distance  # noqa: RET504


FRECHET = Exercise(
    id="20.2",
    title="a Fréchet distance by hand",
    kind="compute by hand",
    prompt="Compute the Fréchet distance of two sets with one feature: means 2 and 5, standard deviations 1 and 3.",
    stub="distance = ...",
    check=number_is(
        13,
        1e-3,
        mistakes={
            9: "Those are the means alone. The spreads differ as well.",
            5: "Those are the differences themselves: 3 and 2. Square each one.",
            73: "The standard deviations were squared too early: (1 - 9)² is the squared difference of the variances.",
            19: "The last term is missing: minus twice the square root of the product of the variances.",
            1: "The square root is missing: the product of the variances is 9, its root is 3.",
            7: "The covariances of one feature are its variances: 1 and 9, not 1 and 3.",
            13 - 2 * 3**0.5: "The covariances of one feature are its variances: 1 and 9, not 1 and 3.",
            13**0.5: "The distance as it is used here is the sum of squares, without a root at the end.",
        },
    ),
    hints=(
        "With one feature the covariance matrix is one number, the variance: the square of the standard deviation.",
        "(2 - 5)² for the means, then 1 + 9 - 2 √(1 · 9) for the variances.",
    ),
    solution=computed(_distance),
    right=(13, 13.0),
    wrong=(("13", "Expected a number"),),
)


def _further_questions() -> str:
    further_questions = (
        "Were the twenty picked out? I want a large random sample. Ten classes must occur, each in its share: count "
        "them with a classifier. Are they copies? For each one find the nearest training picture; a copy would have "
        "a perfect distance. Which features, how many pictures, how many seeds? The distance of two real halves of "
        "that size is the floor, and a simple baseline shows what 31 means."
    )
    return further_questions  # noqa: RET504


JUDGING = Exercise(
    id="20.3",
    title="twenty beautiful shoes",
    kind="open",
    prompt="Say what you would ask before you believe that a generator is good.",
    stub="further_questions = ...",
    check=open_question(_further_questions()),
    hints=(
        "Who chose the twenty pictures?",
        "What would a generator score that gives training pictures back? And one that only makes boots?",
    ),
    solution=computed(_further_questions),
    right=("Were the pictures chosen, are they copies of the training set, and do all of the ten classes occur?",),
    wrong=(
        ("", "empty"),
        ("They look good.", "few sentences"),
        (31, "Expected a text"),
    ),
)


# An exercise on scaling: how many images a lower error takes.


def _images_needed() -> float:
    images, error, wanted, exponent = 10_000, 0.08, 0.04, 0.25
    images_needed = images * (error / wanted) ** (1 / exponent)
    return images_needed  # noqa: RET504


IMAGES_NEEDED = Exercise(
    id="20.5",
    title="the price of half the error",
    kind="change and predict",
    prompt="Say how many images a power law with exponent 0.25 asks for, to halve an error.",
    stub="images_needed = ...",
    check=number_is(
        160_000,
        1,
        mistakes={
            20_000: "Twice the images would halve the error if the exponent were 1.",
            40_000: "Four times the images would halve the error if the exponent were 0.5.",
            11_892: "That is 10,000 x 2^0.25. The exponent belongs to the images: solve for them first.",
            8_409: "More images are needed, not fewer. 2^0.25 is what the error is divided by for twice the images.",
            16: "That is the factor. Asked for is the number of images.",
            625: "More images are needed, not fewer: the factor is 16, and it multiplies the 10,000.",
            150_000: "Those are the further images. Asked for are all of them.",
            80_000: "Eight times the images divide the error by 8^0.25, about 1.68. That is not half.",
        },
    ),
    hints=(
        "error = a x images^-0.25. If the images grow k times, the error is divided by k^0.25.",
        "k^0.25 has to be 2. Which number k has the fourth root 2?",
    ),
    solution=computed(_images_needed),
    right=(160_000, 160_000.0, np.int64(160_000)),
    wrong=(
        (1_000_000, "too large"),
        ("160000", "Expected a number"),
    ),
)


EXERCISES = (MOST_UNCERTAIN, FRECHET, JUDGING, VIEWS, IMAGES_NEEDED)
