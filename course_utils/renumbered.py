"""Seven lessons of the first edition have other numbers now; what learners have of them is carried over by this."""

import os
import re
import sys
from pathlib import PurePath

__all__ = ["NAMES", "id_today", "name_today", "refuse_first_edition_copy", "text_today"]

NAMES = {
    "06_sequence_models_and_attention": "13_attention",
    "07_frameworks": "14_frameworks",
    "08_speed_and_scale": "15_speed",
    "09_trustworthy_models": "10_trust",
    "10_trends": "20_words_and_scale",
    "11_your_own_images": "07_your_own_images",
    "12_faq": "21_faq",
}
NUMBERS = {old[:2]: new[:2] for old, new in NAMES.items()}
# Lessons in which another task has the id now; "" where the task is no longer asked.
TASKS = {
    "04.4": "04.5",  # recall of each class
    "04.5": "04.6",  # predict one picture
    "04.6": "04.4",  # read the learning curves
    "05.2": "05.3",  # mirror and rename
    "05.3": "05.6",  # the target of a cutmix picture
    "05.4": "05.7",  # mixup
    "05.5": "05.4",  # safe or not
    "05.6": "",  # class weights
    "05.q2": "",  # class weights
    "07.5": "",  # choose between three ways
    "08.1": "15.5",  # a learning rate that falls along a cosine
    "08.2": "",  # prune the smallest weights
    "08.3": "",  # numbers in one byte
    "08.4": "",  # gradients from two processes
    "08.5": "",  # a plan for a telephone
    "08.q2": "",  # nine of ten weights are zero
    "08.q3": "",  # five pictures of each of five new classes
    "10.1": "18.2",  # the largest entropy
    "10.2": "19.4",  # a Fréchet distance by hand
    "10.3": "19.5",  # twenty shoes
    "10.4": "18.4",  # the loss of two views
    "10.5": "20.4",  # the price of half the error
    "10.q1": "",  # names of groups
    "10.q2": "19.q3",  # what a Fréchet distance shows
    "10.q3": "",  # the exponent from two points
    "10.q4": "19.q4",  # the two losses of a GAN
    "12.2": "",  # softmax once
    "12.3": "",  # the scale of the pictures
    "12.4": "",  # a rate that works
    "12.5": "",  # the activation at the end
    "12.6": "21.3",  # shuffle together
    "12.7": "",  # who trains
    "12.8": "21.4",  # the training flag
    "12.9": "21.2",  # how low can it get
    "12.10": "21.5",  # six reports
}
# The calls in which a lesson names itself, its exercises, questions, claims or figures.
CALL = re.compile(r"""(\b(?:exercises|quizzes|progress|claims|recorded)\.\w+\(\s*["'])(\d\d)(?=[._"'])""")


def id_today(id: str) -> str:
    """An exercise's or a question's id of the first edition as it is now: "14.1" for "07.1"; "" if it has gone."""
    return TASKS.get(id, NUMBERS.get(id[:2], id[:2]) + id[2:])


def name_today(file: str) -> str:
    """What the lesson of a notebook of the first edition is called now; "" for any other file.

    Args:
        file: name or path; a dated copy, "07_frameworks.2026-01-31.ipynb", counts.
    """
    return NAMES.get(PurePath(file.replace("\\", "/")).name.split(".")[0], "")


def text_today(code: str) -> str:
    """Code of a first-edition notebook with the numbers of today in its calls, all replaced at once."""
    return CALL.sub(lambda call: call[1] + NUMBERS.get(call[2], call[2]), code)


def refuse_first_edition_copy() -> None:
    """Keep a working copy of the first edition from being judged as the lesson that has its number now.

    Jupyter's server and the editor VS Code tell a kernel which notebook it serves; where neither does, nothing happens.

    Raises:
        LookupError: this kernel serves such a copy; the message says what to do.
    """
    known = (os.environ.get("JPY_SESSION_NAME"), vars(sys.modules["__main__"]).get("__vsc_ipynb_file__"))
    for file in filter(None, known):
        if new := name_today(str(file)):
            raise LookupError(
                f"This copy is of the first edition; its lesson is {new} now, with other ids. "
                "Close it and run: course lab. That keeps your copy under its new number."
            )
