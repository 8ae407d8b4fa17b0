"""One live figure over its sliders for a reader, a still for everybody else; a photograph that is read or refused."""

import io
from datetime import datetime

import numpy as np
import pytest
from PIL import Image

from course_utils import widgets


def drawn(stride, padding=0):
    return {"stride": stride, "padding": padding}


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *things, **_: shown.extend(things))
    return shown


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(widgets, "somebody_can_answer", lambda: True)


def test_nobody_there_gets_the_still_alone(displayed):
    widgets.slider(drawn, stride=[1, 2], padding=[0, 1], still={"padding": 1})
    assert displayed == [{"stride": 1, "padding": 1}]


def test_a_reader_gets_one_live_figure_over_a_slider_for_each_control(displayed, reader):
    widgets.slider(drawn, stride=[1, 2, 3], padding=[0, 1])
    [box] = displayed
    figure, stride, padding = box.children
    assert "&#x27;stride&#x27;: 1" in figure.value
    stride.value = 3
    padding.value = 1
    assert "&#x27;stride&#x27;: 3, &#x27;padding&#x27;: 1" in figure.value


def jpeg(height, width):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(content, "jpeg")
    return content.getvalue()


def upload(button, name, content):
    file = {"name": name, "type": "image/jpeg", "size": len(content), "content": memoryview(content)}
    button.value = ({**file, "last_modified": datetime.now(), "error": ""},)


def test_a_photograph_is_classified_and_the_next_one_too(displayed, reader):
    widgets.photograph(lambda photo: f"{photo.dtype} {photo.shape}")
    button, said = displayed[0].children
    upload(button, "one.jpg", jpeg(30, 40))
    assert "uint8 (30, 40, 3)" in said.value
    for broken in (b"", b"no picture", jpeg(30, 40)[:100]):
        upload(button, "../<b>.jpg", broken)
        assert "cannot be read as a picture" in said.value and "<b>" not in said.value
    upload(button, "one.jpg", jpeg(50, 40))
    assert "uint8 (50, 40, 3)" in said.value and button.value == ()


def test_an_error_of_the_learners_own_function_is_a_line(displayed, reader):
    widgets.photograph(lambda photo: photo.shape[7])
    button, said = displayed[0].children
    upload(button, "one.jpg", jpeg(30, 40))
    assert "IndexError" in said.value


def test_nobody_there_gets_a_line_for_the_button(displayed, capsys):
    widgets.photograph(np.mean)
    assert "button" in capsys.readouterr().out and displayed == []
