"""JupyterLab as the course opens it: to this machine and its token only, with nothing of the user's own settings.

`python -P -m course_utils.tooling.lab OPTIONS` is the server, in a process of its own. It reads no configuration file,
neither the user's nor the machine's: they hold Python code and can undo every option of a command line. It ends, with
its kernels, when its standard input closes.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from course_utils import paths
from course_utils.tooling.run_process import at_end_of_input, end_all, find_family, stop_signals

__all__ = ["environment", "lab_command", "open_lab", "serve"]

FIRST = "00_start_here.ipynb"
# In the working folder: what JupyterLab, the kernels and matplotlib keep, such as the theme and the history.
KEPT = ".lab"
# Variables with which a user changes Jupyter, IPython, Python, matplotlib, Keras and TensorFlow for other work.
FOREIGN = re.compile("JUPYTER|JLAB|IPYTHON|PYTHON|MPL|MATPLOTLIB|KERAS|TF_|XLA_|TRAITLETS|SERVERAPP", re.IGNORECASE)
# IPython looks for modules in the notebook's folder before it looks among the installed packages; here it does so last.
IN_EVERY_KERNEL = """\
# Written by `course lab`: a file beside a notebook may be called keras.py and hides nothing.
import sys

here = [path for path in sys.path if path == ""]
sys.path[:] = [path for path in sys.path if path != ""]
from course_utils import friendly_errors

sys.path += here
friendly_errors.install(get_ipython())
del friendly_errors, here, sys
"""
SETTINGS = Path(__file__).with_name("lab_settings")
# Tornado's own limit, 10 MB, is less than one photograph of a telephone, and ends the connection without a word. It is
# not an option of the command line, which would make a text of the number.
TORNADO = {"websocket_max_message_size": 100 * 1024 * 1024}
CLOSING_SECONDS = 20  # the server gives each busy kernel five before it kills it


def open_lab(*, browser: bool = True, port: int = 8888, folder: Path | None = None) -> int:
    """Open JupyterLab in the working folder, on the first notebook, and wait until it is closed.

    The server listens on this machine only and asks for a token, which the address that it prints contains. Ctrl-C,
    SIGTERM, a closed terminal, and the death of this process in any other way, end it and its kernels.

    Args:
        browser: open a browser window too.
        port: the first port to try.
        folder: the working folder; notebooks/mine by default.

    Returns:
        The server's exit status; 0 where a signal ended it.
    """
    folder = folder or paths.my_notebooks_folder()
    # A session of its own: signals come here only, and the server ends when its standard input closes. So there is one
    # way to end, which also works when this process is killed, and on Windows.
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    command = lab_command(folder, browser=browser, port=port)
    with (
        stop_signals() as stop,
        subprocess.Popen(
            command, cwd=folder, env=environment(os.environ, folder), stdin=subprocess.PIPE, **apart
        ) as server,
    ):
        while server.poll() is None:
            if stop.asked:
                _close(server)
                return 0
            time.sleep(0.2)
    return server.returncode


def lab_command(folder: Path, *, browser: bool, port: int) -> list[str]:
    """The command that starts the server.

    No token is set here: the server draws one, and prints only a token that it has drawn itself. The command line can
    be read by every user of the machine.
    """
    command = [
        # -P: Python's own modules are not looked for in the working folder, where a learner may have a random.py.
        *(sys.executable, "-P", "-m", "course_utils.tooling.lab"),
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_remote_access=False",
        f"--ServerApp.port={port}",
        "--ServerApp.jpserver_extensions=jupyter_server_terminals=True",  # found in a configuration file otherwise
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        # A lesson begins without a question about news; neither they nor updates nor extensions are asked for on the
        # network. The settings switch the parts of the page off, the options below the server's. They also wrap long
        # lines of code.
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.custom_css=True",  # of the same folder, see `serve`
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is often no other user; the server refuses without it
    return command


def environment(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables for the server and its kernels: the user's without those that change what a lesson does.

    No configuration file of Jupyter is read, wherever it lies, see `serve`; everything that is kept between two
    visits, such as the theme, lies in the working folder, which can be written where the learner's copies can.

    Args:
        variables: those of this process.
        folder: the working folder; the folders that the variables name are made in it, for its user only.
    """
    kept = folder / KEPT
    own = {
        "JUPYTER_DATA_DIR": kept / "data",
        "JUPYTER_RUNTIME_DIR": kept / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": kept / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": kept / "workspaces",
        "IPYTHONDIR": kept / "ipython",
        "MPLCONFIGDIR": kept / "matplotlib",
    }
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.chmod(0o700)  # the token lies below
    for place in own.values():
        place.mkdir(exist_ok=True)
    startup = own["IPYTHONDIR"] / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "course.py").write_text(IN_EVERY_KERNEL, encoding="utf-8")
    clean = {name: value for name, value in variables.items() if not FOREIGN.match(name)}
    # A relative name counts from where the command was typed, not from the working folder.
    ours = {"COURSE_DATA": paths.data_home(), "COURSE_STATE": paths.state_folder()}
    settings = {"PYTHONUTF8": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    return clean | {name: str(place) for name, place in (own | ours).items()} | settings


def _close(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it has started: by its own means first, and by force where that takes too long."""
    with contextlib.suppress(psutil.Error):
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        server.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(CLOSING_SECONDS)
        end_all(lambda: find_family(None, "", family))
    server.wait()


def serve() -> None:
    """Be the server until standard input closes, a signal comes, or the page's own menu shuts it down."""
    os.environ["JUPYTER_NO_CONFIG"] = "1"  # Jupyter's own switch: its configuration is an empty folder, made here
    from jupyter_core.paths import jupyter_config_dir
    from jupyterlab.labapp import LabApp

    own = jupyter_config_dir()
    shutil.copytree(SETTINGS / "custom", Path(own) / "custom")  # the page's style sheet is looked for there
    LabApp.serverapp_config = {**LabApp.serverapp_config, "tornado_settings": TORNADO}
    at_end_of_input(_end)
    try:
        LabApp.launch_instance()
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _end() -> None:
    from jupyter_server.serverapp import ServerApp

    if ServerApp.initialized() and hasattr(ServerApp.instance(), "http_server"):
        ServerApp.instance().stop(from_signal=True)
    else:
        os._exit(1)  # it does not serve yet: there is no kernel


if __name__ == "__main__":
    serve()
