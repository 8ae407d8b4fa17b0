"""The server behind `course lab`, in a process of its own: `python -P -m course_utils.tooling.lab_server OPTIONS`

It reads no configuration file, neither the user's nor the machine's: they hold Python code and can undo every option
of a command line. It ends, with its kernels, when its standard input closes.
"""

import os
import shutil
import threading
from pathlib import Path

__all__ = ["main"]

# Tornado's own limit, 10 MB, is less than one photograph of a telephone, and ends the connection without a word. It is
# set here since a command line would make a text of the number.
TORNADO = {"websocket_max_message_size": 100 * 1024 * 1024}
SETTINGS = Path(__file__).with_name("lab_settings")


def main() -> None:
    """Serve until standard input closes, a signal comes, or the page's own menu shuts the server down."""
    os.environ["JUPYTER_NO_CONFIG"] = "1"  # Jupyter's own switch: its configuration is an empty folder, made here
    from jupyter_core.paths import jupyter_config_dir
    from jupyterlab.labapp import LabApp

    own = jupyter_config_dir()
    shutil.copytree(SETTINGS / "custom", Path(own) / "custom")  # the page's style sheet is looked for there
    LabApp.serverapp_config = {**LabApp.serverapp_config, "tornado_settings": TORNADO}
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        LabApp.launch_instance()
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _end_with_stdin() -> None:
    from jupyter_server.serverapp import ServerApp

    while os.read(0, 1024):  # not sys.stdin: the interpreter could not close it while this thread reads
        pass
    if ServerApp.initialized() and hasattr(ServerApp.instance(), "http_server"):
        ServerApp.instance().stop(from_signal=True)
    else:
        os._exit(1)  # it does not serve yet: there is no kernel


if __name__ == "__main__":
    main()
