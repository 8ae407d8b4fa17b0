"""Two momenta by hand, and a choice between frameworks."""

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import open_question
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["CHOICE", "TWO_MOMENTA"]


def _weights_after() -> dict[str, float]:
    weights_after = {"keras": 100.0, "pytorch": 100.0}
    velocity, buffer, momentum, gradient = 0.0, 0.0, 0.5, 1.0
    for learning_rate in (8, 8, 2):
        velocity = momentum * velocity - learning_rate * gradient
        weights_after["keras"] += velocity
        buffer = momentum * buffer + gradient
        weights_after["pytorch"] -= learning_rate * buffer
    return weights_after


TWO_MOMENTA = Exercise(
    id="07.3",
    title="two momenta",
    kind="compute by hand",
    prompt="Compute a weight after three steps with the momentum of Keras and with that of PyTorch.",
    stub='weights_after = {"keras": ..., "pytorch": ...}',
    check=numbers_are(
        _weights_after(),
        (
            ("keras", 76.5, "In Keras the velocity keeps the learning rate of the steps in which it was built up."),
            ("keras", 82, "Momentum is missing: that is what the gradients alone do."),
            ("keras", 128, "The velocity is negative: the weight goes down against the gradient."),
            ("keras", 80, "That is after two steps."),
            ("pytorch", 72, "In PyTorch the new learning rate multiplies the whole buffer, the old part too."),
            ("pytorch", 82, "Momentum is missing: that is what the gradients alone do."),
            ("pytorch", 123.5, "The buffer is subtracted: the weight goes down against the gradient."),
            ("pytorch", 80, "That is after two steps."),
        ),
    ),
    hints=(
        "Write two columns, velocity and weight, with one line for each step. The gradient is always 1.",
        "Keras: the velocity is -8, then -12, then 0.5 * -12 - 2. PyTorch: the buffer is 1, then 1.5, then 1.75.",
        "The steps of PyTorch are 8 * 1, 8 * 1.5 and 2 * 1.75.",
    ),
    solution=computed(_weights_after),
    right=({"keras": 72, "pytorch": 76.5}, {"pytorch": 100 - 8 - 12 - 3.5, "keras": 100 - 8 - 12 - 8}),
    wrong=(
        ({"keras": 76.5, "pytorch": 76.5}, "keeps the learning rate"),
        ({"keras": 72, "pytorch": 72}, "multiplies the whole buffer"),
        ({"keras": 82, "pytorch": 82}, "Momentum is missing"),
        ({"keras": 128, "pytorch": 76.5}, "goes down against the gradient"),
        ({"keras": 72, "pytorch": 80}, "after two steps"),
        ({"keras": 72}, "Expected a dictionary with the keys"),
        (72, "Expected a dictionary with the keys"),
    ),
)


def _choice() -> str:
    choice = (
        "I would move the weights: write the same layers in Keras, put kernels and the dense layer after flatten into "
        "the new order, and export for the telephone from there, so that the program carries one framework, not two. "
        "Before anything is deleted I would demand the same logits on a few hundred real pictures, to 0.0001, with the "
        "pictures read and shrunk by the program on the telephone, since padding and resizing differ in silence. "
        "Rewriting and training anew costs data and time and gives another model; keeping both doubles what is "
        "installed. The times in the table I would measure again on the telephone itself, with the real model."
    )
    return choice  # noqa: RET504


CHOICE = Exercise(
    id="07.5",
    title="choose",
    kind="open",
    prompt="A classifier in PyTorch has to run beside a TensorFlow model on telephones: rewrite, move or keep both?",
    stub="choice = ...",
    check=open_question(_choice(), least_words=30),
    hints=(
        "What does each way cost: people's time, training, megabytes on the telephone?",
        "Which mistakes in moving raise no error? What would show them?",
    ),
    solution=computed(_choice),
    right=(
        "I keep both for now, because nobody knows the old program, and measure size and time on the telephone first. "
        "Then I move the weights and compare the logits on real pictures before the old model goes away.",
    ),
    wrong=(
        ("", "The text is empty"),
        ("Move the weights and test.", "at least 30 words"),
        (["move"], "Expected a text"),
    ),
)
