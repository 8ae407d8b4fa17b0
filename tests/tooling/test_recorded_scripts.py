"""Long experiments: each is tried with tiny settings; a failure costs one record; the command writes them all."""

import ast
import base64
import importlib
import importlib.util
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import warm_python
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import course_lessons
from course_utils import lessons, paths, recorded
from course_utils.errors import CourseError
from course_utils.tooling import catalogue, recording
from course_utils.tooling.cli import course

EXAMPLE = """
import numpy as np

TINY = {"images": 4, "seeds": 1}


def main(images: int = 50, seeds: int = 3):
    found = [float(np.random.default_rng(seed).random(images).mean()) for seed in range(seeds)]
    picture = np.arange(images, dtype=np.uint8).reshape(2, -1)
    return {
        "figures": {"mean": found, "images": images},
        "data": "chance",
        "seeds": range(seeds),
        "pictures": {"ramp": picture},
        "weights": {"kernel": np.ones((2, 2)) / 3},
    }
"""
COURSE = [*recording.scripts(catalogue.lessons())]
# Their training steps consist of layers, losses and optimisers that Keras or the package has (whose own tests compile
# them), and a trial takes a few of each, which are not worth compiling: done at once, a script runs the same lines.
AT_ONCE = {
    *("01_features", "04_programs", "05_augmentation", "05_effects", "05_remedies", "06_digits", "06_few"),
    *("06_freezing", "13_moved", "13_pictures", "15_ladder", "18_scratch", "20_scaling"),
}


@pytest.fixture
def example(tmp_path, monkeypatch):
    """A course of one lesson with two experiments, of which the first fails, in a package of its own."""
    lesson = tmp_path / "source" / "lesson_99_example"
    lesson.mkdir(parents=True)
    (lesson / "__init__.py").touch()
    (lesson / "lesson.py").write_text("# %% [markdown]\n# # Example\n", encoding="utf-8")
    (lesson / "recorded_broken.py").write_text("TINY = {}\n\n\ndef main():\n    raise KeyError(1)\n", encoding="utf-8")
    (lesson / "recorded_means.py").write_text(EXAMPLE, encoding="utf-8")
    package = tmp_path / "path" / "course_lessons"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"__path__ = [{str(lesson.parent)!r}]\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.setattr(paths, "notebooks_folder", lambda: tmp_path)
    monkeypatch.setattr(paths, "build_folder", lambda: tmp_path / "build")
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path / "results")
    monkeypatch.setattr(lessons, "folders", lambda: {"99": lesson})
    monkeypatch.setattr(course_lessons, "__path__", [str(lesson.parent)])
    yield lesson
    for module in [name for name in sys.modules if name.startswith("course_lessons.lesson_99")]:
        del sys.modules[module]


def without_loading_keras(command, cwd):
    """The same command, started by a process that has loaded Keras already; what it says stands beside a failure."""
    ended = warm_python.run(command, cwd=cwd, at_once=not AT_ONCE.isdisjoint(command))
    print(ended.stdout, ended.stderr, sep="\n")
    return ended


@pytest.mark.parametrize("script", ["example", *COURSE], ids=lambda script: getattr(script, "stem", script))
def test_every_script_runs_with_its_tiny_settings(script, example, tmp_path, monkeypatch):
    if script == "example":
        script = example / "recorded_means.py"
        assert {recording.name_of(one) for one in COURSE} >= AT_ONCE
    else:
        monkeypatch.delenv("PYTHONPATH")
        monkeypatch.setattr(recording, "subprocess", SimpleNamespace(run=without_loading_keras))
    assert_ordinary_settings(script)
    file = recording.run_script(script, tmp_path / "tried", tiny=True)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["name"] == file.stem == recording.name_of(script)
    assert content["figures"] and content["data"]


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is an extra")
def test_two_processes_of_jax_have_the_losses_of_one():
    script = importlib.import_module("course_lessons.lesson_17_many_machines.recorded_processes")
    for losses in script.main(steps=5)["figures"]["losses"].values():
        one, two = losses.values()
        assert len(set(one)) == 5
        np.testing.assert_allclose(two, one, rtol=0, atol=1e-3)


