"""`startup.messages_aside`: silent while all goes well, and everything is shown where it does not."""

import gc
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
    os.write(2, b"afterwards\n")
    shown = capfd.readouterr()
    assert "from a library" in shown.out and "from Python" in shown.out and shown.err == "afterwards\n"


def test_no_descriptor_is_left_open_however_the_block_ends():
    def highest():
        """Of twenty new ones: it grows with each that is kept."""
        descriptors = [os.open(os.devnull, os.O_RDONLY) for _ in range(20)]
        for descriptor in descriptors:
            os.close(descriptor)
        return max(descriptors)

    before = highest()
    for _ in range(3):
        with startup.messages_aside():
            pass
        with pytest.raises(KeyboardInterrupt), startup.messages_aside():
            raise KeyboardInterrupt
    assert highest() == before


def test_rubbish_is_collected_again_where_loading_fails():
    with pytest.raises(ImportError), startup._nothing_to_collect():
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()
