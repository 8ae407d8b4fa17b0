"""The machinery of the exercises: whatever an answer is or does, it gets a verdict and never a traceback."""

import os
import re
import sys
import threading
import time

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from course_utils import exercises
from course_utils.exercises import by_hand, calling, checks, guard
from course_utils.exercises.exercise import Exercise, Wrong, computed, judge, written

REFERENCE_CASES = [(np.array([[1.0, 2.0, 7.0], [0.0, 5.0, 3.0]]),), (np.array([[4.0], [6.0]]),)]


def row_maximum(image):
    return image.max(axis=1)


def make(check, **fields):
    solution = written(row_maximum)
    kept = {"id": "99.1", "title": "rows", "stub": "", "hints": ("one", "two")}
    return Exercise(check=check, solution=solution, **(kept | fields))


ROWS = make(checks.function_matches(row_maximum, REFERENCE_CASES))


def verdict(answer, exercise=ROWS):
    started = time.monotonic()
    outcome = judge(exercise, answer)
    assert time.monotonic() - started < 8
    return outcome


class Liar:
    """Equal to everything, larger than everything, and impossible to print."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no")

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")

    def __float__(self):
        return 0.75


class LyingNumber(float):
    def __eq__(self, other):
        return True

    __hash__ = None

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


class LyingArray(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        return np.True_

    def __eq__(self, other):
        return np.True_

    __hash__ = None


def recurse(image):
    return recurse(image)


def raises(image):
    raise KeyError("brightness")


def raises_unprintable(image):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError("no")

    raise Unprintable


def exits(image):
    sys.exit(3)


def mutates(image):
    image[0, 0] = 100.0
    return np.array([7.0, 5.0]) if image.shape == (2, 3) else np.array([4.0, 6.0])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (raises, "raised KeyError: 'brightness'"),
        (raises_unprintable, "raised Unprintable"),
        (exits, "raised SystemExit"),
        (recurse, "calls itself"),
        (mutates, "changed its input"),
        (lambda image: [Liar(), Liar()], "Expected a NumPy array"),
        (lambda image: image.max(axis=1) * np.nan, "finite numbers"),
        (lambda image: image.max(axis=1).astype(object), "real numbers"),
        (lambda image: Liar(), "Expected a NumPy array"),
        (lambda image: (value for value in image.max(axis=1)), "Expected a NumPy array"),
        (lambda image: image.min(axis=1).view(LyingArray), "Expected: [7., 5.]"),
        (lambda image: np.broadcast_to(0.0, (10**6, 10**6)), "shape (1000000, 1000000)"),
        (lambda image: np.ma.masked_array(image.min(axis=1), mask=True), "Expected: [7., 5.]"),
        (lambda a, b: a, "raised TypeError"),
        (lambda: np.zeros(2), "raised TypeError"),
        (np.array([7.0, 5.0]), "Expected a function"),
        (Liar, "Expected a function"),
        (Liar(), "Expected a function"),
        (float("nan"), "Expected a function"),
        (None, "Expected a function"),
        ("row_maximum", "Expected a function"),
    ],
)
def test_bad_functions_get_a_verdict(answer, said, capsys):
    outcome = verdict(answer)
    assert outcome.status == "wrong"
    assert said in outcome.message
    assert capsys.readouterr() == ("", "")


def test_a_wrong_message_names_input_expectation_and_what_came():
    message = verdict(lambda image: image.mean(axis=1)).message
    assert "image = " in message and "[1., 2., 7.]" in message
    assert "Expected: [7., 5.]" in message and "Received: [3.3333, 2.6667]" in message


def how_many_in(wanted, values):
    return int(np.isin(values, wanted).sum())


TWO_ARRAYS = [(np.array([4, 7]), np.array([7, 2, 7])), (np.array([1, 2, 2]), np.array([5, 2, 1, 6, 2]))]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda wanted, values: sum(wanted.count(value) > 0 for value in values), "correct"),
        (lambda wanted, values: sum((wanted == value).any() for value in values), "correct"),
        (lambda wanted, values: sum(wanted.count(value) for value in values), "wrong"),
        (lambda wanted, values: sum(value.is_there() for value in values), "wrong"),
    ],
    ids=["right on lists", "right on arrays", "wrong on lists", "right on neither"],
)
def test_a_function_of_numbers_in_a_row_may_want_lists(answer, status):
    exercise = make(checks.function_matches(how_many_in, TWO_ARRAYS))
    assert verdict(answer, exercise).status == status


def test_a_function_of_pictures_gets_arrays():
    assert verdict(lambda image: [max(row) for row in image.copy()]).status == "correct"
    assert "no attribute 'index'" in verdict(lambda image: [max(row) for row in image if image.index(row) >= 0]).message


def test_a_known_mistake_that_gives_nan_or_infinity_is_told_so():
    def forgets(values):
        with np.errstate(divide="ignore", invalid="ignore"):
            return values / values.min()

    check = checks.function_matches(
        lambda values: np.abs(values), [(np.array([0.0, 3.0]),)], mistakes=[(forgets, "The smallest is 0.")]
    )
    assert verdict(lambda x: forgets(x), make(check)).message.startswith("The smallest is 0.")
    for other in (lambda x: np.array([np.inf, np.inf]), lambda x: np.array([np.nan, np.nan])):
        assert "The smallest" not in verdict(other, make(check)).message


def test_an_argument_that_is_never_read_is_named():
    """Lines copied from the notebook still hold the notebook's own names."""
    outside = np.array([[4.0, 9.0]])
    for copied in (lambda image: outside.max(axis=1), lambda image: [max(row) for row in outside]):
        assert "never uses its argument `image`. Does it read a variable of the notebook" in verdict(copied).message
    for forgot in (lambda image: np.zeros(2), lambda image: [len(str(word)) for word in ("one", "three")]):
        said = verdict(forgot).message
        assert "never uses its argument `image`.\n" in said and "notebook" not in said
    for used in (lambda image: image.min(axis=1), lambda image: [min(row) for row in image]):
        assert "never uses" not in verdict(used).message


