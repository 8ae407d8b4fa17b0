"""Exercises of lesson 20: the contrastive loss by hand and in code, naming by words, what an error costs."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Two networks, one loss.


def _row_loss() -> float:
    own = np.exp(2) / (np.exp(2) + np.exp(0) + np.exp(0))
    row_loss = float(-np.log(own))
    return row_loss  # noqa: RET504


ROW_LOSS = Exercise(
    id="20.1",
    title="one row by hand",
    stub="row_loss = ...",
    check=number_is(
        float(np.log(1 + 2 * np.exp(-2))),
        2e-3,
        mistakes={
            0.787: "That is what the picture gives its own caption. The loss is minus its logarithm.",
            0.79: "That is what the picture gives its own caption. The loss is minus its logarithm.",
            -1.3069: "That is below 0: the sum holds the two others alone. The first caption is in it, too.",
            -0.2395: "Minus the logarithm: the loss is above 0.",
            0.104: "That is the logarithm to the base 10. Take the natural one, np.log.",
            0.3455: "That is the logarithm to the base 2. Take the natural one, np.log.",
            0.0: "The two others count as well: e to the power of 0 is 1. (The temperature is done with already.)",
            0.1269: "One caption is missing: three are compared, and two of them have e to the power of 0 = 1.",
            2.2395: "That is minus the logarithm of another caption's share. The first one is its own.",
            1.0986: "That is the loss if all three were equally similar.",
            0.2131: "That is what the two others get together. The loss is minus the logarithm of the first's share.",
            2.0: "That is the similarity itself. First a softmax over the three, then minus the logarithm.",
        },
        otherwise="What is e to the power of 2, and of 0? Which share of their sum does the first caption get?",
    ),
    hints=(
        "e² is 7.39, and e⁰ is 1. Add the three up.",
        "The first caption gets 7.39 of 9.39. The loss is minus the natural logarithm of that share.",
    ),
    solution=computed(_row_loss),
    right=(0.2395, 0.24, np.float32(0.2395448)),
    wrong=((5.0, "e to the power"), ("0.24", "Expected a number")),
)


def _shares(similar: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(similar)
    return powers / powers.sum(axis=axis, keepdims=True)


def both_ways_loss(similar: np.ndarray) -> float:
    powers = np.exp(similar)
    rows = np.diag(powers / powers.sum(axis=1, keepdims=True))
    columns = np.diag(powers / powers.sum(axis=0, keepdims=True))
    return -np.log(rows).mean() - np.log(columns).mean()


def _with_logsumexp(similar: np.ndarray) -> float:
    own = np.diag(similar)
    rows, columns = (np.log(np.exp(similar).sum(axis=axis)) - own for axis in (1, 0))
    return float(np.mean(rows) + np.mean(columns))


def _rows_alone(similar: np.ndarray) -> float:
    return -np.log(np.diag(_shares(similar, 1))).mean()


def _columns_alone(similar: np.ndarray) -> float:
    return -np.log(np.diag(_shares(similar, 0))).mean()


def _halved(similar: np.ndarray) -> float:
    return both_ways_loss(similar) / 2


def _summed(similar: np.ndarray) -> float:
    return both_ways_loss(similar) * len(similar)


def _without_logarithm(similar: np.ndarray) -> float:
    return np.diag(_shares(similar, 1)).mean() + np.diag(_shares(similar, 0)).mean()


def _over_all(similar: np.ndarray) -> float:
    shares = np.exp(similar) / np.exp(similar).sum()
    return -2 * np.log(np.diag(shares)).mean()


def _whole_table(similar: np.ndarray) -> float:
    return -np.log(_shares(similar, 1)).mean() - np.log(_shares(similar, 0)).mean()


def _of_the_mean(similar: np.ndarray) -> float:
    return -np.log(np.diag(_shares(similar, 1)).mean()) - np.log(np.diag(_shares(similar, 0)).mean())


def _sign(similar: np.ndarray) -> float:
    return -both_ways_loss(similar)


def _temperature_again(similar: np.ndarray) -> float:
    return both_ways_loss(similar / 0.1)


def _rows_twice(similar: np.ndarray) -> float:
    return 2 * _rows_alone(similar)


def _columns_twice(similar: np.ndarray) -> float:
    return 2 * _columns_alone(similar)


_SIMILAR = np.array([[3.0, 1.0, 0.5], [0.0, 2.0, 2.5], [1.0, -1.0, 0.5]])

BOTH_WAYS = Exercise(
    id="20.2",
    title="both ways",
    stub="""\
