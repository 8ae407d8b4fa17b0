"""What the stages of tests/run.py that bring packages of their own find in their environment."""

import functools

from course_utils import paths

# As `course lab` starts its server: without the variables with which a user, or a stage, tells Jupyter where to look.
LOOK = """
import os, pathlib, subprocess, sys
from course_utils.tooling import lab

found = '''
import sys
from jupyter_client.kernelspec import get_kernel_spec
from jupyter_core.paths import jupyter_path
from jupyterlab_server.config import get_federated_extensions

assert "@jupyter-widgets/jupyterlab-manager" in get_federated_extensions(jupyter_path("labextensions"))
assert get_kernel_spec("python3").argv[0] == sys.executable
'''
variables = lab.environment(os.environ, pathlib.Path(sys.argv[1]))
sys.exit(subprocess.run([sys.executable, "-c", found], env=variables).returncode)
"""


def test_the_laboratory_of_a_stage_has_its_buttons_and_its_own_kernel(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(paths.project_root() / "tests"))
    import stages

    monkeypatch.setattr(stages, "BUILD", tmp_path)
    # pip is borrowed like the rest; to make one for the environment takes ten times as long as the test.
    monkeypatch.setattr(stages.venv, "create", functools.partial(stages.venv.create, with_pip=False))
    outcome = stages.with_extras("trial", ("pip",), ("-c", LOOK, str(tmp_path / "mine")))
    assert outcome.status == "passed", outcome.note
