"""A slider always comes with a still that stays when the slider is dead."""

import pytest

from course_utils import widgets


def drawn(stride, padding=0):
    return {"stride": stride, "padding": padding}


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *things, **_: shown.extend(things))
    return shown


def test_headless_shows_the_still_alone(displayed, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    widgets.slider(drawn, stride=[1, 2], padding=[0, 1], still={"padding": 1})
    assert displayed == [{"stride": 1, "padding": 1}]


def test_a_reader_gets_a_slider_for_each_control_beside_the_still(displayed, monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    widgets.slider(drawn, stride=[1, 2, 3])
    still, live = displayed[0], displayed[-1]
    assert still["stride"] == 1
    live.children[0].value = 3
    live.update()
    assert live.result["stride"] == 3


@pytest.mark.parametrize(
    "arguments", [{}, {"stride": []}, {"stride": [1], "still": {"stride": 9}}, {"stride": [1], "still": {"x": 1}}]
)
def test_controls_need_values(displayed, arguments):
    with pytest.raises(ValueError, match="Expected"):
        widgets.slider(drawn, **arguments)
