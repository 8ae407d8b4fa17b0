"""Exercises on fast training: a learning rate that rises and falls, and gradients from two processes."""

import math

import numpy as np

from course_utils.exercises.checks import array_is, function_matches
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["AVERAGE", "SCHEDULE"]


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
    id="08.1",
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
        tolerance=1e-9,
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
    wrong=(
        (_straight, "straight line"),
        (_never_falls, "stays at the peak"),
        (_only_falls, "from the first step on"),
        (_jumps, "jumps"),
        (_below_zero, "never negative"),
        (_quarter_of_a_turn, "quarter of a turn"),
        (_in_degrees, "radians"),
        (_whole_fifth, "2.4, not 2"),
        (0.02, "Expected a function"),
    ),
)


def _combined() -> np.ndarray:
    images = [48, 16]
    gradients = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
    combined = np.average(gradients, axis=0, weights=images)
    return combined  # noqa: RET504


AVERAGE = Exercise(
    id="08.4",
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
    wrong=(
        (np.array([1.0, 1.0, 2.0]), "mean of the two means"),
        (np.array([2.0, 2.0, 4.0]), "their sum"),
        (np.array([48.0, 0.0, 64.0]), "sum over all images"),
        (np.array([1.25, 2.0, 3.0]), "weights are swapped"),
        (np.array([24.0, 0.0, 32.0]), "64 images"),
        (0.75, "Expected a NumPy array"),
    ),
)
