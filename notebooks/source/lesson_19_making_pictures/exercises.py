"""Exercises of lesson 19: a walk through codes, the pull of the VAE, a step out of noise, how pictures are judged."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is, open_question
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# A walk through the codes.


def round_trip(codes: np.ndarray, between: int) -> np.ndarray:
    shares = np.arange(between)[:, None] / between  # 0 to below 1: the next code begins the next way
    ways = []
    for here, there in zip(codes, np.roll(codes, -1, axis=0), strict=True):
        ways.append((1 - shares) * here + shares * there)
    return np.concatenate(ways)


def _in_one_go(codes: np.ndarray, between: int) -> np.ndarray:
    codes = np.asarray(codes, float)
    shares = np.linspace(0, 1, between, endpoint=False)[None, :, None]
    there = np.concatenate([codes[1:], codes[:1]])
    return ((1 - shares) * codes[:, None] + shares * there[:, None]).reshape(-1, codes.shape[1])


def _trip(codes: np.ndarray, between: int, *, ends: bool = False, back: bool = True, step: int = -1) -> np.ndarray:
    """The walk with one thing changed: both ends of each way, no way back, or the other way round."""
    codes = np.asarray(codes, float)
    shares = np.linspace(0, 1, between, endpoint=ends)[:, None]
    there = np.roll(codes, step, axis=0)
    ways = [(1 - shares) * a + shares * b for a, b in zip(codes, there, strict=True)]
    return np.concatenate(ways if back else ways[:-1])


def _with_both_ends(codes: np.ndarray, between: int) -> np.ndarray:
    return _trip(codes, between, ends=True)


def _not_back(codes: np.ndarray, between: int) -> np.ndarray:
    return _trip(codes, between, back=False)


def _backwards(codes: np.ndarray, between: int) -> np.ndarray:
    return _trip(codes, between, step=1)


def _swapped_shares(codes: np.ndarray, between: int) -> np.ndarray:
    codes = np.asarray(codes, float)
    shares = np.arange(between)[:, None] / between
    return np.concatenate(
        [shares * a + (1 - shares) * b for a, b in zip(codes, np.roll(codes, -1, axis=0), strict=True)]
    )


def _without_the_code(codes: np.ndarray, between: int) -> np.ndarray:
    codes = np.asarray(codes, float)
    shares = np.arange(1, between + 1)[:, None] / (between + 1)
    return np.concatenate(
        [(1 - shares) * a + shares * b for a, b in zip(codes, np.roll(codes, -1, axis=0), strict=True)]
    )


def _up_to_the_next(codes: np.ndarray, between: int) -> np.ndarray:
    codes = np.asarray(codes, float)
    shares = np.arange(1, between + 1)[:, None] / between
    return np.concatenate(
        [(1 - shares) * a + shares * b for a, b in zip(codes, np.roll(codes, -1, axis=0), strict=True)]
    )


def _way_by_way(codes: np.ndarray, between: int) -> np.ndarray:
    return round_trip(codes, between).reshape(len(codes), between, -1)


def _one_more_with_ends(codes: np.ndarray, between: int) -> np.ndarray:
    return _trip(codes, between + 1, ends=True)


def _closed(codes: np.ndarray, between: int) -> np.ndarray:
    return np.concatenate([round_trip(codes, between), codes[:1]])


def _stage_by_stage(codes: np.ndarray, between: int) -> np.ndarray:
    return _way_by_way(codes, between).swapaxes(0, 1).reshape(len(codes) * between, -1)


def _rolled_as_one_row(codes: np.ndarray, between: int) -> np.ndarray:
    shares = np.arange(between)[:, None] / between
    return np.concatenate([(1 - shares) * a + shares * b for a, b in zip(codes, np.roll(codes, -1), strict=True)])


def _all_from_the_first(codes: np.ndarray, between: int) -> np.ndarray:
    codes = np.asarray(codes, float)
    shares = np.arange(between)[:, None] / between
    return np.concatenate([(1 - shares) * codes[0] + shares * b for b in np.roll(codes, -1, axis=0)])


_CODES = np.array([[2.0, 0.0, -1.0], [0.0, 4.0, 1.0], [-3.0, 1.0, 5.0]])

ROUND_TRIP = Exercise(
    id="19.1",
    title="a round trip",
    stub="""\
