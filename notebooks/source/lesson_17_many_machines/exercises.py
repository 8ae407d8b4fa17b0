"""Exercises of lesson 17: unequal shares, one's own part, will it pay, a resumption to mend, and a month's failures."""

from typing import Any

import numpy as np

from course_utils.exercises.calling import attempt
from course_utils.exercises.checks import array_is, function_matches, number_is
from course_utils.exercises.comparing import as_array, difference, kind_of, shown
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, written

__all__ = ["EXERCISES"]

# The mean of unequal shares.

_SEEN = np.array([48, 16])
_MEANS = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])


def _combined() -> np.ndarray:
    pictures_seen = [48, 16]
    means = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
    combined = np.average(means, axis=0, weights=pictures_seen)
    return combined  # noqa: RET504


COMBINED = Exercise(
    id="17.1",
    title="weigh the shares",
    stub="combined = ...",
    check=array_is(
        np.array([0.75, 0.0, 1.0]),
        tolerance=1e-4,
        mistakes=(
            (_MEANS.mean(axis=0), "That is the plain mean: it counts 16 pictures as much as 48."),
            (_MEANS.sum(axis=0), "That is the sum of the two means, whatever they stand for."),
            (_SEEN @ _MEANS, "That is the sum over all pictures. The mean is asked for."),
            (_SEEN @ _MEANS / 2, "Divided by the number of workers. How many pictures are there?"),
            (_SEEN[::-1] @ _MEANS / 64, "The weights are the wrong way round: which row speaks for 48 pictures?"),
            (_MEANS[0], "That is worker 0 alone. The 16 pictures of worker 1 count, too."),
            (_MEANS[1], "That is worker 1 alone. The 48 pictures of worker 0 count, too."),
            (_SEEN @ _MEANS / 48, "Divided by 48. How many pictures are there in all?"),
            (_MEANS[0] / 48 + _MEANS[1] / 16, "Divided by the pictures. A mean becomes a sum again by multiplying."),
            (_MEANS.mean(axis=1), "That is a mean for each worker. One for each weight is asked for."),
            (_MEANS, "Those are the two rows as they came. One row for both together is asked for."),
            (_SEEN @ _MEANS / 16, "3 to 1 is right. But the two weights have to add up to 1."),
            (_MEANS * [[0.75], [0.25]], "Those are the two rows, each weighed. Add them."),
        ),
        otherwise="For how many pictures does each row speak? First make a sum of each mean again.",
    ),
    hints=(
        "Worker 0's row is a mean of 48 pictures. What was the sum before it was divided?",
        "48 · row 0 + 16 · row 1 is the sum over all pictures. Divide it by how many there are.",
    ),
    solution=computed(_combined),
    wrong=(([1, 2, 3], "For how many pictures"), ([0.75, 0.0], "(3,)")),
)

# Each takes its own part.


