"""Loading TensorFlow and Keras, and converting models, without the lines that they write meanwhile."""

import gc
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

from course_utils import settings

__all__ = ["load_keras", "messages_aside"]


def load_keras(devices: int = 1) -> str:
    """Import TensorFlow and Keras, keeping what they write on loading out of the notebook.

    TensorFlow's libraries write several lines straight to file descriptor 2 when they are loaded and when the first
    operation runs, whatever the log level says. This function sends that descriptor aside while both happen, and
    prints what was caught if loading fails. Afterwards only real errors are written.

    The user's own settings for Keras and TensorFlow, in variables and in keras.json, do not count: a lesson's numbers
    are those of TensorFlow, float32, and channels last.

    Args:
        devices: as how many devices TensorFlow is to see the processor. With more than one, an operation runs on one
            thread, so that a device is about a core: a stand-in for as many graphics cards.

    Returns:
        One line with the versions and the devices found.

    Raises:
        ImportError: TensorFlow or Keras is missing, a file beside the notebook hides one of their modules, or Keras was
            loaded before with another backend; the caught lines are printed first.
        RuntimeError: TensorFlow has started already, with another number of devices.
    """
    settings.keep_out(os.environ)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # informational lines and warnings of the C++ side
    with _hiding_files_named(), _descriptor_2_aside(), _nothing_to_collect():
        import keras
        import tensorflow as tf

        if keras.config.backend() != "tensorflow":
            raise ImportError(
                f"Keras was loaded with {keras.config.backend()}; the course needs TensorFlow. "
                "Restart the kernel and call startup.load_keras() before Keras is imported."
            )
        # For a Keras that somebody has imported before, with a keras.json of their own.
        keras.config.set_floatx("float32")
        keras.config.set_epsilon(1e-7)
        keras.config.set_image_data_format("channels_last")
        tf.get_logger().setLevel("ERROR")  # no hints on speed, which name places in memory
        if devices > 1:
            _divide_processor(devices)
        # The first convolution and the first compiled function load further libraries, which write as well.
        tf.function(lambda x: keras.ops.conv(x, keras.ops.ones((1, 1, 1, 1))), autograph=False)(tf.ones((1, 2, 2, 1)))
        kinds = [device.device_type for device in tf.config.list_physical_devices()]
    return f"TensorFlow {tf.__version__}, Keras {keras.__version__}, devices: {', '.join(kinds)}"


def _divide_processor(devices: int) -> None:
    import tensorflow as tf

    [processor] = tf.config.list_physical_devices("CPU")
    if len(tf.config.get_logical_device_configuration(processor) or [processor]) == devices:
        return  # the cell was run before
    try:
        tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * devices)
        tf.config.threading.set_intra_op_parallelism_threads(1)
    except RuntimeError:
        raise RuntimeError(
            f"Expected to start TensorFlow with {devices} devices, but it has started already. "
            "Restart the kernel and run the cells from the top."
        ) from None


@contextmanager
def messages_aside() -> Iterator[None]:
    """Keep what a library writes while it works out of the notebook, and print it if the block fails.

    TensorFlow's converter and interpreter write to file descriptor 2, and to `sys.stderr` that their successor is a
    package of its own. Used around a call that is known to write, so that what others write is still seen.

    Example:
        >>> with messages_aside():  # doctest: +SKIP
        ...     content = converter.convert()
    """
    caught = io.StringIO()
    with _descriptor_2_aside(), redirect_stderr(caught):
        try:
            yield
        except BaseException:
            print(caught.getvalue())
            raise


@contextmanager
def _hiding_files_named() -> Iterator[None]:
    """Where loading fails and a file in the current folder has a module's name, say so instead of what came of it."""
    try:
        yield
    except Exception:
        hiding = settings.hidden_modules(Path.cwd())
        if not hiding:
            raise
        raise ImportError(
            f"{', '.join(hiding)} in {Path.cwd()} hides a module of that name. Rename it, then restart the kernel."
        ) from None


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Pause the garbage collector, and leave what the block made out of every later collection.

    TensorFlow and Keras are half a million objects that stay to the end; looking through them again and again costs a
    lesson a second or two.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


@contextmanager
def _descriptor_2_aside() -> Iterator[None]:
    """Send file descriptor 2 to a temporary file; print the file if the block fails."""
    with tempfile.TemporaryFile() as caught:
        original = os.dup(2)
        os.dup2(caught.fileno(), 2)
        try:
            yield
        except BaseException:
            caught.seek(0)
            print(caught.read().decode(errors="replace"), file=sys.stdout)
            raise
        finally:
            os.dup2(original, 2)
            os.close(original)
