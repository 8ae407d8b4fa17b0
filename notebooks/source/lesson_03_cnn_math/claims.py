"""What lesson 03 claims, with the bounds and how each figure follows from the lesson's variables."""

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

CLAIMS = (
    Claim(
        "03.c1",
        "From noise, the hidden kernel is found: no weight is off by more than 0.01.",
        lambda errors: errors["noise"],
        at_most=0.01,
    ),
    Claim(
        "03.c2",
        "From pieces of a photograph, in as many steps, at least one weight is off by 0.05 or more.",
        lambda errors: errors["photograph"],
        at_least=0.05,
    ),
    Claim(
        "03.c3",
        "In program B, one dense layer has at least 90 % of the parameters, "
        "and the convolutions do at least 90 % of the multiply-adds (the smaller of the two shares).",
        lambda parameter_share, conv_work: min(parameter_share["dense_128"], conv_work) / 100,
        at_least=0.9,
    ),
)
