"""Each rule on a notebook of a few lines that breaks it and on one that does not."""

from copy import deepcopy

import nbformat
import pytest
import small_notebooks
from click.testing import CliRunner
from nbformat import NotebookNode

from course_utils.tooling import catalogue, dependencies, guards, store
from course_utils.tooling.cli import course
from course_utils.tooling.guards import code_rules, lesson_rules, output_rules
from course_utils.tooling.notebook_files import to_notebook


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source="1", outputs=(), count=None, **metadata):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def notebook(*cells, **metadata):
    own = [NotebookNode({**deepcopy(cell), "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
    return nbformat.v4.new_notebook(cells=own, metadata=metadata)


def printed(words, name="stdout"):
    return code(outputs=[nbformat.v4.new_output("stream", name=name, text=words)])


def shown(**data):
    kinds = {
        "html": "text/html",
        "plain": "text/plain",
        "png": "image/png",
        "claim": "application/vnd.course.claims+json",
    }
    bundle = {kinds[key]: value for key, value in data.items()}
    return code(outputs=[nbformat.v4.new_output("display_data", data=bundle)])


def exercise(source):
    return code(source, tags=["exercise"])


def compared(source="1", **keywords):
    return code(source, tags=["nbval-check-output"], **keywords)


RESULT = nbformat.v4.new_output("execute_result", data={"text/plain": "1"}, execution_count=1)
OPENING = "# Title\n\n**After this notebook you can** train.\n\n**Before you start:** loops.\n\n**Time:** one minute."
CLOSING = [
    text("## So do this\n\n- Look first."),
    code('quizzes.ask("01.q1")'),
    code('claims.review("01")'),
    code("import keras", tags=["take-home"]),
    text("What stays open: why. Lesson 02."),
]
PICTURE = shown(html='<figure><img alt="a cat" src="x"></figure>')


CASES = [
    (lesson_rules.opening, [text(OPENING)], [text(OPENING.replace("**Time:**", ""))], "**Time:**"),
    (lesson_rules.opening, [text(OPENING)], [code(), text(OPENING)], "in the first cell"),
    (lesson_rules.closing, CLOSING, CLOSING[:3] + CLOSING[4:], "tagged take-home"),
    (lesson_rules.closing, CLOSING, [CLOSING[2], *CLOSING[:2], *CLOSING[3:]], "the order"),
    (lesson_rules.picture_early, [code(), code(), PICTURE], [code(), code(), code(), PICTURE], "no picture"),
    (
        lesson_rules.trains_or_draws,
        [code("model.fit(x, y)"), code("plots.lines(h)"), code("m.fit(x)\nplots.bars(y)", tags=["whole-program"])],
        [code("history = model.fit(x, y)\nplots.learning_curves(history.history)")],
        "trains and draws",
    ),
    (lesson_rules.no_format_skips, [code("x = 1  # skipped")], [code("x = [1,2]  # fmt: skip")], "# fmt: skip"),
    (lesson_rules.no_control_characters, [printed("a\n\tb")], [printed("1/9 \x08\x08")], "control characters"),
    (lesson_rules.no_control_characters, [shown(plain="a")], [shown(plain="\x1b[1mModel")], "control characters"),
    (lesson_rules.no_alt_strings, [code("plots.lines(x, caption='a')")], [code("plots.picture(f, alt='a')")], "alt="),
    # rule, a notebook that keeps it, a notebook that breaks it, what the finding says
    (output_rules.executed_in_order, [code(count=1), code(count=2)], [code(count=1), code(count=3)], "code cell 2"),
    (output_rules.executed_in_order, [text("a"), code(count=1)], [code(count=None)], "found None"),
    (output_rules.no_stderr, [printed("fine")], [printed("warning: old", name="stderr")], "warning: old"),
    (
        output_rules.no_absolute_paths,
        [printed("see https://example.org/a/b.html")],
        [printed("in /srv/me/x.npz")],
        "/srv/me",
    ),
    (
        output_rules.no_absolute_paths,
        [printed("train/validation/test, 1/2/3, and/or")],
        [printed("'/home/me/x'")],
        "/home",
    ),
    (output_rules.no_absolute_paths, [shown(html="<td><b>a</b></td></tr></table>")], [printed("C:\\Users\\me")], "C:"),
    (
        output_rules.no_absolute_paths,
        [shown(html='<img src="data:image/png;base64,AA//bb/cc/dd=" alt="a">', png="AA /bb/cc/dd")],
        [shown(html="<p>/tmp/course/x</p>")],
        "/tmp",
    ),
    (output_rules.no_absolute_paths, [shown(claim={"a": ["b"]})], [shown(claim={"a": ["/opt/data/x"]})], "/opt"),
    (output_rules.no_memory_addresses, [printed("the byte 0xff")], [printed("<A object at 0x7f3a2c1b>")], "0x7f3a2c1b"),
    (output_rules.size, [printed("short")], [printed("x" * 1_000_000)], "expected fewer than 1,000,000"),
    (
        output_rules.last_cell_compared,
        [code(), compared(outputs=[RESULT]), text("end")],
        [compared(outputs=[RESULT]), code()],
        "",
    ),
    (output_rules.last_cell_compared, [compared(outputs=[RESULT])], [compared()], "needs an output"),
    (
        output_rules.images_have_alt_text,
        [shown(html='<figure><img alt="a rising line" src="x"></figure>', png="AA")],
        [shown(png="AA", plain="<Figure>")],
        "without alt text",
    ),
    (
        output_rules.images_have_alt_text,
        [shown(html="<p>no picture</p>")],
        [shown(html='<img alt=" " src="x">')],
        "code cell 1",
    ),
    (output_rules.images_have_alt_text, [text("![a house](x.png)")], [text("![](x.png)")], "a text cell"),
    (code_rules.plain_python, [code("x = (7\n% 4)")], [code("x = 1\n!ls")], "code cell 1: is not plain Python"),
    (
        code_rules.no_warning_filters,
        [code("import warnings")],
        [code("import warnings\nwarnings.simplefilter('ignore')")],
        "",
    ),
    (
        code_rules.exercise_cells,
        [exercise('a = ...\nexercises.check("01.1", a)')],
        [exercise('exercises.check("01.1", a)\na = 1')],
        "ends with exercises.check",
    ),
    (code_rules.exercise_cells, [code("check(1)")], [code('exercises.check("01.1", 3)')], "no tag exercise"),
    (
        code_rules.independent_of_answers,
        [exercise('a = ...\nexercises.check("01.1", a)'), code("a = 1\na + 1"), code("a")],
        [exercise('a = ...\nexercises.check("01.1", a)'), code("b = a + 1")],
        "uses a, which an exercise sets",
    ),
    (
        code_rules.independent_of_answers,
        [exercise('def f(x):\n    ...\nexercises.check("01.1", f)'), code("def f(x):\n    return x\nf(1)")],
        [code("def f(x):\n    return x"), exercise('def f(x):\n    ...\nexercises.check("01.1", f)'), code("f(1)")],
        "code cell 3",
    ),
    (  # the solution of 02.4 is a function tanh_backward(gradient, z)
        code_rules.independent_of_answers,
        [code("z = 1"), exercise('way_back = ...\nexercises.check("02.4", way_back)'), code("z"), code("gradient")],
        [exercise('way_back = ...\nexercises.check("02.4", way_back)'), code("tanh_backward(1, 2)")],
        "uses tanh_backward, which an exercise sets",
    ),
    (
        code_rules.independent_of_answers,
        [exercise('a = ...\nexercises.check("01.1", a)'), code("[a for a in (1, 2)]\ndef f(a): return a")],
        [exercise('a = ...\nexercises.check("01.1", a)'), code("def f(b): return a + b")],
        "uses a, which an exercise sets",
    ),
    (lesson_rules.nothing_hidden, [code()], [code(tags=["hide-input"])], "hidden"),
    (lesson_rules.nothing_hidden, [code()], [code(jupyter={"source_hidden": True})], "hidden"),
]


@pytest.mark.parametrize(("rule", "good", "bad", "words"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_rule(rule, good, bad, words):
    assert list(rule(notebook(*good))) == []
    assert any(words in f"{place}: {message}" for place, message in rule(notebook(*bad)))


def test_outputs_belong_to_the_code_they_were_made_by():
    stored = notebook(text("a"), code("1 + 1"))
    stored.metadata["course"] = {"code": dependencies.code_fingerprint(stored)}
    assert list(output_rules.outputs_belong(stored)) == []
    stored.cells[0].source = "better prose"
    assert list(output_rules.outputs_belong(stored)) == []
    stored.cells[1].source = "1 + 2"
    assert "course store" in str(list(output_rules.outputs_belong(stored)))


def test_contents_of_notebook_and_source_are_compared():
    source = "# %% [markdown]\n# # Title\n\n# %% tags=['x']\n1 + 1\n"
    stored = to_notebook(source)
    assert guards.contents_equal(stored, source) == []
    assert guards.contents_equal(stored, source.replace("1 + 1", "1 + 2"))[0].place == "cell 2"
    assert guards.contents_equal(stored, source.replace("tags=['x']", ""))
    assert guards.contents_equal(stored, source + "\n# %%\n3\n")


def test_every_rule_is_tried():
    assert set(guards.RULES) == {case[0] for case in CASES} | {output_rules.outputs_belong}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    small_notebooks.write_lesson(tmp_path, "01_x", "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n")
    monkeypatch.setattr(catalogue.paths, "notebooks_folder", lambda: tmp_path)
    return tmp_path


def test_the_command_prints_each_finding_and_ends_with_1(folder):
    result = CliRunner().invoke(course, ["check"])
    assert result.exit_code == 1
    assert "01_x: contents_equal: there is no notebook; run: course store 01" in result.output


def test_the_command_ends_with_0_where_every_rule_is_kept(folder, monkeypatch):
    store.store(catalogue.lessons()[0])
    monkeypatch.setattr(guards, "RULES", (output_rules.executed_in_order, output_rules.outputs_belong))
    result = CliRunner().invoke(course, ["check", "01"])
    assert (result.exit_code, result.output) == (0, "1 notebook(s) keep every rule.\n")
