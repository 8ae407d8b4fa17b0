"""Exercises on generated pictures: the Fréchet distance by hand, what a good figure leaves open."""

from course_utils.exercises.checks import number_is, open_question
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["FRECHET", "JUDGING"]


def _distance() -> float:
    means_apart = (2 - 5) ** 2
    spreads = 1**2 + 3**2 - 2 * (1**2 * 3**2) ** 0.5  # one feature: variances 1 and 9
    distance = means_apart + spreads
    return distance  # noqa: RET504


FRECHET = Exercise(
    id="10.2",
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
    wrong=(
        (9, "means alone"),
        (5, "Square each one"),
        (73, "squared too early"),
        (19, "last term is missing"),
        (1, "its root is 3"),
        (13 - 2 * 3**0.5, "variances: 1 and 9"),
        (13**0.5, "without a root"),
        ("13", "Expected a number"),
    ),
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
    id="10.3",
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
