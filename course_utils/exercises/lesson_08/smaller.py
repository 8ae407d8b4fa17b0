"""Exercises on small models: pruning, and numbers as whole numbers of one byte."""

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, written

__all__ = ["PRUNE", "QUANTISE"]


def prune(kernel: np.ndarray, share: float) -> np.ndarray:
    limit = np.quantile(np.abs(kernel), share)
    return np.where(np.abs(kernel) < limit, 0, kernel)


def _by_sorting(kernel: np.ndarray, share: float) -> np.ndarray:
    pruned = kernel.copy()
    smallest = np.argsort(np.abs(kernel), axis=None)[: round(share * kernel.size)]
    pruned.flat[smallest] = 0
    return pruned


def _most_negative(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(kernel < np.quantile(kernel, share), 0, kernel)


def _largest_go(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(np.abs(kernel) > np.quantile(np.abs(kernel), 1 - share), 0, kernel)


def _keeps_share(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(np.abs(kernel) < np.quantile(np.abs(kernel), 1 - share), 0, kernel)


def _share_as_limit(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(np.abs(kernel) < share, 0, kernel)


def _drops_signs(kernel: np.ndarray, share: float) -> np.ndarray:
    size = np.abs(kernel)
    return np.where(size < np.quantile(size, share), 0, size)


def _signed_limit(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(np.abs(kernel) < np.quantile(kernel, share), 0, kernel)


def _signed_comparison(kernel: np.ndarray, share: float) -> np.ndarray:
    return np.where(kernel < np.quantile(np.abs(kernel), share), 0, kernel)


def _in_place(kernel: np.ndarray, share: float) -> np.ndarray:
    kernel[np.abs(kernel) < np.quantile(np.abs(kernel), share)] = 0
    return kernel


def _as_given(kernel: np.ndarray, share: float) -> np.ndarray:
    limit = np.quantile(kernel, share)
    kernel[kernel < limit] = 0
    return kernel


_KERNEL = np.array([[0.5, -0.1, 0.3, -0.9, 0.05], [-0.4, 0.2, -0.02, 0.8, -0.7]])

PRUNE = Exercise(
    id="08.2",
    title="prune the smallest weights",
    kind="mend",
    prompt="Mend prune(kernel, share): the share of weights nearest to zero becomes 0, in a new array.",
    stub="""\
def prune(kernel, share):
    ...""",
    check=function_matches(
        prune,
        [(_KERNEL, 0.3), (_KERNEL, 0.8), (_KERNEL.T[:4] - 0.03, 0.5)],
        mistakes=(
            (_most_negative, "That takes the lowest values: a weight of -0.9 matters as much as one of 0.9."),
            (_signed_limit, "The limit too has to be a quantile of the sizes, not of the values with their signs."),
            (
                _signed_comparison,
                "The limit is one of sizes now. Compare sizes with it: a weight of -0.9 is not small.",
            ),
            (_largest_go, "The largest weights are gone. Those nearest to zero do least."),
            (_keeps_share, "`share` is what goes, not what stays."),
            (_share_as_limit, "`share` is used as the limit itself. It is the part of all weights that goes."),
            (_drops_signs, "The right ones are gone, but those that stay have lost their signs."),
        ),
    ),
    hints=(
        "Which weight changes the output least when it goes: -0.9, -0.02 or 0.3? What does the comparison ask?",
        "Compare sizes with a quantile of sizes: `np.abs(kernel)` in both places.",
        "`kernel[...] = 0` writes into the array that was given. `np.where(condition, 0, kernel)` makes a new one.",
    ),
    solution=written(prune),
    right=(_by_sorting,),
    wrong=(
        (_as_given, "changed its input"),
        (_most_negative, "lowest values"),
        (_signed_limit, "quantile of the sizes"),
        (_signed_comparison, "Compare sizes with it"),
        (_largest_go, "nearest to zero"),
        (_keeps_share, "not what stays"),
        (_share_as_limit, "as the limit itself"),
        (_drops_signs, "lost their signs"),
        (_in_place, "changed its input"),
    ),
)


def quantise(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    whole = np.round(values / scale) + zero_point
    return np.clip(whole, -128, 127).astype("int8")


def _with_rint(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.maximum(np.minimum(np.rint(values / scale + zero_point), 127), -128).astype(np.int8)


def _wraps_round(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (np.round(values / scale) + zero_point).astype("int64").astype("int8")


def _cuts_off(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip((values / scale).astype("int64") + zero_point, -128, 127).astype("int8")


def _cuts_off_at_the_end(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(values / scale + zero_point, -128, 127).astype("int8")


def _rounds_down(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(np.floor(values / scale) + zero_point, -128, 127).astype("int8")


def _multiplies(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(np.round(values * scale) + zero_point, -128, 127).astype("int8")


def _subtracts(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(np.round(values / scale) - zero_point, -128, 127).astype("int8")


def _no_zero_point(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:  # noqa: ARG001
    return np.clip(np.round(values / scale), -128, 127).astype("int8")


def _from_0_to_255(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(np.round(values / scale) + zero_point, 0, 255).astype("uint8")


def _stays_float(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return np.clip(np.round(values / scale) + zero_point, -128, 127)


def _clips_first(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (np.clip(np.round(values / scale), -128, 127) + zero_point).astype("int64").astype("int8")


_VALUES = np.array([[0.0, 0.38, -0.38, 1.21], [6.0, -7.5, 0.93, -2.24]])

QUANTISE = Exercise(
    id="08.3",
    title="numbers in one byte",
    kind="fill in",
    prompt="Write quantise(values, scale, zero_point): round(values / scale) + zero_point, held within int8.",
    stub="""\
def quantise(values, scale, zero_point):
    ...""",
    check=function_matches(
        quantise,
        [(_VALUES, 0.05, 3), (_VALUES, 0.05, -40), (_VALUES[:1], 0.25, 0)],
        dtype="int8",
        mistakes=(
            (_wraps_round, "Values beyond the range wrap round to the other end. Hold them within -128..127 first."),
            (_cuts_off, "The digits behind the point are cut off. Rounding halves the error."),
            (_cuts_off_at_the_end, "Without rounding, int8 cuts off the digits behind the point. Round first."),
            (_rounds_down, "Rounded down. To the nearest whole number the error is half as large: `np.round`."),
            (_multiplies, "Multiplied by scale. One step of int8 stands for `scale`, so divide."),
            (_subtracts, "The zero point is subtracted. That is the way back; here it is added."),
            (_no_zero_point, "The zero point is missing: the number that stands for 0.0."),
            (_from_0_to_255, "That is uint8, from 0 to 255. int8 goes from -128 to 127."),
            (_stays_float, "The values are right, but still take eight bytes each. Turn them into int8."),
            (_clips_first, "Hold the values within the range after the zero point is added, not before."),
        ),
    ),
    hints=(
        "Three steps: divide and round, add the zero point, hold within the range of int8.",
        "`np.clip(x, -128, 127)` holds within the range; `.astype` comes last, since int8 cannot hold more.",
    ),
    solution=written(quantise),
    right=(_with_rint,),
    wrong=(
        (_wraps_round, "wrap round"),
        (_cuts_off, "cut off"),
        (_cuts_off_at_the_end, "Round first"),
        (_rounds_down, "Rounded down"),
        (_multiplies, "divide"),
        (_subtracts, "is subtracted"),
        (_no_zero_point, "zero point is missing"),
        (_from_0_to_255, "int8 goes from"),
        (_stays_float, "Turn them into int8"),
        (_clips_first, "not before"),
    ),
)