def assert_ordinary_settings(script):
    """`main` takes plain values by name, each with a default, and TINY sets some of them."""
    body = ast.parse(script.read_text(encoding="utf-8")).body
    [main] = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    names = {argument.arg for argument in (*main.args.args, *main.args.kwonlyargs)}
    defaults = [*main.args.defaults, *main.args.kw_defaults]
    assert len(defaults) == len(names) and all(isinstance(default, ast.Constant) for default in defaults)
    [tiny] = [node.value for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TINY"]
    assert set(ast.literal_eval(tiny)) <= names


@pytest.mark.parametrize("head", ["def main(images):", "def main(images=[1]):", "def main(pictures: int = 3):"])
def test_a_script_with_other_settings_is_noticed(example, head):
    script = example / "recorded_means.py"
    script.write_text(EXAMPLE.replace("def main(images: int = 50, seeds: int = 3):", head), encoding="utf-8")
    with pytest.raises(AssertionError):
        assert_ordinary_settings(script)


def test_the_command_records_each_with_its_defaults_and_a_failure_costs_one(example, tmp_path, capfd):
    result = CliRunner().invoke(course, ["record", "99"])
    assert result.exit_code == 1
    assert "99_means.json" in result.output
    assert "recorded_broken.py ended with status 1" in result.output
    assert "1 of 2 experiment(s) failed" in result.output
    assert "KeyError: 1" in capfd.readouterr().err
    assert [file.name for file in (tmp_path / "results").iterdir()] == ["99_means.json"]
    record = recorded.load("99_means")
    assert record.figures["images"] == 50 and record.seeds == (0, 1, 2)


CLAIMS = """
from course_utils.claims import Claim

CLAIMS = (
    Claim("99.c1", "It is large.", lambda figures: figures["{figure}"], at_least={bound}, record="99_means"),
    Claim("99.c2", "It is quick.", lambda figures: figures["images"], at_most=1, record="99_means", about_time=True),
    Claim("99.c3", "It is of another record.", lambda figures: figures["none"], at_most=1, record="99_others"),
    Claim("99.c4", "It is of this run.", lambda accuracy: accuracy, at_most=1),
)
"""


@pytest.mark.parametrize(
    ("figure", "bound", "said"),
    [
        ("mean", "0.3", "99.c1 | ✓ yes | It is large. | at least 0.3"),
        ("mean", "0.9", "99.c1 | ✗ no | It is large. | at least 0.9"),
        ("median", "0.3", "99.c1 | ○ not measured | It is large. | at least 0.3 | KeyError: 'median'"),
    ],
)
def test_the_command_holds_the_claims_that_rest_on_a_record_against_it(example, figure, bound, said):
    (example / "recorded_broken.py").unlink()
    (example / "claims.py").write_text(CLAIMS.format(figure=figure, bound=bound), encoding="utf-8")
    result = CliRunner().invoke(course, ["record", "99"])
    assert said in result.output and "99.c2" in result.output
    assert "99.c3" not in result.output and "99.c4" not in result.output
    assert result.exit_code == (0 if "yes" in said else 1), result.output
    assert ("1 claim(s) do not hold" in result.output) is ("yes" not in said)
    assert recorded.load("99_means").figures["images"] == 50  # figures are what they are: the record stays


def test_what_a_failing_script_recorded_before_stays(example, tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "99_broken.json").write_text("old", encoding="utf-8")
    with pytest.raises(CourseError, match="Nothing was recorded"):
        recording.run_script(example / "recorded_broken.py", tmp_path / "results")
    assert (tmp_path / "results" / "99_broken.json").read_text(encoding="utf-8") == "old"


def test_a_lesson_shows_its_record_in_one_line(example, tmp_path, monkeypatch):
    recording.run_script(example / "recorded_means.py", tmp_path / "results", tiny=True)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda record: shown.append(record._repr_mimebundle_()))
    record = recorded.show("99_means")
    [bundle] = shown
    assert all(word in bundle["text/plain"] for word in ("chance", "seeds 0", "keras ", record.date))
    assert "\n" not in bundle["text/plain"] and bundle["text/plain"] in bundle["text/html"]
    np.testing.assert_array_equal(record.pictures["ramp"], [[0, 1], [2, 3]])
    assert record.weights["kernel"].dtype == np.float32 and record.weights["kernel"].shape == (2, 2)


@settings(max_examples=25, deadline=None)
@given(
    picture=hnp.arrays(
        np.uint8, st.one_of(st.tuples(*[st.integers(1, 9)] * 2), st.tuples(*[st.integers(1, 9)] * 2, st.just(3)))
    ),
    weights=hnp.arrays(np.float32, hnp.array_shapes(max_dims=4, max_side=4), elements=st.floats(-9, 9, width=32)),
)
def test_pictures_and_weights_come_back_as_they_went_in(tmp_path_factory, picture, weights):
    folder = tmp_path_factory.mktemp("results")
    recorded.save("x", 1, data="none", seeds=[0], pictures={"p": picture}, weights={"w": weights}, folder=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "results_folder", lambda: folder)
        record = recorded.load("x")
    np.testing.assert_array_equal(record.pictures["p"], picture)
    np.testing.assert_array_equal(record.weights["w"], weights)
    content = json.loads((folder / "x.json").read_text(encoding="utf-8"))
    assert base64.b64decode(content["pictures"]["p"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"pictures": {"p": np.zeros((4, 4))}}, "uint8 array.*float64"),
        ({"pictures": {"p": np.zeros(4, "uint8")}}, r"shape \(4,\)"),
        ({"weights": {"w": np.zeros(300_000)}}, "at most 1,000,000 bytes"),
    ],
)
def test_what_a_record_does_not_keep_is_refused_before_anything_is_written(tmp_path, kept, said):
    with pytest.raises(ValueError, match=said):
        recorded.save("x", 1, data="none", seeds=[0], folder=tmp_path / "results", **kept)
    assert not (tmp_path / "results").exists()