def round_trip(codes, between):
    ...""",
    check=function_matches(
        round_trip,
        [(_CODES, 4), (_CODES[:2], 3)],
        tolerance=1e-5,
        mistakes=(
            (_with_both_ends, "Each way ends on the next code, which then comes twice. Leave the end of each way out."),
            (_one_more_with_ends, "Each way holds one place too many: the next code, which then comes twice."),
            (_closed, "At the end the first code comes again. The last way ends before it, too."),
            (_stage_by_stage, "The right places in another order. Finish one way before the next begins."),
            (_rolled_as_one_row, "np.roll without an axis turns the table as one long row. The codes are its rows."),
            (_not_back, "The way from the last code back to the first is missing."),
            (_backwards, "That goes from the first code to the last one first. Go to the second."),
            (_swapped_shares, "Each way begins at its far end. At share 0 you should still be at the first code."),
            (_without_the_code, "The codes themselves are missing: each way begins on its code."),
            (_up_to_the_next, "Each way begins one place too late: it should begin on its own code."),
            (_way_by_way, "Right places, one shelf too many: all places in one list, shape (n * between, numbers)."),
            (
                _all_from_the_first,
                "Every way starts at the first code. The second way starts where the first one ended.",
            ),
        ),
    ),
    hints=(
        "One way first: `shares = np.arange(between)[:, None] / between`, then `(1 - shares) * here + shares * there`.",
        "`np.roll(codes, -1, axis=0)` has the next code in each row, and the first one in the last row.",
        "`for here, there in zip(codes, np.roll(codes, -1, axis=0))`, and `np.concatenate` joins the ways.",
    ),
    solution=written(round_trip),
    right=(_in_one_go,),
)

# The pull of the variational autoencoder.


def pull(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    each = (mean**2 + np.exp(log_variance) - 1 - log_variance) / 2
    return each.sum(axis=1)


def _number_by_number(mean: np.ndarray, log_variance: np.ndarray) -> list[float]:
    return [
        sum((m * m + np.exp(v) - 1 - v) / 2 for m, v in zip(means, logs, strict=True))
        for means, logs in zip(mean, log_variance, strict=True)
    ]


def _pull(mean: np.ndarray, log_variance: np.ndarray, *, power: int = 2, axis: int | None = 1) -> np.ndarray:
    each = (mean**power + np.exp(log_variance) - 1 - log_variance) / 2
    return each.sum(axis=axis)


def _as_printed(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return _pull(mean, log_variance, power=1, axis=0)


def _mean_not_squared(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return _pull(mean, log_variance, power=1)


def _over_the_pictures(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return _pull(mean, log_variance, axis=0)


def _one_number(mean: np.ndarray, log_variance: np.ndarray) -> float:
    return _pull(mean, log_variance, axis=None)


def _mean_of_numbers(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return _pull(mean, log_variance) / np.shape(mean)[1]


def _not_halved(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return 2 * _pull(mean, log_variance)


def _logarithm_of_the_logarithm(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # of a logarithm below 0 there is none
        return ((mean**2 + log_variance - 1 - np.log(log_variance)) / 2).sum(axis=1)


def _sign_taken_off(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return _pull(np.abs(mean), log_variance, power=1)


def _variance_squared(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return ((mean**2 + np.exp(log_variance) ** 2 - 1 - log_variance) / 2).sum(axis=1)


def _deviation(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    return ((mean**2 + np.exp(log_variance / 2) - 1 - log_variance) / 2).sum(axis=1)


_MEANS = np.array([[2.0, 0.0, -1.5], [0.5, -0.25, 1.0]])
_LOGS = np.array([[0.5, -2.0, 0.1], [-4.0, 0.3, 1.0]])

PULL = Exercise(
    id="19.2",
    title="mend the pull",
    stub="""\
