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


LONG = "\n".join(["many = [", *(f"    {k}," for k in range(12)), "]"])
AXES = "figure, axes = plots.canvas(1, 2)\nfor axis, row in zip(axes, wide):\n    axis.plot(row)\naxis.grid()"


@pytest.mark.parametrize(
    ("source", "draws"),
    [
        ("plots.bars(scores, label='accuracy')", True),
        ("titles = [f'{name}: {100 * p:.0f} %' for name, p in best]\nplots.image_grid(pictures, titles)", True),
        ("figure, axes = plots.canvas(1, 2)\nfor axis in axes:\n    axis.plot(x)\nplots.picture(figure)", True),
        ("fig, ax = plt.subplots()\nax.imshow(cat)\nplt.show()", True),
        ("each = plots.bars(scores)\ndisplay(each)", True),
        ("plots.bars({'mean': np.mean(x), 'twice': 2 * y})", True),
        ("model.fit(x, y)", False),
        ("answers = model.predict(x)\nplots.bars(answers)", False),
        ("edges = picture[:, 1:] - picture[:, :-1]\nplots.image_grid([edges])", False),
        ("print(x)", False),
        ("plots.bars(", False),
        ("", False),
        ("import numpy as np", False),
        ("(window * kernel).sum()\nplots.bars(x)", False),
    ],
)
def test_what_only_draws_is_told_from_what_does_something(source, draws):
    assert only_draws(source) == draws


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (NETWORK + "plots.bars(net)\n", NETWORK[NETWORK.index("net =") :].strip()),  # no imports, seeds, drawing
        (f"wide = 2 * x\n{AXES}", "wide = 2 * x"),
        ("def draw(x):\n    plots.bars(x)", "def draw(x):\n    plots.bars(x)"),
        (f"first = f(0)\n{LONG}\na = f(1)\nb = f(2)\n", "a = f(1)\nb = f(2)"),  # the longest run that fits
        (LONG, ""),
    ],
)
def test_of_code_the_longest_run_of_whole_statements_is_shown_without_what_is_beside_the_point(source, shown):
    assert excerpt(source) == shown


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
