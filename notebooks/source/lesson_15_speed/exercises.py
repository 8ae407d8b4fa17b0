"""Exercises of lesson 15: speed and scale."""

import math

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, open_question
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on fast training: a learning rate that rises and falls, and gradients from two processes.


def learning_rate(step: int, steps: int, peak: float) -> float:
    rise = steps / 5
    if step < rise:
        return peak * step / rise
    fallen = (step - rise) / (steps - rise)
    return peak * (1 + np.cos(np.pi * fallen)) / 2


def _squared(step: int, steps: int, peak: float) -> float:
    fallen = np.clip((step / steps - 0.2) / 0.8, 0, 1)
    return peak * min(1, 5 * step / steps) * np.cos(np.pi * fallen / 2) ** 2


def _with_math(step: int, steps: int, peak: float) -> float:
    if step < steps / 5:
        return 5 * peak * step / steps
    return peak * 0.5 * (1 + math.cos(math.pi * (step / steps - 0.2) / 0.8))


def _straight(step: int, steps: int, peak: float) -> float:
    rise = steps / 5
    return peak * step / rise if step < rise else peak * (steps - step) / (steps - rise)


def _never_falls(step: int, steps: int, peak: float) -> float:
    return peak * min(1, 5 * step / steps)


def _only_falls(step: int, steps: int, peak: float) -> float:
    return peak * (1 + math.cos(math.pi * step / steps)) / 2


def _jumps(step: int, steps: int, peak: float) -> float:
    return peak * 5 * step / steps if step < steps / 5 else _only_falls(step, steps, peak)


def _below_zero(step: int, steps: int, peak: float) -> float:
    rise = steps / 5
    return peak * step / rise if step < rise else peak * math.cos(math.pi * (step - rise) / (steps - rise))


def _quarter_of_a_turn(step: int, steps: int, peak: float) -> float:
    rise = steps / 5
    return peak * step / rise if step < rise else peak * math.cos(math.pi / 2 * (step - rise) / (steps - rise))


def _in_degrees(step: int, steps: int, peak: float) -> float:
    rise = steps / 5
    return peak * step / rise if step < rise else peak * (1 + math.cos(180 * (step - rise) / (steps - rise))) / 2


def _whole_fifth(step: int, steps: int, peak: float) -> float:
    rise = max(1, steps // 5)
    fallen = (step - rise) / (steps - rise)
    return peak * step / rise if step < rise else peak * (1 + np.cos(np.pi * fallen)) / 2


SCHEDULE = Exercise(
    id="15.1",
    title="a learning rate that falls along a cosine",
    kind="fill in",
    prompt="Write learning_rate(step, steps, peak): up to peak in a fifth of the steps, then half a cosine to 0.",
    stub="""\
def learning_rate(step, steps, peak):
    ...""",
    check=function_matches(
        learning_rate,
        [
            (5, 50, 0.02),
            (10, 50, 0.02),
            (30, 50, 0.02),
            (50, 50, 0.02),
            (3, 25, 0.6),
            (0, 10, 0.1),
            (17, 25, 0.6),
            (2, 12, 0.1),
        ],
        mistakes=(
            (_straight, "It falls along a straight line. Here it falls along half a cosine."),
            (_never_falls, "It rises as it should, and then stays at the peak. From there it falls to 0."),
            (_only_falls, "It falls from the first step on. In the first fifth it rises from 0."),
            (
                _jumps,
                "It jumps where the two parts should meet. At a fifth of the steps the cosine begins, at the peak.",
            ),
            (
                _below_zero,
                "A cosine from 0 to pi ends at -1, and a learning rate is never negative. Add 1, then halve.",
            ),
            (_quarter_of_a_turn, "That is a quarter of a turn, which ends steeply. Half a turn goes from 0 to pi."),
            (_in_degrees, "The cosine was given degrees. It takes radians: half a turn is pi."),
            (_whole_fifth, "A fifth of 12 steps is 2.4, not 2: divide with `/` instead of `//`."),
        ),
    ),
    hints=(
        "There are two parts. Which of them a step belongs to depends on whether it lies before `steps / 5`.",
        "For the second part, first the share of it that is over: 0 at `steps / 5`, 1 at `steps`.",
        "`(1 + cos(pi * share)) / 2` goes from 1 down to 0 while the share goes from 0 to 1.",
    ),
    solution=written(learning_rate),
    right=(_squared, _with_math),
    wrong=((0.02, "Expected a function"),),
)


def _combined() -> np.ndarray:
    images = [48, 16]
    gradients = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
    combined = np.average(gradients, axis=0, weights=images)
    return combined  # noqa: RET504


AVERAGE = Exercise(
    id="15.4",
    title="gradients from two processes",
    kind="compute by hand",
    prompt="Two processes have seen 48 and 16 images of a batch. Compute the gradient of the whole batch of 64.",
    stub="""\
images = [48, 16]
gradients = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
combined = ...""",
    check=array_is(
        np.array([0.75, 0.0, 1.0]),
        1e-6,
        mistakes=(
            (
                np.array([1.0, 1.0, 2.0]),
                "That is the mean of the two means: an image of the second process counts three times as much.",
            ),
            (np.array([2.0, 2.0, 4.0]), "That is their sum. A step of the whole batch uses a mean over 64 images."),
            (np.array([48.0, 0.0, 64.0]), "That is the sum over all images. Divide by how many there are."),
            (np.array([1.25, 2.0, 3.0]), "The weights are swapped: the first process has seen 48 images, not 16."),
            (np.array([24.0, 0.0, 32.0]), "Divided by two processes. Divide by the 64 images."),
        ),
    ),
    hints=(
        "Each row is a mean. What is the sum of the gradients of the 48 images of the first process?",
        "Add both sums and divide by 64. `np.average` takes `weights`.",
    ),
    solution=computed(_combined),
    right=(np.array([0.75, 0.0, 1.0]), np.array([0.75, 0.0, 1.0], dtype="float32")),
    wrong=((0.75, "Expected a NumPy array"),),
)


# Exercises on small models: pruning, and numbers as whole numbers of one byte.


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
    id="15.2",
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
    id="15.3",
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
)


# An open exercise: which of the lesson's tools to use, and in which order.


def _plan() -> str:
    plan = (
        "First a baseline: a linear layer on features of a network that was trained elsewhere, since 150 photographs "
        "are too few to train from nothing. Measure it on photographs of other days, which are held back. Then "
        "fine-tuning, if validation says that it pays. Then int8 with some of the training photographs as the "
        "representative data, and size, time and accuracy measured again, on the telephone itself. Pruning only if "
        "the file is still too large. More machines are of no use here: the training takes minutes."
    )
    return plan  # noqa: RET504


PLAN = Exercise(
    id="15.5",
    title="a plan for a telephone",
    kind="open",
    prompt="150 labelled photographs, a telephone, a limit of 300 KB: what first, what next, what not at all?",
    stub="plan = ...",
    check=open_question(_plan()),
    hints=(
        "Which part of the lesson was about few images, which about the size of the file? Which did neither?",
        "Say also what you would measure after each step, and on which photographs.",
    ),
    solution=computed(_plan),
    right=("Features from a pretrained network and a linear head, then int8, measured on held-out photographs.",),
    wrong=(
        ("", "The text is empty"),
        ("Use int8.", "at least 12 words"),
        (300, "Expected a text"),
    ),
)


EXERCISES = (SCHEDULE, PRUNE, QUANTISE, AVERAGE, PLAN)
