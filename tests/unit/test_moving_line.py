"""A line that moves for a reader, and stands once for everybody else."""

import io

import pytest

from course_utils.moving_line import MovingLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nobody_there_gets_the_last_state_once(capsys):
    with MovingLine(total=20) as line:
        for step in range(20):
            line.show(step + 1, f"step {step + 1}")
    assert capsys.readouterr().out == "step 20\n"


def test_a_terminal_gets_a_row_that_moves(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with MovingLine(total=4) as line:
        for step in range(1, 5):
            line.show(step, f"step {step}")
    rows = screen.getvalue().rstrip("\n").split("\r")
    assert len(rows) > 2 and rows[-1].endswith(" step 4 (00:00 left)")


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