@pytest.mark.parametrize("stub", [..., lambda image: ..., lambda image: None, [1, ...], {"a": ...}, (..., 2)])
def test_placeholders_are_not_attempted(stub):
    assert verdict(stub).status == "not attempted"
    assert verdict(stub).message == ""


def test_a_function_stub_is_not_attempted_and_a_forgotten_return_is_wrong():
    def stub(image):
        """What it will do."""

    def half_done(image):
        largest = ...
        return largest  # noqa: RET504

    def forgotten(image):
        image.max(axis=1)

    def also_forgotten(image):
        image * image

    def wrong_arguments(): ...

    assert verdict(stub).status == "not attempted"
    assert verdict(half_done).status == "not attempted"
    assert verdict(wrong_arguments).status == "not attempted"
    assert "Is `return` missing" in verdict(forgotten).message
    assert "Is `return` missing" in verdict(also_forgotten).message


def test_where_a_function_takes_no_argument_no_input_is_named():
    with pytest.raises(Wrong) as told:
        calling.attempt(lambda: [3, 1].sort())
    assert str(told.value).endswith("Is `return` missing?")


def test_a_function_that_returns_a_constant_is_an_attempt():
    given = verdict(lambda image, more: "x")
    assert given.status == "wrong" and "argument" in given.message


def test_an_endless_loop_is_stopped(monkeypatch):
    assert guard.SECONDS <= 10
    monkeypatch.setattr(guard, "SECONDS", 0.3)

    def loops(image):
        while True:
            pass

    before = threading.active_count()
    outcome = verdict(loops)
    assert outcome.status == "wrong"
    assert "still running after 0.3 seconds" in outcome.message and "image = " in outcome.message
    assert threading.active_count() == before