def both_ways_loss(similar):
    ...""",
    check=function_matches(
        both_ways_loss,
        [(_SIMILAR,), (_SIMILAR[:2, :2],), (2 * _SIMILAR.T,)],
        tolerance=1e-4,
        mistakes=(
            (_rows_alone, "Those are the rows: each picture chooses. The captions choose, too, over the columns."),
            (_columns_alone, "Those are the columns: each caption chooses. The pictures choose, too, over the rows."),
            (_halved, "That is the half of it. The two means are added here."),
            (_summed, "That is the sum over the rows. Take the mean, or a larger batch has a larger loss."),
            (_without_logarithm, "Those are the shares. A loss is minus the logarithm of a share."),
            (_over_all, "The whole table adds up to 1 here. Each row has to add up to 1 by itself, and each column."),
            (_whole_table, "That is the mean over the whole table. Only the diagonal is right: np.diag takes it."),
            (_of_the_mean, "First the logarithm of each share, then the mean."),
            (_sign, "The sign: a logarithm of a share is below 0, and a loss above."),
            (_temperature_again, "The table that comes in is divided by the temperature already."),
            (_rows_twice, "Those are the rows, twice. One of the two should be the columns."),
            (_columns_twice, "Those are the columns, twice. One of the two should be the rows."),
        ),
    ),
    hints=(
        "`np.exp(similar)` divided by its sum over axis 1, with keepdims=True, gives what each picture chooses.",
        "`np.diag` takes the right ones. Minus the logarithm, the mean, and the same over axis 0.",
    ),
    solution=written(both_ways_loss),
    right=(_with_logsumexp,),
)


def name_pictures(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    pictures = picture_lists / np.linalg.norm(picture_lists, axis=1, keepdims=True)
    sentences = sentence_lists / np.linalg.norm(sentence_lists, axis=1, keepdims=True)
    return (pictures @ sentences.T).argmax(axis=1)


def _one_at_a_time(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    found = []
    for row in np.asarray(picture_lists):
        cosines = [row @ other / np.linalg.norm(row) / np.linalg.norm(other) for other in np.asarray(sentence_lists)]
        found.append(int(np.argmax(cosines)))
    return np.array(found)


def _only_the_sentences(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    sentences = sentence_lists / np.linalg.norm(sentence_lists, axis=1, keepdims=True)
    return (picture_lists @ sentences.T).argmax(axis=1)


def _not_one_long(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    return (picture_lists @ sentence_lists.T).argmax(axis=1)


def _as_printed(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    return (picture_lists @ sentence_lists.T).argmax(axis=0)


def _least_similar(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    pictures = picture_lists / np.linalg.norm(picture_lists, axis=1, keepdims=True)
    sentences = sentence_lists / np.linalg.norm(sentence_lists, axis=1, keepdims=True)
    return (pictures @ sentences.T).argmin(axis=1)


def _pictures_of_sentences(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    return name_pictures(sentence_lists, picture_lists)


def _columns_one_long(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    pictures = picture_lists / np.linalg.norm(picture_lists, axis=0)
    sentences = sentence_lists / np.linalg.norm(sentence_lists, axis=0)
    return (pictures @ sentences.T).argmax(axis=1)


def _cosines(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    pictures = picture_lists / np.linalg.norm(picture_lists, axis=1, keepdims=True)
    sentences = sentence_lists / np.linalg.norm(sentence_lists, axis=1, keepdims=True)
    return (pictures @ sentences.T).max(axis=1)


def _nearest(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    apart = picture_lists[:, None] - sentence_lists[None]
    return (apart**2).sum(axis=2).argmin(axis=1)


def _root_forgotten(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    sentences = sentence_lists / (sentence_lists**2).sum(axis=1, keepdims=True)
    return (picture_lists @ sentences.T).argmax(axis=1)


def _divided_by_sums(picture_lists: np.ndarray, sentence_lists: np.ndarray) -> np.ndarray:
    sentences = sentence_lists / np.abs(sentence_lists).sum(axis=1, keepdims=True)
    return (picture_lists @ sentences.T).argmax(axis=1)


_PICTURE_LISTS = np.array([[-1.0, 1.5], [-3.5, 4.0], [1.5, 0.0], [-1.0, 2.0], [-2.0, 1.2]])
_SENTENCE_LISTS = np.array([[-0.5, 0.5], [0.5, 4.0], [-3.0, 1.5]])

NAME_PICTURES = Exercise(
    id="20.3",
    title="name it",
    stub="""\
