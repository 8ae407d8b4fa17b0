"""The server behind `course lab`, in a process of its own: `python -P -m course_utils.tooling.lab_server OPTIONS`

It reads no configuration file, neither the user's nor the machine's: they hold Python code and can undo every option
of a command line. It ends, with its kernels, when its standard input closes.
"""

import os
import shutil
import threading

__all__ = ["main"]


def main() -> None:
    """Serve until standard input closes, a signal comes, or the page's own menu shuts the server down."""
    os.environ["JUPYTER_NO_CONFIG"] = "1"  # Jupyter's own switch: its configuration is an empty folder, made here
    from jupyter_core.paths import jupyter_config_dir
    from jupyterlab.labapp import LabApp

    empty = jupyter_config_dir()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        LabApp.launch_instance()
    finally:
        shutil.rmtree(empty, ignore_errors=True)


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