def pull(mean, log_variance):
    ...""",
    check=function_matches(
        pull,
        [(_MEANS, _LOGS), (_MEANS[:1, :2], _LOGS[:1, 1:])],
        tolerance=1e-5,
        mistakes=(
            (_as_printed, "Both faults are still there. What should a mean of -2 cost? And what is one row?"),
            (_mean_not_squared, "A mean of -1.5 makes the loss smaller here, and a mean of 2 costs 1, not 2."),
            (_sign_taken_off, "The sign is gone, and still a mean of 2 costs 1 here. In the text it costs 2."),
            (_variance_squared, "The exponential is the variance already. The formula has no square of it."),
            (_over_the_pictures, "That adds up over the pictures. One row is one picture: add up its numbers."),
            (_one_number, "That is one number for all pictures. Each picture has a divergence of its own."),
            (_mean_of_numbers, "That is the mean of a picture's numbers. The divergence is their sum."),
            (_not_halved, "Twice too large: the formula ends with a half."),
            (_logarithm_of_the_logarithm, "What comes in is the logarithm already: the variance is its exponential."),
            (_deviation, "That is the standard deviation. The formula has the variance, the exponential of all of it."),
        ),
    ),
    hints=(
        "Put in a mean of -2 and a logarithm of 0. The formula in the text gives 2. What does the function give?",
        "A row is a picture, and you want one number a row: `axis=1`.",
    ),
    solution=written(pull),
    right=(_number_by_number,),
)

# A step out of noise.


def step_back(noisy: np.ndarray, guess: np.ndarray, t: float, less: float) -> np.ndarray:
    left = (noisy - np.cos(t * np.pi / 2) * guess) / np.sin(t * np.pi / 2)
    return np.cos(less * np.pi / 2) * guess + np.sin(less * np.pi / 2) * left


def _by_sines(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    t, u = t * np.pi / 2, u * np.pi / 2
    return (np.sin(t - u) * np.asarray(guess, float) + np.sin(u) * np.asarray(noisy, float)) / np.sin(t)


def _only_the_guess(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    return np.cos(u * np.pi / 2) * guess + 0 * noisy * t


def _noisy_for_noise(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    return np.cos(u * np.pi / 2) * guess + np.sin(u * np.pi / 2) * noisy + 0 * t


def _not_divided(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    left = noisy - np.cos(t * np.pi / 2) * guess
    return np.cos(u * np.pi / 2) * guess + np.sin(u * np.pi / 2) * left


def _same_level(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    return step_back(noisy, guess, t, t) + 0 * u


def _swapped_levels(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    with np.errstate(divide="ignore"):  # at u = 0
        left = (noisy - np.cos(u * np.pi / 2) * guess) / np.sin(u * np.pi / 2)
    return np.cos(t * np.pi / 2) * guess + np.sin(t * np.pi / 2) * left


def _half_turn(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    return step_back(noisy, guess, 2 * t, 2 * u)


def _noise_as_before(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    left = (noisy - np.cos(t * np.pi / 2) * guess) / np.sin(t * np.pi / 2)
    return np.cos(u * np.pi / 2) * guess + np.sin(t * np.pi / 2) * left


def _sine_and_cosine(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    left = (noisy - np.sin(t * np.pi / 2) * guess) / np.cos(t * np.pi / 2)
    return np.sin(u * np.pi / 2) * guess + np.cos(u * np.pi / 2) * left


def _radians(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    left = (noisy - np.cos(t) * guess) / np.sin(t)
    return np.cos(u) * guess + np.sin(u) * left


def _degrees(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    left = (noisy - np.cos(t * 90) * guess) / np.sin(t * 90)
    return np.cos(u * 90) * guess + np.sin(u * 90) * left


def _straight_line(noisy: np.ndarray, guess: np.ndarray, t: float, u: float) -> np.ndarray:
    return guess + (noisy - guess) * u / t


_NOISY = np.array([[0.4, -1.2, 0.9], [1.5, 0.2, -0.6]])
_GUESS = np.array([[1.0, -1.0, 0.5], [0.0, -0.5, -1.0]])

STEP_BACK = Exercise(
    id="19.3",
    title="one step back",
    stub="""\