def name_pictures(picture_lists, sentence_lists):
    ...""",
    check=function_matches(
        name_pictures,
        [(_PICTURE_LISTS, _SENTENCE_LISTS), (_PICTURE_LISTS[:3], _SENTENCE_LISTS[[1, 2]])],
        mistakes=(
            (_root_forgotten, "Divided by the sum of squares. The length is the root of it."),
            (_as_printed, "Both faults are still there. Which axis are the sentences? And what does a long row do?"),
            (_not_one_long, "A long sentence is similar to everything here. Divide each sentence by its length."),
            (_least_similar, "Those are the least similar. The largest cosine is asked for: argmax."),
            (_pictures_of_sentences, "Turned round: that is the most similar picture of each sentence."),
            (_columns_one_long, "The columns have length one now. One list is one row: divide over axis 1."),
            (_cosines, "Those are the cosines. Asked for are the numbers of the sentences: argmax gives them."),
            (_nearest, "That is the nearest by distance, in which the lengths count. Compare directions."),
            (_divided_by_sums, "Divided by the sum. The length is the root of the sum of squares: np.linalg.norm."),
        ),
    ),
    hints=(
        "`np.linalg.norm(rows, axis=1, keepdims=True)` gives the length of each row.",
        "`pictures @ sentences.T` is the table of cosines, one row a picture. Where is the largest of each row?",
    ),
    solution=written(name_pictures),
    right=(_one_at_a_time, _only_the_sentences),
)

# More of everything.


def _pictures_needed() -> float:
    pictures, error, wanted, exponent = 10_000, 0.08, 0.04, 0.25
    pictures_needed = pictures * (error / wanted) ** (1 / exponent)
    return pictures_needed  # noqa: RET504


PICTURES_NEEDED = Exercise(
    id="20.4",
    title="the price of half the error",
    stub="pictures_needed = ...",
    check=number_is(
        160_000,
        1,
        mistakes={
            20_000: "Twice the pictures would halve the error if the exponent were -1.",
            40_000: "Four times the pictures would halve the error if the exponent were -0.5.",
            11_892: "That is 10,000 · 2^0.25. The exponent belongs to the pictures: solve for them first.",
            8_409: "More pictures are needed, not fewer. The error is divided by 2^0.25 for twice the pictures.",
            16: "That is the factor. Asked for is the number of pictures.",
            625: "More pictures are needed, not fewer: the factor is 16, and it multiplies the 10,000.",
            150_000: "Those are the further pictures. Asked for are all of them.",
            160: "That is the number without its thousands: 160,000 with a comma is two numbers in Python.",
            80_000: "Eight times the pictures divide the error by 8^0.25, about 1.68. That is not half.",
        },
        otherwise="By which factor k do the pictures grow, if k^0.25 has to be 2?",
    ),
    hints=(
        "If the pictures grow k times, the error is divided by k^0.25.",
        "k^0.25 has to be 2. Which number k has the fourth root 2?",
    ),
    solution=computed(_pictures_needed),
    wrong=((1_000_000, "By which factor"), ("160000", "Expected a number")),
)


def forecast(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, height = np.polyfit(np.log(amounts), np.log(errors), 1)
    return np.exp(height + slope * np.log(at))


def _by_hand(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    x, y = np.log10(amounts), np.log10(errors)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return 10 ** (y.mean() + slope * (np.log10(at) - x.mean()))


def _straight(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, height = np.polyfit(amounts, errors, 1)
    return height + slope * at


def _log_amounts(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, height = np.polyfit(np.log(amounts), errors, 1)
    return height + slope * np.log(at)


def _log_errors(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, height = np.polyfit(amounts, np.log(errors), 1)
    return np.exp(height + slope * at)


def _still_a_logarithm(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    return np.log(forecast(amounts, errors, at))


def _amount_without_logarithm(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, height = np.polyfit(np.log(amounts), np.log(errors), 1)
    return np.exp(height + slope * at)


def _height_forgotten(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    slope, _ = np.polyfit(np.log(amounts), np.log(errors), 1)
    return float(at) ** slope


def _turned(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    height, slope = np.polyfit(np.log(amounts), np.log(errors), 1)
    return np.exp(height + slope * np.log(at))


def _last_two(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    return forecast(amounts[-2:], errors[-2:], at)


def _last_left_out(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    return forecast(amounts[:-1], errors[:-1], at)


def _in_per_cent(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    return 100 * forecast(amounts, errors, at)


def _ends(amounts: np.ndarray, errors: np.ndarray, at: float) -> float:
    both = np.array([0, -1])
    return forecast(np.asarray(amounts)[both], np.asarray(errors)[both], at)


_AMOUNTS, _ERRORS = np.array([2.0, 5.0, 9.0, 30.0]), np.array([0.5, 0.31, 0.28, 0.12])

FORECAST = Exercise(
    id="20.5",
    title="a forecast",
    stub="""\
