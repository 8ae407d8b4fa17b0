"""`startup.messages_aside`: silent while all goes well, and everything is shown where it does not."""

import os
import sys

import pytest

from course_utils import startup


def test_nothing_is_left_of_what_was_written(capfd):
    with startup.messages_aside():
        os.write(2, b"from a library\n")
        print("from Python", file=sys.stderr)
    print("after", file=sys.stderr)
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "after\n")


def test_all_of_it_is_printed_when_the_block_fails(capfd):
    with pytest.raises(ZeroDivisionError), startup.messages_aside():
        os.write(2, b"from a library\n")
        print("from Python", file=sys.stderr)
        raise ZeroDivisionError
    shown = capfd.readouterr()
    assert "from a library" in shown.out
    assert "from Python" in shown.out