def step_back(noisy, guess, t, less):
    ...""",
    check=function_matches(
        step_back,
        [
            (_NOISY, _GUESS, 0.75, 0.5),
            (_NOISY, _GUESS, 0.4, 0.1),
            (_NOISY, _GUESS, 0.3, 0.0),
            (_GUESS, _NOISY, 0.6, 0.2),
        ],
        tolerance=1e-4,
        mistakes=(
            (
                _only_the_guess,
                "The noise that is left over is missing. Only at less = 0 has nothing of it to come back.",
            ),
            (_noisy_for_noise, "That mixes the whole noisy picture in. First take out of it what the guess explains."),
            (_not_divided, "The noise is too weak: in the noisy picture it stands with a weight. Divide by it."),
            (_same_level, "You end where you began, at t. The mixing at the end is at less."),
            (
                _swapped_levels,
                "t and less are swapped: the picture that comes in is at t, the one that goes out at less.",
            ),
            (_sine_and_cosine, "Sine and cosine are swapped: the picture has the cosine, which is 1 without noise."),
            (_radians, "t counts from 0 to 1, not in radians: 1 stands for 90 degrees, half of pi."),
            (_degrees, "NumPy's functions take radians: 90 degrees are half of pi."),
            (_half_turn, "1 stands for 90 degrees here, and np.pi is 180."),
            (_noise_as_before, "At the end there is as much noise as before: its weight still belongs to t."),
            (_straight_line, "That mixes on a straight line. The weights are a cosine and a sine."),
        ),
    ),
    hints=(
        "90 degrees are `np.pi / 2`. The weights at t are `np.cos(t * np.pi / 2)` and `np.sin(t * np.pi / 2)`.",
        "Solve noisy = cos · guess + sin · noise for the noise, with the weights at t.",
        "Then mix guess and noise again, with the weights at less.",
    ),
    solution=written(step_back),
    right=(_by_sines,),
)

# How made pictures are judged.


def _distance() -> float:
    means_apart = (2 - 5) ** 2
    spreads = 1**2 + 3**2 - 2 * (1**2 * 3**2) ** 0.5  # one feature: variances 1 and 9
    distance = means_apart + spreads
    return distance  # noqa: RET504


FRECHET = Exercise(
    id="19.4",
    title="a Fréchet distance by hand",
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
            7: "Are the means squared, and is a variance meant in both places, in the sum and below the root?",
            10: "That is the example in the text, with other means and deviations.",
            11: "The second difference, 2, is not squared.",
            17: "The spreads do not enter as the difference of the variances: add them, and take twice the root away.",
            13 - 2 * 3**0.5: "The covariances of one feature are its variances: 1 and 9, not 1 and 3.",
            13**0.5: "The distance as it is used here is the sum of squares, without a root at the end.",
        },
        otherwise="There are two parts, one of the means and one of the spreads. Compute each by itself.",
    ),
    hints=(
        "With one feature the covariance matrix is one number, the variance: the square of the standard deviation.",
        "The difference of the means, squared. Then variance plus variance, less twice the root of their product.",
    ),
    solution=computed(_distance),
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
    id="19.5",
    title="twenty beautiful shoes",
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


EXERCISES = (ROUND_TRIP, PULL, STEP_BACK, FRECHET, JUDGING)
