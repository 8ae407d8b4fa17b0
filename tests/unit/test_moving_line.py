"""A line that moves for a reader, and stands once for everybody else."""

import io
import re

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import moving_line, training
from course_utils.moving_line import MovingLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@given(st.integers(1, 50))
def test_nobody_there_gets_the_last_state_once(steps):
    with pytest.MonkeyPatch.context() as patch:
        said = io.StringIO()
        patch.setattr("sys.stdout", said)
        with MovingLine(total=steps) as line:
            for step in range(steps):
                line.show(step + 1, f"step {step + 1}")
        assert said.getvalue() == f"step {steps}\n"


def test_a_terminal_gets_a_row_that_moves_and_says_what_is_left(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(moving_line.time, "monotonic", lambda: next(clock))
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with MovingLine(total=4) as line:
        for step in range(1, 5):
            line.show(step, f"step {step}")
    rows = screen.getvalue().split("\r\x1b[2K")[1:]
    assert len(rows) == 5 and rows[-1].startswith("step 4, ") and rows[-1].endswith(" s\n")
    left = [int(re.search(r"about (\d+) s left", row)[1]) for row in rows[:-1]]
    assert left == sorted(left, reverse=True) and left[-1] == 0
    assert [row.count("█") for row in rows[:-1]] == [5, 10, 15, 20]


def test_a_line_inside_another_is_silent_and_a_broken_one_says_so(capsys):
    with MovingLine(total=1) as outer:
        outer.show(1, "outer")
        with MovingLine(total=1) as inner:
            inner.show(1, "inner")
    assert capsys.readouterr().out == "outer\n"
    with pytest.raises(KeyboardInterrupt), MovingLine(total=2) as line:
        line.show(1, "half")
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "half, stopped\n"
    with MovingLine(total=1) as line:
        line.show(1, "again")
    assert capsys.readouterr().out == "again\n"


@pytest.mark.parametrize("networks", [1, 2])
def test_plain_fit_shows_epoch_and_accuracy(capsys, networks):
    x, y = np.ones((20, 3), dtype="float32"), np.arange(20) % 2
    seen = training.Progress(networks=networks)
    for _ in range(networks):
        model = keras.Sequential([keras.layers.Dense(2, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, y, epochs=3, validation_data=(x, y), verbose=0, callbacks=[seen])
    [line] = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"(network 2 of 2, )?epoch 3 of 3, accuracy 0\.\d+, on validation images 0\.5\d*  [▁▂▃▄▅▆▇█]{3}", line
    )
    assert line.startswith("network") == (networks == 2)


def test_the_curve_grows_by_one_step_an_epoch(capsys):
    seen = training.Progress()
    seen.set_params({"epochs": 4, "steps": 1})
    seen.on_train_begin()
    for epoch, accuracy in enumerate((0.0, 0.5, 0.8, 1.0)):
        seen.on_epoch_begin(epoch)
        seen.on_epoch_end(epoch, {"accuracy": accuracy})
    seen.on_train_end()
    assert capsys.readouterr().out.endswith("accuracy 1.000  ▁▅▇█\n")
