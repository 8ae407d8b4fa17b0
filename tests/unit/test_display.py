"""Panels: what a table is in plain text and in HTML, and whether somebody can answer."""

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import display


def test_a_table_has_columns_of_equal_width_as_text_and_cells_as_html():
    table = display.Table(("claim", "asked"), (("It is `fast`.", "at most 2 s"), ("<b>", "1")))
    panel = display.Panel("✓", "Holds", "", [table])
    assert panel.text().splitlines()[1:] == ["claim          asked", "It is `fast`.  at most 2 s", "<b>            1"]
    page = panel.html()
    assert page.count("<td") == 4 and page.count('scope="col"') == 2
    assert "<code>fast</code>" in page and "&lt;b&gt;" in page


@pytest.mark.parametrize("allowed", [True, False])
def test_the_kernel_s_request_says_whether_somebody_can_answer(tmp_path, allowed):
    cell = nbformat.v4.new_code_cell("from course_utils import display\nprint(display.somebody_can_answer())")
    book = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "x"}})
    client = NotebookClient(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel():
        client.kc.allow_stdin = allowed  # as JupyterLab does, or as nbval, nbclient and papermill do
        client.execute_cell(cell, 0)
    assert cell.outputs[0].text.strip() == str(allowed)


def test_a_plain_process_has_nobody_to_ask():
    assert display.somebody_can_answer() is False