def test_a_loop_that_catches_everything_gets_a_verdict_all_the_same(monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 0.2)
    monkeypatch.setattr(guard, "STOPPING_SECONDS", 0.2)
    let_go = threading.Event()

    def stubborn(image):
        while not let_go.is_set():
            try:
                let_go.wait(0.01)
            except BaseException:
                continue

    outcome = verdict(stubborn)
    let_go.set()
    assert "restart the kernel" in outcome.message


BUSY_IN_C = {
    "a sum": lambda image: sum(range(10**7)),
    "a fault at the end": lambda image: sum(range(10**7)) / 0,
    "a sleep that is not interrupted": lambda image: time.sleep(0.6),
}


@pytest.mark.parametrize("answer", BUSY_IN_C.values(), ids=BUSY_IN_C)
def test_what_is_busy_in_c_is_called_late_once_it_is_over(monkeypatch, answer):
    """Nothing can end it from inside, so it takes as long as it takes; but right or wrong, it is not accepted."""
    monkeypatch.setattr(guard, "SECONDS", 0.05)
    began = time.monotonic()
    outcome = verdict(answer)
    assert time.monotonic() - began > 0.05, "the example is too small to be late"
    assert outcome.status == "wrong"
    assert re.search(r"It took \d+\.\d s; the limit is 0\.05 s|still running after 0\.05 seconds", outcome.message)
    assert "image = " in outcome.message


def test_an_answer_in_time_is_not_called_late_however_late_it_is_looked_at(monkeypatch):
    """On a busy machine the waiting side may have its turn long after the answer was there."""
    join = guard._Worker.join
    monkeypatch.setattr(guard._Worker, "join", lambda worker, limit: (join(worker, limit), time.sleep(0.5)))
    done = guard.run(lambda: 3, seconds=0.4)
    assert (done.error, done.timed_out) == (None, False) and done.seconds < 0.4


def test_what_is_printed_is_kept_short_and_shown_with_the_verdict(capsys):
    def chatty(image):
        for _ in range(10_000):
            print("hello", image.shape)
            print("careful", file=sys.stderr)
        return image.max(axis=1)

    outcome = verdict(chatty)
    assert outcome.status == "correct"
    assert outcome.printed.startswith("hello (2, 3)\ncareful") and len(outcome.printed) <= guard.PRINTED
    assert capsys.readouterr() == ("", "")


def test_the_answer_sees_copies_of_the_inputs():
    given = REFERENCE_CASES[0][0].copy()
    assert verdict(mutates).status == "wrong"
    assert np.array_equal(REFERENCE_CASES[0][0], given)


@pytest.mark.parametrize(
    "answer", [0.25, float("-inf"), 10**400, Liar(), LyingNumber(3.0), print, np.datetime64("2020-01-01")]
)
def test_what_is_another_number_or_none_is_wrong(answer):
    assert verdict(answer, make(checks.number_is(0.75))).status == "wrong"


@pytest.mark.parametrize("form", [(1, 0, 1), np.array([1, 0, 1]), [True, False, True], np.array([1, 0, 1]) == 1])
def test_bits_may_be_numbers_or_comparisons(form):
    exercise = make(by_hand.numbers_are({"bits": [1, 0, 1], "amount": 1.5}, []))
    assert verdict({"bits": form, "amount": 1.5}, exercise).status == "correct"
    assert verdict({"bits": form[::-1][1:], "amount": 1.5}, exercise).status == "wrong"
    assert "a yes or no" in verdict({"bits": form, "amount": True}, exercise).message


def test_a_tensor_that_has_no_values_yet_is_named():
    keras = pytest.importorskip("keras")
    assert "KerasTensor" in verdict(lambda image: keras.Input((2,))).message


def test_a_model_in_the_place_of_the_function_that_builds_it():
    keras = pytest.importorskip("keras")
    exercise = make(checks.keras_model_satisfies(cases=((2,), (3,))))
    assert verdict(lambda units: keras.Sequential([keras.layers.Dense(units)]), exercise).status == "correct"
    assert "without brackets" in verdict(keras.Sequential([]), exercise).message


