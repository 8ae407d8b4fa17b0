"""Exercises of lesson 15: time to accuracy, a pipeline to mend, when compiling pays, 16 bits, and a schedule."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calling import attempt, is_empty
from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Check, Exercise, NotAttempted, Wrong, computed, matched, written

__all__ = ["EXERCISES"]

# The measure of the lesson.


def time_to(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    for second, accuracy in zip(seconds, accuracies, strict=True):
        if accuracy >= target:
            return second
    return limit


def _with_next(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    return next((s for s, a in zip(seconds, accuracies, strict=True) if a >= target), limit)


def _with_numpy(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    reached = np.flatnonzero(np.asarray(accuracies) >= target)
    return np.asarray(seconds)[reached[0]] if len(reached) else limit


def _strictly(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    return next((s for s, a in zip(seconds, accuracies, strict=True) if a > target), limit)


def _last(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    return next((s for s, a in zip(seconds[::-1], accuracies[::-1], strict=True) if a >= target), limit)


def _at_the_best(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    return seconds[int(np.argmax(accuracies))] if max(accuracies) >= target else limit


def _place(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:  # noqa: ARG001
    return next((n for n, a in enumerate(accuracies) if a >= target), limit)


def _the_accuracy(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:  # noqa: ARG001
    return next((a for a in accuracies if a >= target), limit)


def _end_for_never(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    found = time_to(seconds, accuracies, target, limit)
    return seconds[-1] if found == limit else found


def _zero_for_never(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    found = time_to(seconds, accuracies, target, limit)
    return 0 if found == limit else found


def _stays(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    safe = [s for n, s in enumerate(seconds) if min(accuracies[n:]) >= target]
    return safe[0] if safe else limit


def _bisected(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    place = np.searchsorted(accuracies, target)
    return seconds[place] if place < len(seconds) else limit


def _first_second_only(seconds: list[float], accuracies: list[float], target: float, limit: float) -> float:
    return seconds[0] if accuracies[0] >= target else limit


def _all_of_them(seconds: list[float], accuracies: list[float], target: float, limit: float) -> list[float]:  # noqa: ARG001
    return [s for s, a in zip(seconds, accuracies, strict=True) if a >= target]


TIME_TO = Exercise(
    id="15.1",
    title="time to accuracy",
    stub="""\
