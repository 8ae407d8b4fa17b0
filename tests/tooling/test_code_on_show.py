"""Which code is shown: ten lines that say something on a slide, and on the site not what only draws."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.tooling.code_on_show import LINES, excerpt, only_draws

NETWORK = """import keras

keras.utils.set_random_seed(0)
net = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Flatten(),  # in a row
        layers.Dense(10, activation="softmax"),
    ]
)
net.compile("adam")
"""


@pytest.mark.parametrize(
    "source",
    [
        "plots.bars(scores, label='accuracy')",
        "titles = [f'{name}: {100 * p:.0f} %' for name, p in best]\nplots.image_grid(pictures, titles)",
        "figure, axes = plots.canvas(1, 2)\nfor axis in axes:\n    axis.plot(x)\nplots.picture(figure)",
        "fig, ax = plt.subplots()\nax.imshow(cat)\nplt.show()",
        "each = plots.bars(scores)\ndisplay(each)",
        "plots.bars({'mean': np.mean(x), 'twice': 2 * y})",
    ],
)
def test_code_that_only_draws(source):
    assert only_draws(source)


@pytest.mark.parametrize(
    "source",
    [
        "model.fit(x, y)",
        "answers = model.predict(x)\nplots.bars(answers)",
        "edges = picture[:, 1:] - picture[:, :-1]\nplots.image_grid([edges])",
        "print(x)",
        "plots.bars(",
        "",
        "import numpy as np",
        "(window * kernel).sum()\nplots.bars(x)",
    ],
)
def test_code_that_does_something_else(source):
    assert not only_draws(source)


def test_imports_seeds_and_drawing_are_left_out():
    shown = excerpt(NETWORK + "plots.bars(net)\n")
    assert shown == NETWORK[NETWORK.index("net =") :].strip()


def test_what_draws_on_axes_is_left_out_too():
    drawing = "figure, axes = plots.canvas(1, 2)\nfor axis, row in zip(axes, wide):\n    axis.plot(row)\naxis.grid()"
    assert excerpt(f"wide = 2 * x\n{drawing}") == "wide = 2 * x"
    assert excerpt("def draw(x):\n    plots.bars(x)") == "def draw(x):\n    plots.bars(x)"


def test_of_longer_code_the_longest_run_of_whole_statements_is_shown():
    source = (
        "first = f(0)\n" + "\n".join(["many = [", *(f"    {k}," for k in range(12)), "]"]) + "\na = f(1)\nb = f(2)\n"
    )
    assert excerpt(source) == "a = f(1)\nb = f(2)"
    assert excerpt("\n".join(["many = [", *(f"    {k}," for k in range(12)), "]"])) == ""


STATEMENTS = [
    "a = f(1)",
    "import os",
    "plots.bars(a)",
    NETWORK,
    "# why\nb = [\n    1,\n    2,\n]",
    "for k in a:\n    g(k)",
]


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(STATEMENTS), max_size=9))
def test_it_is_always_python_of_at_most_ten_lines(statements):
    shown = excerpt("\n\n".join(statements))
    ast.parse(shown)
    assert sum(any(sign.isalnum() for sign in line) for line in shown.splitlines()) <= LINES
    assert "import" not in shown
    assert "plots." not in shown