def test_an_array_that_is_not_given_away():
    """Neither a wrong array nor a known mistake is told the right one; another shape is."""
    told = "Only one weight counts."
    exercise = make(checks.array_is(np.array([0, 7]), mistakes=[(np.array([7, 0]), "Turned.")], otherwise=told))
    for answer, said in (([0, 1], told), ([7, 0], "Turned."), ([0, 0], told)):
        message = verdict(answer, exercise).message
        assert message.startswith(said) and str(answer[0]) in message and "[0, 7]" not in message
    assert "shape (2,)" in verdict([0, 7, 0], exercise).message
    assert verdict([0, 7], exercise).status == "correct"


def test_a_number_that_cannot_be_found_by_halving():
    exercise = make(checks.number_is(33, mistakes={18: "The old one."}, otherwise="Begin with 1."))
    for answer, said in ((32, "Begin with 1."), (34.5, "Begin with 1."), (18, "The old one.")):
        message = verdict(answer, exercise).message
        assert message.startswith(said) and "too " not in message and str(answer) in message
    assert verdict(33, exercise).status == "correct"
    assert "too small" in verdict(32, make(checks.number_is(33))).message


def test_shapes_that_do_not_fit_are_named():
    """NumPy's own line says that they differ; the next step is to look at them."""
    for unlike in (lambda image: image + np.ones((7, 9)), lambda image: np.ones((2, 2)) @ (image * np.ones(11))):
        assert "could not be broadcast" in verdict(unlike).message and "Print both" in verdict(unlike).message
    assert "Print both" not in verdict(lambda image: 1 / len([])).message


def test_a_choice():
    exercise = make(checks.choice_is("relu", feedback={"sigmoid": "That one saturates."}))
    assert verdict("relu", exercise).status == "correct"
    assert verdict("sigmoid", exercise).message == "That one saturates."
    for strange in ("tanh", 1, None, Liar(), ["relu"]):
        assert "Expected one of the options: 'relu', 'sigmoid'" in verdict(strange, exercise).message


def test_a_liar_as_key_or_value_of_a_matching():
    exercise = make(checks.matching_is({"a": "x"}, options=("x", "y"), feedback={("a", "y"): "No."}))
    assert verdict({"a": "x"}, exercise).status == "correct"
    assert verdict({"a": "y"}, exercise).message == 'For "a": No.\nReceived: "y".'
    assert verdict({"a": Liar()}, exercise).status == "wrong"
    assert verdict({1: "x"}, exercise).status == "wrong"
    assert verdict([("a", "x")], exercise).status == "wrong"


@pytest.mark.parametrize("wrong", ["a", "b", "c"])
def test_a_matching_says_which_key_it_is_about(wrong):
    right = dict.fromkeys("abc", "x")
    exercise = make(checks.matching_is(right, options=("x", "y"), feedback={("a", "y"): "No."}))
    assert verdict(right | {wrong: "y"}, exercise).message.startswith(f'For "{wrong}":')
    assert verdict(right | {wrong: "z"}, exercise).message.startswith(f'For "{wrong}":')
    less = {key: "x" for key in right if key != wrong}
    assert verdict(less, exercise).message == f'Expected the keys of the cell. Missing: "{wrong}".'
    renamed = verdict(less | {"d": "x"}, exercise).message
    assert renamed == f"Expected the keys of the cell. Missing: \"{wrong}\". Not among them: 'd'."
    listed = verdict(list(right.values()), exercise).message
    assert listed.startswith("Expected a dictionary with the keys of the cell. Received: list")
    left = verdict(right | {wrong: ...}, exercise)
    assert (left.status, left.message) == ("not attempted", f'Still to fill in: "{wrong}".')


def test_an_open_question_shows_a_model_answer():
    exercise = make(checks.open_question("It overfits."))
    given = verdict("It knows its own images by heart, so new ones surprise it every time.", exercise)
    assert (given.status, given.message) == ("cannot be checked", "It overfits.")
    assert verdict("yes", exercise).status == "wrong"


