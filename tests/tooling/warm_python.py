"""Python programs, started by a process that has loaded Keras already.

Loading Keras takes seconds, and a fork of a process that has loaded it takes milliseconds. What is forked has computed
nothing and has one thread, so that a program begins in the fork as in an interpreter of its own that has come past the
line `import keras`. A program that does not load Keras has no business here: it would not notice a missing import.
"""

import atexit
import functools
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


def run(command, *, cwd, timeout=300, at_once=False):
    """What `subprocess.run(command, cwd=cwd, capture_output=True, text=True)` gives, without the seconds.

    Elsewhere than on Linux it is just that: forking what has loaded Keras is safe on Linux alone.

    Args:
        command: this Python, and then a file or `-m` and a module, and their arguments.
        cwd: the folder to run it in.
        timeout: seconds after which it is ended.
        at_once: TensorFlow's functions are not compiled; what they hold runs as it stands.
    """
    if sys.platform != "linux":
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout)
    with tempfile.TemporaryDirectory() as place:
        files = {name: str(Path(place, name)) for name in ("stdout", "stderr")}
        order = {"arguments": command[1:], "cwd": str(cwd), "variables": dict(os.environ), "timeout": timeout}
        order |= {"at_once": at_once, **files}
        print(json.dumps(order), file=warm_process().stdin, flush=True)
        status = int(warm_process().stdout.readline())
        said = {name: Path(file).read_text(encoding="utf-8") for name, file in files.items()}
    if status == -signal.SIGALRM:
        raise subprocess.TimeoutExpired(command, timeout, said["stdout"], said["stderr"])
    return subprocess.CompletedProcess(command, status, **said)


@functools.cache
def warm_process():
    """The process that has loaded Keras. It ends where nobody can ask it any more."""
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # NumPy would start more as soon as it is loaded
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=one_thread
    )
    atexit.register(process.communicate)
    return process


def wait_for_orders():
    """Load Keras, then fork for each order. The child comes back with it; the parent says how the child ended."""
    import keras  # noqa: F401

    threads = len([*Path("/proc/self/task").iterdir()])
    assert threads == 1, f"A process of {threads} threads cannot be forked."
    gc.freeze()  # what is loaded stays: a child need not look through it
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            return json.loads(line)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    sys.exit()


def carry_out(order):
    """Be the process that was asked for, to its end."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["variables"])
    signal.alarm(order["timeout"])
    for number, file in enumerate((os.devnull, order["stdout"], order["stderr"])):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), number)
    if order["at_once"]:
        import tensorflow as tf

        tf.config.run_functions_eagerly(True)
    first, *others = order["arguments"]
    if first == "-m":
        sys.argv, sys.path[0] = others, order["cwd"]
        runpy.run_module(others[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = order["arguments"], str(Path(first).absolute().parent)
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    carry_out(wait_for_orders())