def time_to(seconds, accuracies, target, limit):
    ...""",
    check=function_matches(
        time_to,
        [
            ([2, 4, 6], [0.5, 0.75, 0.625], 0.75, 60),  # exact in float32
            ([1.5, 3.0, 4.5, 6.0, 7.5], [0.3, 0.78, 0.79, 0.9, 0.85], 0.81, 60),
            ([1.0, 2.0, 3.0], [0.4, 0.6, 0.5], 0.7, 10),
            ([1.0, 2.0, 3.0, 5.0], [0.75, 0.6, 0.78, 0.71], 0.7, 10),
            ([1.0, 2.0, 4.0, 5.0], [0.75, 0.6, 0.78, 0.9], 0.7, 10),
        ],
        mistakes=(
            (_strictly, "`at least` the target: an accuracy that equals it has arrived."),
            (_last, "That is the last such moment. Asked is the first."),
            (_at_the_best, "That is when it is best. Asked is when it first reaches the target."),
            (_place, "That is the place in the list. Asked are the seconds at that place."),
            (_the_accuracy, "That is the accuracy that was reached. Asked is when."),
            (_end_for_never, "Where the target is never reached, the answer is `limit`, not the last second."),
            (
                _zero_for_never,
                "Where the target is never reached, 0 would mean at once. The answer is `limit`.",
            ),
            (_stays, "That is from when on it stays there. Asked is when it is first reached, even if it falls later."),
            (_bisected, "`searchsorted` wants a list in order of size, and accuracies go up and down."),
            (_first_second_only, "It ends with the first second. Does `return limit` stand inside the loop?"),
            (_all_of_them, "Those are all such moments. Asked is one: the first."),
        ),
    ),
    hints=(
        "Go through both lists together: `for second, accuracy in zip(seconds, accuracies)`.",
        "Return at the first accuracy that is high enough. What is left to return after the loop?",
    ),
    solution=written(time_to),
    right=(_with_next, _with_numpy),
    wrong=((4, "Expected a function"),),
)


# An input pipeline, tried on real tf.data: how often each file is read, and in which order the pictures come.


def pipeline(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().shuffle(count).batch(size).prefetch(1)


def _in_parallel(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    import tensorflow as tf

    files = files.map(read, num_parallel_calls=tf.data.AUTOTUNE).cache()
    return files.shuffle(count, reshuffle_each_iteration=True).batch(size).prefetch(tf.data.AUTOTUNE)


def _as_given(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.shuffle(count).cache().map(read).batch(size).prefetch(1)


def _only_cache_moved(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.shuffle(count).map(read).cache().batch(size).prefetch(1)


def _only_shuffle_moved(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.cache().shuffle(count).map(read).batch(size).prefetch(1)


def _batches_kept(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.shuffle(count).map(read).batch(size).cache().prefetch(1)


def _batches_shuffled(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().batch(size).shuffle(count).prefetch(1)


def _no_shuffle(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:  # noqa: ARG001
    return files.map(read).cache().batch(size).prefetch(1)


def _no_cache(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).shuffle(count).batch(size).prefetch(1)


def _no_batch(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:  # noqa: ARG001
    return files.map(read).cache().shuffle(count).prefetch(1)


def _one_order(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().shuffle(count, reshuffle_each_iteration=False).batch(size).prefetch(1)


def _never_read(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:  # noqa: ARG001
    return files.cache().shuffle(count).batch(size).prefetch(1)


def _shuffles_a_few(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:  # noqa: ARG001
    return files.map(read).cache().shuffle(2).batch(size).prefetch(1)


def _shuffles_half(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().shuffle(count // 2).batch(size).prefetch(1)


def _batch_before_map(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.shuffle(count).batch(size).map(read).prefetch(1)


def _batched_and_taken_apart(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.batch(size).map(read).cache().unbatch().shuffle(count).batch(size).prefetch(1)


def _repeats(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().shuffle(count).repeat().batch(size).prefetch(1)


def _repeats_batches(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().shuffle(count).batch(size).repeat().prefetch(1)


def _repeats_twice(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).cache().repeat(2).shuffle(count).batch(size).prefetch(1)


def _calls_read(files: Any, read: Callable[[], Any], count: int, size: int) -> Any:
    return files.map(read()).cache().shuffle(count).batch(size).prefetch(1)


def _whole_batches_of_one_order(files: Any, read: Callable[[Any], Any], count: int, size: int) -> Any:
    return files.map(read).shuffle(count).cache().batch(size).shuffle(count).prefetch(1)


def _gives_a_list(files: Any, read: Callable[[Any], Any], count: int, size: int) -> list:  # noqa: ARG001
    return [read(one) for one in files]


def _tried(answer: Any, count: int, size: int) -> tuple[int, list[list[int]]]:
    """How often `read` was called in five passes, and the batches' pictures of each pass in one row."""
    import tensorflow as tf

    calls, batched = [], []

    def noted(number: Any) -> Any:
        calls.append(number)
        return 10 * number + 7

    def read(number: Any) -> Any:
        number = tf.convert_to_tensor(number)
        batched.append(bool(number.shape.rank))
        picture = tf.numpy_function(noted, [number], tf.int64)
        picture.set_shape(number.shape)
        return picture

    read.__qualname__ = "read"  # what Python names in an error

    if is_empty(answer):
        raise NotAttempted
    files = tf.data.Dataset.range(count)
    result = attempt(lambda: answer(files, read, count, size))
    if not isinstance(result, tf.data.Dataset):
        raise Wrong(f"Expected a pipeline, such as `files.map(read)` gives. Received: {type(result).__name__}.")
    if any(batched):
        raise Wrong("`read` takes one file, not a batch of them: `map(read)` belongs before `batch`.")
    if result.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise Wrong("`repeat` without a number never ends, and a pass has to end: `fit` begins the next one by itself.")
    passes = []
    for _ in range(5):  # four batches in a new order are in the old one again once in 24 times
        batches = [np.asarray(batch) for batch in result.as_numpy_iterator()]
        times = min(Counter(int(one) for batch in batches for one in np.ravel(batch)).values(), default=1)
        if times > 1:
            raise Wrong(f"Each picture comes {times} times in one pass. `fit` repeats the passes: leave that to it.")
        if any(batch.ndim != 1 for batch in batches) or len(batches) != -(-count // size):
            raise Wrong(f"Expected batches of {size} pictures. Received {len(batches)} pieces for {count} pictures.")
        passes.append([int(one) for batch in batches for one in batch])
    return len(calls), passes


def _examined(answer: Any) -> None:
    count, size = 24, 6
    if not callable(answer):
        raise Wrong(f"Expected a function. Received: {type(answer).__name__}.")
    calls, passes = _tried(answer, count, size)
    if sorted(passes[0]) != [10 * number + 7 for number in range(count)]:
        raise Wrong("What arrives is not what `read` makes of the files, each once. Is `map(read)` still there?")
    if calls > count:
        raise Wrong(
            f"In five passes `read` was called {calls} times for {count} files. What is kept is what stands *before* "
            "`cache`: is reading among it?"
        )
    if all(row == passes[0] for row in passes):
        raise Wrong("Each file is read once. But the order is the same in each pass: what `cache` keeps, it keeps.")
    batches = [row[first : first + size] for row in passes for first in range(0, count, size)]
    only_whole_ones = all(batch == sorted(batch) for batch in batches)  # moved, perhaps by a place or two by chance
    # A picture comes earlier by less than the number of pictures that `shuffle` draws from; later by any number.
    earlier = [number - row.index(10 * number + 7) for row in passes for number in range(count)]
    if max(earlier) < count // 2 and not only_whole_ones:
        raise Wrong("The pictures hardly move. `shuffle` draws from as many as its argument says: give it `count`.")
    together = [sorted(sorted(row[first : first + size]) for first in range(0, count, size)) for row in passes]
    if all(one == together[0] for one in together):
        raise Wrong(
            "The batches come in a new order, but each holds the same pictures as before. Shuffle the pictures."
        )


PIPELINE = Exercise(
    id="15.2",
    title="mend a pipeline",
    stub="""\
def pipeline(files, read, count, size):
    ...""",
    check=Check(
        _examined,
        (
            (_as_given, "What is kept is what stands *before* `cache`"),
            (_only_shuffle_moved, "What is kept is what stands *before* `cache`"),
            (_no_cache, "What is kept is what stands *before* `cache`"),
            (_only_cache_moved, "the order is the same in each pass"),
            (_batches_kept, "the order is the same in each pass"),
            (_no_shuffle, "the order is the same in each pass"),
            (_one_order, "the order is the same in each pass"),
            (_batches_shuffled, "each holds the same pictures as before"),
            (_no_batch, "Expected batches of"),
            (_never_read, "Is `map(read)` still there?"),
            (_shuffles_a_few, "The pictures hardly move"),
            (_shuffles_half, "The pictures hardly move"),
            (_whole_batches_of_one_order, "each holds the same pictures as before"),
            (_batch_before_map, "`read` takes one file, not a batch of them"),
            (_batched_and_taken_apart, "`read` takes one file, not a batch of them"),
            (_repeats, "`repeat` without a number never ends"),
            (_repeats_batches, "`repeat` without a number never ends"),
            (_repeats_twice, "Each picture comes 2 times in one pass"),
            (_calls_read, "The function raised TypeError: read() missing"),
        ),
    ),
    hints=(
        "Read a pipeline from left to right. `cache` keeps whatever arrives at it, in the order in which it arrives.",
        "What should happen once stands before `cache`, what should happen anew in each pass behind it.",
        "There are two faults: reading stands behind `cache`, and `shuffle` before it.",
    ),
    solution=written(pipeline),
    right=(_in_parallel,),
    wrong=((3, "Expected a function"), (_gives_a_list, "Expected a pipeline")),
    needs_keras=True,
)


def _later_steps() -> int:
    saved_each = 50 - 10  # ms a later step
    paid_first = 600 - 150  # ms in the first step
    later_steps = paid_first // saved_each + 1
    return later_steps  # noqa: RET504


PAYS = Exercise(
    id="15.3",
    title="when has it paid off?",
    stub="later_steps = ...",
    check=number_is(
        12,
        tolerance=1e-6,
        mistakes={
            11.25: "There the two are level. Steps are whole: after how many is the compiled one ahead?",
            11: "After 11 it has made up 440 of 450 ms: not ahead yet.",
            13: "Count the later steps only: the first one is not among them.",
            9: "450 / 50 divides by what an eager step takes. Divide by what each later step saves.",
            15: "600 ms are not all lost: the eager program pays 150 ms for its first step, too.",
            45: "450 ms are to be made up. Each later step saves 40, not 10.",
            60: "600 / 10 leaves the eager program out. What does each later step save?",
            450: "That is what has to be made up, in ms. How many steps does that take?",
            40: "That is what a later step saves, in ms. How many of them make up what the first step costs?",
            7.5: "450 / 60: the savings of a step are the difference, 50 - 10, not the sum.",
            8: "450 / 60 rounded: the savings of a step are the difference, 50 - 10, not the sum.",
            0.08888888888888889: "Upside down: divide what is to be made up by what each step saves.",
        },
        otherwise="How much more does the first compiled step cost, and how much does each later one save?",
    ),
    hints=(
        "Compiled, the first step costs 600 - 150 ms more.",
        "Each later step saves 50 - 10 ms. How many of these are more than the answer of the first hint?",
    ),
    solution=computed(_later_steps),
)


_SURVIVES = {
    "a pixel of 255": "kept",
    "255 squared": "kept",
    "a gradient of 2e-9": "zero",
    "the same gradient times 1024": "kept",
    "a loss of 2.3 times 65,536": "infinite",
}

IN_FLOAT16 = Exercise(
    id="15.4",
    title="what survives float16?",
    check=matching_is(
        _SURVIVES,
        options=("kept", "zero", "infinite"),
        feedback={
            ("a pixel of 255", "zero"): "255 is far above 0.00000003.",
            ("a pixel of 255", "infinite"): "255 is far below 65,504.",
            ("255 squared", "infinite"): "255 * 255 is 65,025. Compare it with 65,504.",
            ("255 squared", "zero"): "255 * 255 is large. Which end of the range is near?",
            ("a gradient of 2e-9", "kept"): "2e-9 is 0.000000002: below 0.00000003.",
            ("a gradient of 2e-9", "infinite"): "It is small, not large.",
            ("the same gradient times 1024", "zero"): "2e-9 * 1024 is about 0.000002. Compare it with 0.00000003.",
            ("the same gradient times 1024", "infinite"): "It is about 0.000002: small, but how small?",
            ("a loss of 2.3 times 65,536", "kept"): "2.3 * 65,536 is about 150,000. Compare it with 65,504.",
            ("a loss of 2.3 times 65,536", "zero"): "It is large, not small.",
        },
    ),
    hints=(
        "Write each number out, and compare it with the two ends: 65,504 and 0.00000003.",
        "255 * 255 = 65,025. And 2e-9 * 1024 is about 2e-6.",
    ),
    **matched("in_float16", _SURVIVES),
    wrong=(("kept", "Expected a dictionary"),),
)


# A schedule.


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


def _rise_then(height: Callable[[float], float], parts: int = 5) -> Callable[[int, int, float], float]:
    """A rate that rises for one of `parts` of the steps, then `height` of the share of the fall, times the peak."""

    def rate(step: int, steps: int, peak: float) -> float:
        rise = steps / parts
        return peak * step / rise if step < rise else peak * height((step - rise) / (steps - rise))

    return rate


_below_zero = _rise_then(lambda share: math.cos(math.pi * share))
_quarter_of_a_turn = _rise_then(lambda share: math.cos(math.pi / 2 * share))
_in_degrees = _rise_then(lambda share: (1 + math.cos(180 * share)) / 2)
_a_quarter_up = _rise_then(lambda share: (1 + math.cos(math.pi * share)) / 2, parts=4)
_shared_by_all_steps = _rise_then(lambda share: (1 + math.cos(math.pi * 4 / 5 * share)) / 2)
_upside_down = _rise_then(lambda share: (1 - math.cos(math.pi * share)) / 2)
_whole_turn = _rise_then(lambda share: (1 + math.cos(2 * math.pi * share)) / 2)
_not_halved = _rise_then(lambda share: 1 + math.cos(math.pi * share))
_without_pi = _rise_then(lambda share: (1 + math.cos(share)) / 2)


def _rises_to_one(step: int, steps: int, peak: float) -> float:
    rate = learning_rate(step, steps, peak)
    return rate / peak if step < steps / 5 else rate


def _falls_from_one(step: int, steps: int, peak: float) -> float:
    rate = learning_rate(step, steps, peak)
    return rate if step < steps / 5 else rate / peak


def _whole_fifth(step: int, steps: int, peak: float) -> float:
    rise = max(1, steps // 5)
    fallen = (step - rise) / (steps - rise)
    return peak * step / rise if step < rise else peak * (1 + np.cos(np.pi * fallen)) / 2


SCHEDULE = Exercise(
    id="15.5",
    title="a learning rate that falls along a cosine",
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
            (_a_quarter_up, "It rises for a quarter of the steps, as in the figure above. Here it is a fifth."),
            (
                _shared_by_all_steps,
                "The fall is divided by all steps, so that it is not over at the end. How many steps does it take?",
            ),
            (_upside_down, "The second part climbs from 0 to the peak: with a minus the cosine is upside down."),
            (_whole_turn, "That is a whole turn: in the end it is back at the peak. Half a turn goes from 0 to pi."),
            (_not_halved, "1 + cos begins at 2, so the fall begins at twice the peak."),
            (_without_pi, "The share ends at 1, and the cosine of 1 is still 0.54. Half a turn ends at pi."),
            (_rises_to_one, "The first part rises to 1. It should rise to `peak`."),
            (_falls_from_one, "The second part falls from 1. It should fall from `peak`."),
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


EXERCISES = (TIME_TO, PIPELINE, PAYS, IN_FLOAT16, SCHEDULE)
