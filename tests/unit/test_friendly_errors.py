"""Which cells make a name, and that nothing is installed for anybody who did not ask."""

import subprocess
import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course_utils import friendly_errors

BINDINGS = ["{} = 1", "{}: int = 1", "a, ({}, b) = 1, (2, 3)", "import os as {}", "from os import path as {}"]
BINDINGS += ["for {} in []:\n    pass", "def {}():\n    pass", "class {}:\n    pass", "with open('x') as {}:\n    pass"]
BINDINGS += ["if ({} := 1):\n    pass", "import {}.path", "try:\n    {} = 1\nfinally:\n    pass"]
NOT_BINDINGS = ["print({})", "def f():\n    {} = 1", "[{} for {} in []]", "lambda {}: 1", "{}.x = 1", "{}[0] = 1"]
NAMES = st.from_regex(r"name_[a-z]{1,5}", fullmatch=True)


@given(NAMES, st.sampled_from(BINDINGS), st.lists(st.sampled_from(NOT_BINDINGS)))
def test_the_cell_that_makes_a_name_is_found(name, binding, others):
    cells = [code.replace("{}", name) for code in (*others, binding, "1 +")]
    assert [place for place, code in enumerate(cells) if name in friendly_errors.bound_names(code)] == [len(others)]


@pytest.mark.parametrize("code", ["model", "raise KeyboardInterrupt"])
def test_a_run_without_a_reader_keeps_its_traceback(code):
    install = "from course_utils import friendly_errors\nfriendly_errors.install(get_ipython())"
    cells = [nbformat.v4.new_code_cell(source) for source in (install, code)]
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3", timeout=60)
    with pytest.raises(CellExecutionError):
        client.execute()
    assert cells[1].outputs[0].output_type == "error"


def test_importing_the_package_installs_nothing():
    code = "import sys; hook = sys.excepthook; from course_utils import friendly_errors; assert sys.excepthook is hook"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
