"""Panels as text and as HTML, whether somebody can answer, and a line that moves for a reader and stands for others."""

import io

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import display
from course_utils.progress_line import progress_line


def test_a_table_has_columns_of_equal_width_as_text_and_cells_as_html():
    table = display.Table(("claim", "asked"), (("It is `fast`.", "at most 2 s"), ("<b>", "1")))
    panel = display.Panel("✓", "Holds", "", [table])
    assert panel.text().splitlines()[1:] == ["claim          asked", "It is `fast`.  at most 2 s", "<b>            1"]
    page = panel.html()
    assert page.count("<td") == 4 and page.count('scope="col"') == 2
    assert "<code>fast</code>" in page and "&lt;b&gt;" in page


def test_numbers_for_reading():
    written = ["295,040", "0.6881", "0.5", "1,235", "0", "-2.5", "3e-07"]
    assert list(map(display.number, (295_040.0, 0.68812, 0.5, 1234.56, 0, -2.5, 3e-7))) == written


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Runs code in a kernel whose requests say whether somebody can answer; gives what the cell printed."""
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)

    def asked(code, *, allowed):
        cell = nbformat.v4.new_code_cell(f"from course_utils import display\n{code}")
        book = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "x"}})
        client = NotebookClient(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
        with client.setup_kernel():
            client.kc.allow_stdin = allowed  # as JupyterLab does, or as nbval, nbclient and papermill do
            client.execute_cell(cell, 0)
        return cell.outputs[0].text.split()

    return asked


BOTH = "print(display.somebody_can_answer(), display.is_headless())"


@pytest.mark.parametrize(("allowed", "said"), [(True, ["True", "False"]), (False, ["False", "True"])])
def test_the_kernel_s_request_says_whether_somebody_can_answer(asked, allowed, said):
    assert asked(BOTH, allowed=allowed) == said


@pytest.mark.parametrize("setting", ["1", "0"])
def test_the_variable_outweighs_what_the_request_says_about_a_reader(asked, monkeypatch, setting):
    monkeypatch.setenv("COURSE_HEADLESS", setting)
    assert asked(BOTH, allowed=setting == "1")[1] == str(setting == "1")


@pytest.mark.parametrize("kind", ["comm_msg", "comm_open"])
def test_what_a_reader_presses_is_no_run_without_a_reader(asked, kind):
    """A button sends a message of its own, which says nothing about asking back."""
    message = {"header": {"msg_type": kind}, "content": {}}
    code = f"get_ipython().kernel.get_parent = lambda channel=None: {message}"
    assert asked(f"{code}\n{BOTH}", allowed=True)[1] == "False"


def test_a_plain_process_has_nobody_to_ask_and_is_not_headless_by_itself(monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    assert display.somebody_can_answer() is False and display.is_headless() is False


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nobody_there_gets_the_last_state_once_and_whether_it_was_broken_off(capsys):
    with progress_line() as say:
        for step in range(20):
            say((step + 1) / 20, f"step {step + 1}")
    assert capsys.readouterr().out == "step 20\n"
    with pytest.raises(KeyboardInterrupt), progress_line() as say:
        say(0.5, "half")
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "half, stopped\n"
    with pytest.raises(MemoryError), progress_line():  # before there was anything to say
        raise MemoryError
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_a_row_that_moves(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with progress_line() as say:
        for step in range(1, 5):
            say(step / 4, f"step {step}")
    rows = screen.getvalue().rstrip("\n").split("\r")
    assert len(rows) > 2 and rows[-1].endswith(" step 4 (00:00 left)")