def test_an_object_that_cannot_be_looked_at_gets_a_verdict():
    def look(answer):
        return answer.value

    class Trap:
        @property
        def value(self):
            raise ZeroDivisionError

    assert "could not be examined" in verdict(Trap(), make(look)).message


def test_solutions_become_source():
    def answer():
        import math

        area = math.pi * 2**2  # by the definition
        return area  # noqa: RET504

    assert computed(answer).source == "area = math.pi * 2**2  # by the definition"
    assert computed(answer).name == "area"
    assert written(row_maximum).source == "def row_maximum(image):\n    return image.max(axis=1)"
    with pytest.raises(ValueError, match="return name"):
        computed(row_maximum)


@pytest.fixture
def bundles(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))  # never the progress of whoever runs the tests
    shown = []
    monkeypatch.setattr(exercises, "show", lambda panel: shown.append(panel._repr_mimebundle_()))
    return shown


@pytest.mark.parametrize(
    ("answer", "sign", "words"),
    [(0.75, "✓", "Correct"), (0.25, "✗", "Not right yet"), (..., "○", "Not attempted yet")],
)
def test_a_verdict_is_told_by_sign_and_word_and_kept_as_data(bundles, answer, sign, words):
    exercises.check("00.1", answer)
    bundle = bundles[0]
    assert f"{sign} {words}" in bundle["text/plain"]
    assert sign in bundle["text/html"] and words in bundle["text/html"]
    data = bundle["application/vnd.course.verdict+json"]
    assert data["id"] == "00.1" and data["status"] in ("correct", "wrong", "not attempted")


def test_markup_in_an_answer_stays_text(bundles):
    exercises.check("00.3", "<script>alert(1)</script>")
    assert "<script>" not in bundles[0]["text/html"]


def test_an_unknown_exercise_is_named():
    with pytest.raises(LookupError, match=r"no exercise '04\.99'.*04\.1"):
        exercises.check("04.99", 1)
    with pytest.raises(LookupError, match="Lessons with exercises: 00"):
        exercises.get("98.1")


def test_in_a_real_kernel_nothing_escapes(tmp_path):
    cells = [
        "from course_utils import exercises, progress, quizzes\n"
        "from course_utils.exercises import guard\n"
        "guard.SECONDS = 0.5",
        "def preprocess(images):\n    while True:\n        print('round and round')\n"
        'exercises.check("04.1", preprocess)',
        "def preprocess(images):\n    print('hello')\n    return preprocess(images)\n"
        'exercises.check("04.1", preprocess)',
        "def preprocess(images):\n    print('hello')\n    return images.astype('float32') / 255\n"
        'exercises.check("04.1", preprocess)',
        'print("afterwards")\nquizzes.answer("04.q1", "b")\nprogress.show("04")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_HEADLESS"}
    environment["COURSE_STATE"] = str(tmp_path / "state")
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    with client.setup_kernel(env=environment):
        client.kc.allow_stdin = True  # as JupyterLab does: without a reader nothing is kept
        for place, cell in enumerate(notebook.cells):
            client.execute_cell(cell, place)

    outputs = [cell.outputs for cell in notebook.cells]
    assert [len(some) for some in outputs] == [0, 2, 2, 2, 3]  # a verdict and its buttons, and nothing beside them
    texts = [some[0].data["text/plain"] for some in outputs[1:4]]
    assert "still running after 0.5 seconds" in texts[0] and "round and round" in texts[0]
    assert "calls itself" in texts[1]
    assert "Correct" in texts[2] and "hello" in texts[2]
    assert outputs[4][0].text == "afterwards\n"
    assert f"1 of {len(exercises.all_exercises('04'))} exercises" in outputs[4][2].data["text/plain"]


def test_only_the_beginning_of_what_was_printed_is_shown(bundles):
    def preprocess(images):
        for number in range(100):
            print("line", number)
        return images

    exercises.check("04.1", preprocess)
    assert "line 0" in bundles[0]["text/plain"] and "line 50" not in bundles[0]["text/plain"]
