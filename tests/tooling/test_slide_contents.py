"""What a lesson shows on its slides: titles, questions with their answers, code of ten lines, figures."""

import base64
import io
from copy import deepcopy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import quizzes
from course_utils.quizzes.questions import Option, Question
from course_utils.tooling.slide_contents import slides_of

new = nbformat.v4
FIGURE = new.new_output("display_data", {"text/html": '<figure><img alt="a line"/></figure>'})
OTHER = new.new_output("display_data", {"text/html": '<figure><img alt="bars"/></figure>'})
PRINTED = new.new_output("stream", name="stdout", text="0.91\n")
PANEL = new.new_output("display_data", {"text/html": "<div>Holds</div>"})
OPTIONS = (Option("a", "all", False, "No."), Option("b", "half", True, "Because."), Option("c", "none", False, "No."))


@pytest.fixture(autouse=True)
def one_prediction(monkeypatch):
    asked = {"05.p1": Question("05.p1", "single", "How many?", OPTIONS)}
    monkeypatch.setattr(quizzes, "get", asked.__getitem__)


def prose(text, slide=True):
    return new.new_markdown_cell(text, metadata={"tags": ["slide"] if slide else []})


def code(source, *outputs, slide=True):
    return new.new_code_cell(source, outputs=list(outputs), metadata={"tags": ["slide"] if slide else []})


def slides(*cells):
    return slides_of(new.new_notebook(cells=list(cells)))


def test_the_first_sentence_and_a_question_stand_above_the_figure_and_what_is_seen_below():
    (slide,) = slides(
        prose("# Chelsea\n\nThis is a cat. She is old. What does it see?\n\nMore."),
        code("names = look(cat)\nplots.bars(names)", FIGURE),
        prose("*What you see.* A cat comes first. Others follow.", slide=False),
    )
    assert (slide.title, slide.text) == ("Chelsea", "This is a cat. What does it see?")
    assert (slide.code, slide.outputs) == ("names = look(cat)", (FIGURE,))
    assert slide.takeaway == "A cat comes first."


def test_what_is_not_marked_is_not_shown_but_its_heading_gives_the_title():
    (slide,) = slides(
        prose("## Look\n\nRead this.", slide=False), code("load()", PRINTED, slide=False), code("draw()", FIGURE)
    )
    assert (slide.title, slide.text) == ("Look", "")


def test_each_figure_has_a_slide_and_what_was_printed_beside_it_none():
    shown = slides(prose("# T"), code("plots.two(x)", PRINTED, FIGURE, OTHER))
    assert [slide.outputs for slide in shown] == [(FIGURE,), (OTHER,)]
    (slide,) = slides(prose("# T"), code("fit()", PRINTED, PANEL))
    assert slide.outputs == (PRINTED, PANEL)


def test_long_code_comes_before_its_figure_on_a_slide_of_its_own():
    first, second = slides(prose("# T\n\nLead."), code("\n".join(f"a{k} = f({k})" for k in range(9)), FIGURE))
    assert (len(first.code.splitlines()), first.outputs, first.text) == (9, (), "Lead.")
    assert (second.code, second.outputs, second.text) == ("", (FIGURE,), "")


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize(("size", "shown"), [((900, 400), "x = f(1)"), ((500, 400), "")], ids=["wide", "tall"])
def test_a_tall_figure_has_the_slide_for_itself(size, shown, kind):
    file = io.BytesIO()
    Image.new("RGB", size).save(file, format=kind)
    source = f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"
    figure = new.new_output("display_data", {"text/html": f'<figure><img src="{source}" alt="a line"/></figure>'})
    (slide,) = slides(prose("# T"), code("x = f(1)\nplots.bars(x)", figure))
    assert (slide.code, slide.outputs) == (shown, (figure,))


def test_words_alone_become_points_and_a_list_stays():
    shown = slides(
        prose("## A\n\nOne. More of it.\n\nTwo. And more."),
        prose("## B\n\n- do this. Now.\n- do that\n\n> *No.* It is. Not. So."),
    )
    assert [line for line in shown[0].text.splitlines() if line] == ["- One.", "- Two."]
    assert "- do this. Now.\n- do that" in shown[1].text
    assert "> *No.* It is. Not." in shown[1].text
    assert "So." not in shown[1].text


