"""What lesson 04 claims, with the bounds and how each figure follows from the lesson's variables or its records."""

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

CLAIMS = (
    Claim(
        "04.c1",
        "New pictures of objects met in training are named at least 10 points better than new objects.",
        lambda met_accuracy, test_accuracy: met_accuracy - test_accuracy,
        at_least=0.10,
    ),
    Claim(
        "04.c2",
        "On cutouts, swapping red and blue costs at least 15 points more than a quarter turn.",
        lambda costs: costs["lying on its side"] - costs["red and blue swapped"],
        at_least=0.15,
    ),
    Claim(
        "04.c3",
        "On shapes it is the other way round, by at least 10 points, in each of three recorded runs.",
        lambda figures: [
            swapped - turned
            for swapped, turned in zip(
                figures["shapes"]["red and blue swapped"], figures["shapes"]["lying on its side"], strict=True
            )
        ],
        at_least=0.10,
        record="04_mistakes",
    ),
    Claim(
        "04.c4",
        "Scaled twice, this network falls to at most 20 % of the validation pictures, where guessing gets 17 %.",
        lambda costs: costs["scaled twice"],
        at_most=0.20,
    ),
    Claim(
        "04.c5",
        "Every recorded run of programs B and C names at least 64 % of CIFAR-10's test pictures.",
        lambda figures: figures["B"]["test"] + figures["C"]["test"],
        at_least=0.64,
        record="04_programs",
    ),
)
