"""What lesson 00 claims, with the bounds and how each figure follows from the lesson's variables."""

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

CLAIMS = (
    Claim(
        "00.c1",
        "The CNN gets at least 30 points more right than a rival of eight times the weights and four times the epochs.",
        lambda cnn_accuracy, dense_accuracy: cnn_accuracy - dense_accuracy,
        at_least=0.30,
    ),
    Claim(
        "00.c2",
        "The network that knows only shapes is on average at least 50 % sure of its answers to digits.",
        lambda digit_sureness: digit_sureness,
        at_least=0.50,
    ),
    Claim(
        "00.c3",
        "Shown an eye, the ImageNet network believes in one of its thousand names with at least 10 %.",
        lambda eye_answers: max(eye_answers.values()),
        at_least=0.10,
    ),
)