@pytest.mark.parametrize(
    "experiment",
    [
        [code("draw()", FIGURE), code('quizzes.verdict("05.p1")', PANEL)],
        [code("draw()", FIGURE, slide=False), code("x = 1", PRINTED, slide=False), code('quizzes.verdict("05.p1")')],
        [code("x = f(1)", PRINTED, slide=False), code('quizzes.verdict("05.p1")', PANEL), code("draw()", FIGURE)],
        [code('y = g(2)\nquizzes.verdict("05.p1")', PANEL, slide=False), code("plots.bars(y)", FIGURE, slide=False)],
    ],
    ids=["figure, verdict", "nothing marked", "verdict, figure", "verdict beside code"],
)
def test_a_prediction_is_followed_by_its_verdict_with_the_figure(experiment):
    ask = code('quizzes.predict("05.p1", ...)', PANEL, slide=False)
    shown = slides(prose("## T\n\nLead. Why?"), ask, *experiment, prose("Later."))
    question = next(k for k, slide in enumerate(shown) if slide.kind == "question")
    assert "How many?\n\n- **a)** all\n- **b)** half\n- **c)** none" in shown[question].text
    answer = shown[question + 1]
    assert (answer.kind, answer.text, answer.outputs) == ("answer", "**It was b: half** Because.", (FIGURE,))
    assert sum(FIGURE in slide.outputs for slide in shown) == 1
    assert sum("Lead. Why?" in slide.text for slide in shown) == 1


def test_the_code_of_an_experiment_is_shown_before_the_vote():
    ask, told = code('quizzes.predict("05.p1")', slide=False), code('quizzes.verdict("05.p1")', slide=False)
    shown = slides(prose("## T\n\nLead."), ask, code("net = build()", PRINTED), told, code("plots.bars(net)", FIGURE))
    assert [(slide.kind, slide.code, slide.text[:5]) for slide in shown] == [
        ("", "net = build()", "Lead."),
        ("question", "", "How m"),
        ("answer", "", "**It "),
    ]


def test_a_question_that_nothing_answers_is_not_asked():
    assert slides(code('quizzes.predict("05.p1")', slide=False), prose("## Next")) == []


def test_an_unknown_prediction_is_an_error():
    with pytest.raises(KeyError):
        slides(code('quizzes.predict("05.p9")'))


KINDS = {
    "heading": lambda: prose("## H\n\nLead. What?"),
    "text": lambda: prose("Words. More."),
    "see": lambda: prose("*What you see.* This. That.", slide=False),
    "figure": lambda: code("plots.bars(x)", FIGURE),
    "code": lambda: code("x = f(1)", PRINTED),
    "predict": lambda: code('quizzes.predict("05.p1")'),
    "verdict": lambda: code('quizzes.verdict("05.p1")'),
}


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12))
def test_whatever_the_order_a_question_is_followed_by_an_answer_and_no_slide_is_empty(kinds):
    notebook = new.new_notebook(cells=[KINDS[kind]() for kind in kinds])
    figures = (cell for cell in notebook.cells if cell.get("outputs") == [FIGURE])
    for number, cell in enumerate(figures):
        cell.outputs = [new.new_output("display_data", {"text/html": f"<figure>{number}</figure>"})]
    before = deepcopy(notebook)
    shown = slides_of(notebook)
    assert notebook == before
    for slide, following in zip(shown, [*shown, None][1:], strict=True):
        assert slide.text or slide.code or slide.outputs
        assert slide.kind != "question" or (following is not None and following.kind == "answer")
    drawn = [(slide.kind, slide.outputs[0]) for slide in shown if slide.outputs and slide.outputs[0] != PRINTED]
    different = {figure.data["text/html"] for _, figure in drawn}
    assert len(different) == kinds.count("figure")  # each is there, and twice only beside an answer
    assert len(drawn) - len(different) <= sum(kind == "answer" for kind, _ in drawn)


def test_an_answer_without_a_figure_of_its_own_stands_beside_the_one_that_was_asked_about():
    *_, asked, answer = slides(
        prose("# Rows\n\nWhich is a photograph?"),
        code("draw()", FIGURE),
        code('quizzes.predict("05.p1", ...)'),
        code('quizzes.verdict("05.p1")', PANEL),
    )
    assert (asked.kind, answer.kind) == ("question", "answer")
    assert answer.outputs == (FIGURE,)


def test_a_long_program_among_words_gets_a_slide_of_its_own_with_what_can_be_read():
    program = "\n".join(f"step_{number} = {number}" for number in range(15))
    words, shown = slides(prose(f"## All of it\n\nSee.\n\n```python\n{program}\n```"))
    assert "step" not in words.text
    assert len(shown.code.splitlines()) == 10
