"""The user's own settings, each tried in a process of its own: they have no effect, or one line names them."""

import json
import os
import subprocess
import sys

import pytest

from course_utils import settings

# What a lesson relies on, in one process: Keras as the course needs it, a training step, and a figure.
LESSON = """
from course_utils import plots, startup
startup.load_keras()
import keras, numpy as np
print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format(), keras.config.epsilon())
layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten(), keras.layers.Dense(2)]
model = keras.Sequential([keras.Input((4, 4, 1)), *layers])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = model.fit(np.zeros((8, 4, 4, 1)), np.zeros(8), epochs=3, verbose=0)
print(len(history.epoch), model.outputs[0].dtype)
figure, axis = plots.canvas()
axis.set_title("$x^2$ 100 %")
axis.plot([1, 2])
axis.annotate("a", (0, 1))
print(len(plots.picture(figure, alt="a line").file()[0]) > 1000)
"""
FIGURE = """
import hashlib, sys
from course_utils import plots
figure, axis = plots.canvas()
axis.set_title("$x^2$ 100 %")
axis.plot([1, 2])
axis.annotate("a", (0, 1))
sys.stdout.write(hashlib.sha256(plots.picture(figure, alt="a line").file()[0]).hexdigest())
"""
EXPECTED = ["tensorflow float32 channels_last 1e-07", "3 float32", "True"]
VARIABLES = {
    "KERAS_BACKEND": "torch",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "XLA_FLAGS": "--nonsense=1",
    "TF_XLA_FLAGS": "--nonsense=1",
    "TF_USE_LEGACY_KERAS": "1",
    "TF_NUM_INTRAOP_THREADS": "all",
    "OMP_NUM_THREADS": "all",
    "MPLBACKEND": "TkAgg",  # a window for figures
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}
KERAS_FILES = {
    "another backend and precision": {"backend": "torch", "floatx": "float16", "image_data_format": "channels_first"},
    "values that are none": {"floatx": "float12", "epsilon": "small", "image_data_format": "sideways"},
}
MATPLOTLIB_FILES = {
    "LaTeX": "text.usetex: True",
    "a font that is not there": "font.family: No Such Font\nfont.size: 40",
    "a backend that is not there": "backend: TkAgg",
    "a figure of another size": "figure.dpi: 600\nsavefig.transparent: True\nsavefig.format: pdf",
}


def lesson(folder, code=LESSON, **variables):
    """What a process prints that runs a lesson's code in a folder, with a home of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "COURSE_STATE": str(folder / "state"), **variables}
    # As a notebook has it: the current folder comes before what is installed.
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("content", KERAS_FILES.values(), ids=KERAS_FILES)
def test_no_keras_file_changes_a_lesson(tmp_path, content):
    for folder in (tmp_path / "home" / ".keras", tmp_path / "keras home"):
        folder.mkdir(parents=True)
        (folder / "keras.json").write_text(json.dumps(content))
    done = lesson(tmp_path, KERAS_HOME=str(tmp_path / "keras home"))
    assert done.stdout.splitlines() == EXPECTED, done.stderr[-2000:]


@pytest.fixture(scope="module")
def plain_figure(tmp_path_factory):
    """The figure of somebody who has no settings."""
    return lesson(tmp_path_factory.mktemp("plain"), FIGURE).stdout


@pytest.mark.parametrize("content", MATPLOTLIB_FILES.values(), ids=MATPLOTLIB_FILES)
def test_no_matplotlib_file_changes_a_figure(tmp_path, content, plain_figure):
    places = [tmp_path, tmp_path / "config", tmp_path / "home" / ".config" / "matplotlib"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / "matplotlibrc").write_text(content)
    done = lesson(tmp_path, FIGURE, MPLCONFIGDIR=str(tmp_path / "config"))
    assert len(done.stdout) == 64 and done.stdout == plain_figure, done.stderr[-2000:]
    assert "findfont" not in done.stderr


def test_no_variable_changes_a_lesson(tmp_path):
    done = lesson(tmp_path, **VARIABLES)
    assert done.stdout.splitlines() == EXPECTED, done.stderr[-2000:]


@pytest.mark.parametrize(("name", "content"), [("keras", "mine = 1"), ("tensorflow", "1 / 0")])
def test_a_file_that_hides_a_module_is_named_in_one_line_and_renaming_it_helps(tmp_path, name, content):
    code = "from course_utils import startup\nprint(startup.load_keras())"
    file = tmp_path / f"{name}.py"
    file.write_text(content)
    done = lesson(tmp_path, code)
    last = done.stderr.strip().splitlines()[-1]
    assert (
        last == f"ImportError: {name}.py in {tmp_path} hides a module of that name. Rename it, then restart the kernel."
    )
    file.rename(tmp_path / f"my_{name}.py")
    assert settings.hidden_modules(tmp_path) == []


def test_a_keras_that_was_loaded_before_with_another_backend_is_named(tmp_path):
    code = (
        "import sys, types\nfake = types.ModuleType('keras')\n"
        "fake.config = types.SimpleNamespace(backend=lambda: 'numpy')\nsys.modules['keras'] = fake\n"
        "from course_utils import startup\nstartup.load_keras()"
    )
    last = lesson(tmp_path, code).stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: Keras was loaded with numpy; the course needs TensorFlow. Restart the kernel")


def test_the_processor_may_be_seen_as_two_devices_and_the_cell_may_be_run_twice(tmp_path):
    code = (
        "from course_utils import startup\nstartup.load_keras(devices=2)\nstartup.load_keras(devices=2)\n"
        "import tensorflow as tf\nprint(len(tf.config.list_logical_devices()))\n"
        "print(tf.config.threading.get_intra_op_parallelism_threads())"
    )
    done = lesson(tmp_path, code)
    assert (done.stdout, done.stderr) == ("2\n1\n", "")


def test_it_is_too_late_for_two_devices_when_tensorflow_has_started(tmp_path):
    code = "from course_utils import startup\nstartup.load_keras()\nstartup.load_keras(devices=2)"
    last = lesson(tmp_path, code).stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: Expected to start TensorFlow with 2 devices") and "Restart" in last


def test_tensorflow_advises_nobody_in_a_lesson(tmp_path):
    """Its hints on speed name functions by their place in memory, which no two runs share."""
    code = (
        "from course_utils import startup\nstartup.load_keras()\nimport tensorflow as tf\n"
        "f = tf.function(lambda n: tf.constant(n))\nprint([int(f(n)) for n in range(9)][-1])"
    )
    done = lesson(tmp_path, code)
    assert (done.stdout, done.stderr) == ("8\n", "")


def test_what_a_run_and_the_owner_of_a_machine_say_is_kept():
    variables = {"TF_NUM_INTRAOP_THREADS": "2", "OMP_NUM_THREADS": "2", "TF_GPU_ALLOCATOR": "x", "PATH": "/bin"}
    given = dict(variables)
    settings.keep_out(variables)
    assert given.items() <= variables.items()
    assert settings.foreign_variables(variables) == []


def test_only_names_that_hide_something_are_found(tmp_path):
    for name in ("random.py", "numpy.py", "my_model.py", "notes.txt", "2_keras.py", "course_utils.py"):
        (tmp_path / name).touch()
    (tmp_path / "keras").mkdir()  # a plain folder does not hide an installed package
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").touch()
    assert settings.hidden_modules(tmp_path) == ["PIL", "course_utils.py", "numpy.py", "random.py"]
    assert settings.hidden_modules(tmp_path / "not there") == []