def my_part(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[worker::workers]


def _in_a_block(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return np.array_split(order, workers)[worker]


def _backwards(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[::-1][worker::workers]


def _from_the_other_end(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[workers - 1 - worker :: workers]


def _blocks_rounded_up(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    share = -(-len(order) // workers)
    return order[worker * share : (worker + 1) * share]


def _rest_is_lost(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    share = len(order) // workers
    return order[worker * share : (worker + 1) * share]


def _rest_to_the_last(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    share = len(order) // workers
    end = len(order) if worker == workers - 1 else (worker + 1) * share
    return order[worker * share : end]


def _all_the_same(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    return order[: len(order) // workers]


def _every_same_one(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    return order[::workers]


def _whole(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    return order


def _places(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return np.arange(len(order))[worker::workers]


def _from_the_worker_on(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    return order[worker:]


def _counted_from_one(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[worker + 1 :: workers]


def _exchanged(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[workers::worker] if worker else order[workers:]


def _always_two(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    return order[worker::2]


def _two_halves(order: np.ndarray, worker: int, workers: int) -> np.ndarray:  # noqa: ARG001
    half = len(order) // 2
    return order[:half] if worker == 0 else order[half:]


def _block_from_the_worker(order: np.ndarray, worker: int, workers: int) -> np.ndarray:
    return order[worker : worker + len(order) // workers]


_ORDER = np.array([7, 3, 5, 9, 0, 8, 2, 6, 4, 1, 11])  # eleven: two and three do not divide it

_UNFAIR = (
    (_rest_is_lost, "What does not divide evenly is lost: nobody takes it."),
    (_rest_to_the_last, "The last worker gets the whole rest. Share that out, too."),
    (_blocks_rounded_up, "Each share is rounded up, so that the last workers get too little or nothing."),
    (_all_the_same, "All workers take the same entries: `worker` has to say which."),
    (_every_same_one, "All workers take the same entries: where does worker 1 begin?"),
    (_whole, "Each worker takes everything, so each picture is seen by all."),
    (_places, "Those are places, 0, 1, 2 and so on. Take what stands there in `order`."),
    (_from_the_worker_on, "Each begins at another place, and then takes all that follows."),
    (_counted_from_one, "Workers are counted from 0: the first entry is nobody's."),
    (_exchanged, "The two numbers have changed places: begin at `worker`, in steps of `workers`."),
    (_always_two, "It always shares among two: `workers` says how many there are."),
    (_two_halves, "It always shares among two: `workers` says how many there are."),
    (_block_from_the_worker, "The parts overlap: where does the part of worker 0 end?"),
)

_SPLITS = ((np.array([7, 3, 5, 9]), 2), *((_ORDER, workers) for workers in (2, 3, 5)), (_ORDER[::-1], 4), (_ORDER, 1))


def _what_is_unfair(answer: Any) -> str:
    """One sentence where some entry is taken twice or by nobody, or a part is too long; "" for any fair split."""
    for order, workers in _SPLITS:
        parts = []
        for worker in range(workers):
            part = as_array(attempt(answer, order, worker, workers, names=("order", "worker", "workers")))
            if not isinstance(part, np.ndarray) or part.ndim != 1:
                came = f"shape {part.shape}" if isinstance(part, np.ndarray) else kind_of(part)
                return f"Expected a row of entries of `order` for each worker. Received: {came}."
            parts.append(part)
        together, lengths = np.sort(np.concatenate(parts)), [len(part) for part in parts]
        asked = f"With order = {shown(order)} and workers = {workers},"
        if not np.array_equal(together, np.sort(order)):
            return f"{asked} the workers take {shown(together)} in all."
        if max(lengths) - min(lengths) > 1:
            return f"{asked} the parts have {', '.join(map(str, lengths))} entries."
    return ""


def _takes_a_fair_part(answer: Any) -> None:
    problem = _what_is_unfair(answer)
    if not problem:
        return
    asked = [(order, worker, workers) for order, workers in _SPLITS for worker in range(workers)]
    received = [attempt(answer, *inputs) for inputs in asked]
    for mistake, message in _UNFAIR:
        pairs = zip(asked, received, strict=True)
        if all(difference(mistake(*inputs), part, tolerance=0) is None for inputs, part in pairs):
            raise Wrong(f"{message}\n{problem}")
    raise Wrong(problem)


MY_PART = Exercise(
    id="17.2",
    title="your own part",
    stub="""\
def my_part(order, worker, workers):
    ...""",
    check=Check(_takes_a_fair_part, _UNFAIR),
    hints=(
        "Two workers: one may take the places 0, 2, 4 and so on, the other 1, 3, 5. Where does each begin?",
        "A slice has three numbers: where it begins, where it ends, and the step.",
    ),
    solution=written(my_part),
    right=(
        _in_a_block,
        _backwards,
        _from_the_other_end,
        lambda order, worker, workers: [order[k] for k in range(worker, len(order), workers)],
    ),
)

# Will it pay?


def _times_as_fast() -> float:
    messages, bytes_of_them = 2 * 7 * 5, 2 * 7 / 8 * 100 * 8
    times_as_fast = 400 / (60 + messages + bytes_of_them)
    return times_as_fast  # noqa: RET504


TIMES_AS_FAST = Exercise(
    id="17.3",
    title="will it pay",
    stub="times_as_fast = ...",
    check=number_is(
        400 / 1530,
        tolerance=0.0015,
        mistakes={
            8.0: "That would be so if nothing had to be exchanged, and an eighth took an eighth of the time.",
            400 / 60: "The exchange is missing: the eight compute for 60 ms, and then they exchange.",
            400 / 1460: "The messages are missing: 2 · 7 of them take 5 ms each.",
            0.3: "Two digits after the point, please.",
            100 * 400 / 1530: "That is per cent. As a factor, please.",
            26.1: "That is per cent. As a factor, please.",
            26.0: "That is per cent. As a factor, please.",
            1470.0: "That is the exchange, in ms. How long is a whole step, and how fast is that beside 400 ms?",
            400 / 1047: "Two numbers have changed places: a message takes 5 ms, a megabyte 8 ms.",
            60 / 1870: "Two numbers have changed places: alone it is 400 ms, and 60 ms are an eighth of the work.",
            400
            / 1670: "Our two programs did it that way, each sending all of its own. In a ring a message is an eighth.",
            400 / 930: "The bytes are counted once. In a ring each machine sends 2 · 7 parts, of an eighth each.",
            400 / 305: "175 MB leave each machine. Is the eighth taken twice, or are the 8 ms a megabyte missing?",
            400 / 1520: "An eighth of 400 is 50, but the eighths take 60 ms here.",
            1530 / 400: "That is how many times as long. How many times as fast is its inverse.",
            400 / 1470: "The 60 ms of computing are missing.",
            400 / 860: "The gradients go round once only, whole and without messages. See the formula for n workers.",
            400 / 1870: "The eighths take 60 ms, not the 400 of one machine.",
            400 / 1740: "Each machine sends 2 · (8 - 1) messages, and each is one of eight parts of the row.",
            400 / 795: "Only half of the way: each part goes round twice, once to be added and once to be known.",
            1530.0: "Those are the milliseconds of a step. How many times as fast is it than 400?",
            400 / 11330: "Each message is an eighth of the gradients, not all of them.",
            1470 / 400: "That compares the exchange with a step. How fast is a step of the eight?",
        },
        otherwise="First the exchange of eight machines, by the formula. Then a step. How many fit into 400 ms?",
    ),
    hints=(
        "The exchange: 2 · 7 messages of 5 ms, and 2 · 7 / 8 · 100 MB at 8 ms. How long is that?",
        "70 + 1400 = 1470 ms. With 60 ms of computing a step takes 1530 ms.",
    ),
    solution=computed(_times_as_fast),
    right=(0.26, 0.2614, 0.261, np.float32(400 / 1530)),
    wrong=((0.5, "First the exchange"), ("0.26", "Expected a number")),
)

# Going on from a checkpoint.


def go_on_from(saved: dict[str, Any], gradients: list[float]) -> float:
    weight, momentum = saved["weight"], saved["momentum"]
    for gradient in gradients[saved["steps"] :]:
        momentum = 0.9 * momentum - 0.1 * gradient
        weight = weight + momentum
    return weight


def _in_one_place(saved: dict[str, Any], gradients: list[float]) -> float:
    state = dict(saved)
    while state["steps"] < len(gradients):
        state["momentum"] = 0.9 * state["momentum"] - 0.1 * gradients[state["steps"]]
        state["weight"] += state["momentum"]
        state["steps"] += 1
    return state["weight"]


def _went(saved: dict[str, Any], gradients: list[float], *, momentum: bool = True, shift: int = 0) -> float:
    """Go on with or without the saved momentum, from a step too early or too late."""
    start = max(0, saved["steps"] + shift)
    return go_on_from(saved | {"steps": start, "momentum": saved["momentum"] if momentum else 0.0}, gradients)


def _as_printed(saved: dict[str, Any], gradients: list[float]) -> float:
    return _went(saved, gradients, momentum=False, shift=-99)


def _forgets_the_momentum(saved: dict[str, Any], gradients: list[float]) -> float:
    return _went(saved, gradients, momentum=False)


def _from_the_first(saved: dict[str, Any], gradients: list[float]) -> float:
    return _went(saved, gradients, shift=-99)


def _one_too_late(saved: dict[str, Any], gradients: list[float]) -> float:
    return _went(saved, gradients, shift=1)


def _one_too_early(saved: dict[str, Any], gradients: list[float]) -> float:
    return _went(saved, gradients, shift=-1)


def _one_too_early_by_a_slice(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved | {"steps": 0}, gradients[saved["steps"] - 1 :])


def _nothing_left(saved: dict[str, Any], gradients: list[float]) -> float:  # noqa: ARG001
    return saved["weight"]


def _those_done(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved | {"steps": 0}, gradients[: saved["steps"]])


def _after_the_first(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved | {"steps": 1}, gradients)


def _one_step_only(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved, gradients[: saved["steps"] + 1])


def _no_decay(saved: dict[str, Any], gradients: list[float]) -> float:
    weight, momentum = saved["weight"], saved["momentum"]
    for gradient in gradients[saved["steps"] :]:
        momentum = momentum - 0.1 * gradient
        weight = weight + momentum
    return weight


def _old_momentum_first(saved: dict[str, Any], gradients: list[float]) -> float:
    weight, momentum = saved["weight"], saved["momentum"]
    for gradient in gradients[saved["steps"] :]:
        weight = weight + momentum
        momentum = 0.9 * momentum - 0.1 * gradient
    return weight


def _up_the_gradient(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved, [-gradient for gradient in gradients])


def _momentum_returned(saved: dict[str, Any], gradients: list[float]) -> float:
    momentum = saved["momentum"]
    for gradient in gradients[saved["steps"] :]:
        momentum = 0.9 * momentum - 0.1 * gradient
    return momentum


def _as_many_from_the_end(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved | {"steps": 0}, gradients[-saved["steps"] :])


def _from_zero(saved: dict[str, Any], gradients: list[float]) -> float:
    return go_on_from(saved | {"weight": 0.0}, gradients)


GO_ON_FROM = Exercise(
    id="17.4",
    title="mend a resumption",
    stub="""\
def go_on_from(saved, gradients):
    ...""",
    check=function_matches(
        go_on_from,
        [
            ({"weight": 1.0, "momentum": 0.5, "steps": 1}, [9.0, 2.0]),
            ({"weight": -2.0, "momentum": 1.5, "steps": 2}, [4.0, -3.0, 1.0, 5.0, 2.0]),
            ({"weight": 0.5, "momentum": 0.0, "steps": 0}, [1.0, -2.0, 3.0]),
            ({"weight": 3.0, "momentum": 0.25, "steps": 3}, [1.0, -2.0, 3.0, 7.0, -4.0]),
        ],
        tolerance=1e-6,
        mistakes=(
            (_as_printed, "Two things of `saved` are not used yet: the momentum, and how many steps are done."),
            (_forgets_the_momentum, "The momentum begins at 0. It was saved, too."),
            (_from_the_first, "It begins with the first gradient again: which steps are done?"),
            (
                _one_too_late,
                "One gradient is left out. When one step is done, the next gradient is the second of the list.",
            ),
            *(
                (
                    early,
                    "One gradient is used twice. When one step is done, the next is the second of the list.",
                )
                for early in (_one_too_early, _one_too_early_by_a_slice)
            ),
            (_after_the_first, "1 is right where one step is done. How many are done stands in `saved`."),
            (_one_step_only, "It ends after one step. Does `return` stand inside the loop?"),
            (_nothing_left, "That is the saved weight. The steps that are still to come are missing."),
            (_those_done, "Those are the gradients that are done. The others come next."),
            (_no_decay, "The momentum has to fade by 0.9 in each step, as in the printed lines."),
            (_old_momentum_first, "First the new momentum, then the weight, as in the printed lines."),
            (_up_the_gradient, "It goes up the gradient. The printed lines have a minus there."),
            (_momentum_returned, "That is the momentum at the end. The weight is asked for."),
            (_as_many_from_the_end, "As many are taken from the end as are done. Take those that are still to come."),
            (_from_zero, "The weight begins at 0. It was saved."),
        ),
    ),
    hints=(
        "What are the three things in `saved`, and which of them do the printed lines use?",
        "`gradients[3:]` are those after the first three.",
    ),
    solution=written(go_on_from),
    right=(_in_one_place,),
)

# How often something stops.


def _interruptions() -> float:
    interruptions = 256 * 30 / 1000
    return interruptions  # noqa: RET504


INTERRUPTIONS = Exercise(
    id="17.5",
    title="a month with 256 machines",
    stub="interruptions = ...",
    check=number_is(
        7.68,
        tolerance=0.025,
        mistakes={
            8.0: "Do not round: what is expected on average need not be whole.",
            7.0: "Do not cut off: what is expected on average need not be whole.",
            0.03: "That is no more than one machine has. If any of the 256 stops, all wait.",
            0.256: "That is one day with all machines. The run takes 30.",
            1000 / 256: "Those are the days from one interruption to the next.",
            30 / 1000 / 256: "More machines mean more interruptions, not fewer.",
            7680: "Divide by the days that a machine runs between two stops.",
            1000 / 7.68: "That is upside down: how many stops, not how many days for each.",
            1 / 7.68: "That is upside down: more machines and more days mean more interruptions.",
            1 - 0.97**256: "That is about how probable at least one is. How many are expected?",
            33.33: "A machine does not stop 33 times: it runs for 1,000 days, the month has 30.",
            8533.33: "A machine does not stop 33 times: it runs for 1,000 days, the month has 30.",
        },
        otherwise="How many days do all machines run together, and in how many of them does one stop?",
    ),
    hints=(
        "256 machines for 30 days: how many machine days are that?",
        "7,680 machine days, and one stop in 1,000 of them.",
    ),
    solution=computed(_interruptions),
    right=(7.68, 7.7, np.float32(7.68)),
    wrong=((9, "How many days"), ("8", "Expected a number")),
)

EXERCISES = (COMBINED, MY_PART, TIMES_AS_FAST, GO_ON_FROM, INTERRUPTIONS)