def forecast(amounts, errors, at):
    ...""",
    check=function_matches(
        forecast,
        [(_AMOUNTS, _ERRORS, 70.0), (_AMOUNTS[:3], _ERRORS[:3], 20.0)],
        tolerance=1e-4,
        mistakes=(
            (_straight, "That is a line on ordinary axes. Take the logarithm of the amounts and of the errors first."),
            (_log_amounts, "Only the amounts are logarithms here. The errors have to be, too."),
            (_log_errors, "Only the errors are logarithms here. The amounts have to be, too."),
            (_still_a_logarithm, "That is the logarithm of the error. np.exp takes it back."),
            (_amount_without_logarithm, "The line wants the logarithm of `at`, as of the other amounts."),
            (_height_forgotten, "The height of the line is missing."),
            (_turned, "polyfit gives the slope first, then the height."),
            (_last_left_out, "The last point is left out, as above, where it was kept back. Here all of them count."),
            (_in_per_cent, "That is in per cent. The errors that come in are shares, and so is what goes out."),
            (_last_two, "That is the line through the last two points. All of them count."),
            (_ends, "That is the line through the first and the last point. All of them count."),
        ),
    ),
    hints=(
        "`np.polyfit(x, y, 1)` gives slope and height. Here x and y are logarithms.",
        "Read the line off at `np.log(at)`, and take the logarithm back with `np.exp`.",
    ),
    solution=written(forecast),
    right=(_by_hand,),
)


EXERCISES = (ROW_LOSS, BOTH_WAYS, NAME_PICTURES, PICTURES_NEEDED, FORECAST)
