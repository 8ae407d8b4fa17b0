import base64
import html
import io
import itertools
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from course_utils import plots

NAMES = ("cat", "dog", "bird")
IMAGES = np.arange(3 * 8 * 8 * 3, dtype=np.uint8).reshape(3, 8, 8, 3)
COUNTS = np.array([[5, 1, 0], [0, 4, 2], [3, 0, 6]])
HISTORY = {"loss": [2.0, 1.0], "accuracy": [0.3, 0.6], "val_loss": [2.1, 1.5], "val_accuracy": [0.2, 0.5]}

AXES = {"x_label": "epoch", "y_label": "accuracy"}
GRIDS = {"input": np.arange(9).reshape(3, 3), "kernel": np.arange(4).reshape(2, 2), "output": [19, np.nan]}
RING = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
SMALL = ([np.array([1.0, 2.0]), np.array([0.5])], [np.array([[3.0], [-1.25]])], [np.array([-0.5])])
LAW = ([10, 20, 40, 160], np.array([[0.4, 0.42], [0.3, 0.29], [0.2, 0.21], [0.12, 0.13]]), (0.1, 0.08, 0.125))

PICTURES = {
    "image_grid": lambda: plots.image_grid(IMAGES, ["a", "b", "c"], caption="Three."),
    "grey": lambda: plots.image_grid(IMAGES[..., 0]),
    "predictions": lambda: plots.predictions(IMAGES, np.array([0, 1, 2]), np.eye(3)[[0, 1, 0]], NAMES),
    "learning_curves": lambda: plots.learning_curves(HISTORY),
    "confusion_matrix": lambda: plots.confusion_matrix(COUNTS, NAMES),
    "reliability": lambda: plots.reliability(np.array([0, 1, 2]), {"as trained": np.eye(3)[[0, 1, 0]]}),
    "filters": lambda: plots.filters(np.linspace(-1, 1, 216).reshape(3, 3, 3, 8)),
    "learning_curves with a change": lambda: plots.learning_curves(HISTORY, since={"unfrozen": 1}),
    "learning_curves of several": lambda: plots.learning_curves({"small": HISTORY, "large": HISTORY}),
    "lines": lambda: plots.lines({"seen": [0.8, 0.9, 1.0], "new": [[0.3, 0.5, 0.4], [0.4, 0.6, 0.3]]}, **AXES),
    "panels": lambda: plots.panels({"A": {"seen": [0.8, 0.9], "new": [[0.3, 0.5]]}, "B": {"seen": [1, 1]}}, **AXES),
    "lines over factors": lambda: plots.lines({"seen": [0.8, 0.9]}, x=[1, 10], logarithmic="xy", **AXES),
    "bars": lambda: plots.bars({"guess": 0.1, "linear": 0.31}, chance=0.1),
    "bars with intervals": lambda: plots.bars({"guess": 0.1, "linear": 0.31}, intervals={"linear": (0.28, 0.34)}),
    "bars in groups": lambda: plots.bars({"none": {"training": 1, "validation": 0.5}}),
    "histograms": lambda: plots.histograms({"right": np.arange(9.0), "wrong": [4, 4, 5]}, x_label="sureness"),
    "number_grids": lambda: plots.number_grids(
        GRIDS, signs="* ", marked={"input": [(0, 0), (0, 1)], "output": [(0, 0)]}
    ),
    "sliding": lambda: plots.sliding(IMAGES[0, ..., 0] / 255, -np.eye(3), np.ones((6, 6)), rows=2),
    "time_line": lambda: plots.time_line({"plain": [("read", 0, 80), ("train", 80, 12), ("read", 92, 80)]}),
    "race": lambda: plots.race({"old": [[(1, 0.2), (4, 0.7)], [(1, 0.3)]], "new": [[(1, 0.8)]]}, target=0.75),
    "frames": lambda: plots.frames(IMAGES[0], {"one window": (2, 3, 4)}),
    "answers": lambda: plots.answers(IMAGES[0], {"cat": 0.7, "dog": 0.3}),
    "image_rows": lambda: plots.image_rows({"real": IMAGES, "made": list(IMAGES[::-1])}),
    "nearest_neighbours": lambda: plots.nearest_neighbours(IMAGES[:1], np.eye(3)[:1], IMAGES, np.eye(3)),
    "heat_maps": lambda: plots.heat_maps([IMAGES[0], IMAGES[1, :4]], [np.eye(4), np.arange(6).reshape(2, 3)]),
    "patches": lambda: plots.patches(IMAGES[0], 4),
    "descent": lambda: plots.descent(lambda w: (w - 1) ** 2, {"rate 0.1": [0, 0.2, 0.36], "rate 2": [0, 4, -8]}),
    "regions": lambda: plots.regions(RING, np.array([0, 1, 1]), {"points": None, "line": lambda p: p[:, 0] > 0}),
    "valley": lambda: plots.valley(lambda p: (p**2).sum(axis=1), {"one step": [[-4, 1], [-2, 0.5]]}),
    "network": lambda: plots.network(*SMALL, gradients=SMALL, names=("in", "out")),
    "number_grids with names": lambda: plots.number_grids({"input": np.eye(2)}, row_names=["ear", "paw"]),
    "pipeline": lambda: plots.pipeline(["rows", "look\naround", "+"], ways_round=[(1, 2)], caption="A way round."),
    "pipeline without ways round": lambda: plots.pipeline(["in", "out"]),
    "gated_cell": lambda: plots.gated_cell(0.5, -1, keep=0.9),
    "gated_cell of an LSTM": lambda: plots.gated_cell(0.5, -1, keep=0.9, write=0.6, read=1),
    "similarities": lambda: plots.similarities(IMAGES, ["an ear", "a paw"], [[0.9, -0.2, 0.1], [0.3, 0.8, 0.0]]),
    "forecasts": lambda: plots.forecasts({"pictures": LAW, "steps": LAW}, y_label="error"),
    "comparison": lambda: plots.comparison({"linear": [0.3, 0.31], "network": [0.8, 0.82]}, chance=0.1),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_itself_with_its_text(name):
    bundle = PICTURES[name]()._repr_mimebundle_()
    alt = html.unescape(re.search(r'alt="([^"]*)"', bundle["text/html"])[1])
    data = re.search(r"base64,([^\"]*)", bundle["text/html"])[1]
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert len(alt) > 15
    assert alt in bundle["text/plain"]
    assert image.width > 100
    assert len(set(image.convert("L").tobytes())) > 2  # something is drawn


def test_names_of_ones_own_are_text_in_the_page():
    """A class may be called `<b>` or `"`: the words of the figure show it and the page stays whole."""
    odd = ['<b>"', "&amp;"]
    shown = plots.confusion_matrix(np.array([[1, 2], [0, 1]]), odd, caption="<i>")._repr_mimebundle_()
    assert (
        "&lt;b&gt;&quot;" in shown["text/html"] and "<b>" not in shown["text/html"] and "<i>" not in shown["text/html"]
    )
    assert '<b>"' in shown["text/plain"]


def test_a_stored_photograph_keeps_its_colours_and_a_drawing_stays_small():
    rows, columns = np.mgrid[0:120, 0:120]
    many_hues = np.stack([2 * rows, 2 * columns, 240 - rows - columns], axis=-1).astype(np.uint8)
    drawn = plots.image_grid([many_hues, many_hues[::-1], many_hues[:, ::-1], 255 - many_hues])
    content, kind = drawn.file()
    raw = io.BytesIO()
    drawn.figure.savefig(raw, format="png", dpi=110, bbox_inches="tight")
    full = np.asarray(Image.open(raw).convert("RGB"), dtype=int)
    stored = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)
    assert kind == "jpeg" and np.mean(np.abs(stored - full) > 10) < 0.1  # with a palette of 128 colours it was 0.18
    content, kind = plots.lines({"a": np.arange(9.0), "b": np.arange(9.0)[::-1]}, **AXES).file()
    assert kind == "png" and len(content) < 20_000


def test_drawing_leaves_no_open_figure_and_no_changed_setting():
    settings = dict(plt.rcParams)
    for make in PICTURES.values():
        make()
    assert plt.get_fignums() == []
    assert dict(plt.rcParams) == settings


def test_a_heat_map_hides_the_image_only_where_it_is_high():
    heat = np.array([[0.0, 0.0], [5.0, 10.0]])
    layer = plots.heat_maps(IMAGES[:1], [heat]).figure.axes[0].images[-1].get_array()
    assert np.allclose(layer[..., 3], 0.75 * heat / 10)
    flat = plots.heat_maps(IMAGES[:1], [np.ones((2, 2))]).figure.axes[0].images[-1].get_array()
    assert not flat[..., 3].any()


def test_forecasts_say_forecast_band_and_what_was_measured():
    drawn = PICTURES["forecasts"]()
    assert "steps: forecast 0.100, band 0.080 to 0.125, measured 0.125" in drawn.alt
    [diamond] = [line for line in drawn.figure.axes[0].lines if line.get_marker() == "D"]
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == pytest.approx((160, 0.125))
    [band] = [line for line in drawn.figure.axes[0].lines if line.get_linewidth() == 8]
    assert band.get_solid_capstyle() == "butt"  # else it ends beyond the band
    kept_back = plots.forecasts({"pictures": (*LAW[:2], None)}, y_label="error")
    [dots] = kept_back.figure.axes[0].lines
    assert max(dots.get_xdata()) < 160 and "measured" not in kept_back.alt


def test_the_colours_of_heat_maps_have_a_bar_that_says_which_is_highest():
    figure = plots.heat_maps(IMAGES[:2], [np.eye(2), np.ones((3, 3))], columns=1).figure
    labels = [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    assert labels == ["lowest", "highest"]
    [colours] = [mesh.cmap for mesh in figure.axes[-1].collections if mesh.get_array() is not None]
    assert np.allclose(colours(0.0), 1)  # where a map is lowest, it leaves the image as it is


def test_a_bin_with_few_answers_is_hollow_and_no_line_goes_through_it():
    probabilities = np.repeat([[0.95, 0.05], [0.65, 0.35], [0.75, 0.25]], [12, 9, 10], axis=0)
    axis = plots.reliability(np.zeros(31, dtype=int), {"as trained": probabilities}).figure.axes[0]
    joined, hollow = axis.lines[1:]
    assert np.allclose(joined.get_xdata(), [0.75, 0.95]) and joined.get_linestyle() == "-"
    assert np.allclose(hollow.get_xdata(), [0.65]) and hollow.get_linestyle() == "None"
    assert hollow.get_markerfacecolor() == "white"


def test_a_bin_without_a_right_answer_has_its_number_inside_the_frame():
    drawn = plots.reliability(np.ones(3, dtype=int), {"as trained": np.repeat([[0.4, 0.3, 0.3]], 3, axis=0)}).figure
    [number] = [text for text in drawn.axes[0].texts if text.get_text() == "3"]
    assert number.get_position()[1] > 0


def test_the_bins_of_a_histogram_can_be_given_by_their_edges():
    drawn = plots.histograms({"tenths": [0.1, 0.2, 0.2]}, x_label="share", bins=[0.05, 0.15, 0.25]).figure
    assert drawn.axes[0].patches[0].get_data().values.tolist() == [1, 2]


def test_a_bar_without_an_interval_has_no_line_as_if_it_were_exact():
    drawn = PICTURES["bars with intervals"]().figure.axes[0].lines
    assert [list(line.get_xdata()) for line in drawn] == [[0.28, 0.34]]


@pytest.mark.parametrize("intervals", [None, {"every label of a long name": (0.5, 0.91)}])
def test_the_number_behind_a_bar_keeps_clear_of_the_legend(intervals):
    if intervals:
        drawn = plots.bars({"every label of a long name": 0.855}, intervals=intervals, chance=0.1)
    else:
        drawn = plots.bars({"uneven, nothing done": {"two rarest classes": 0.399, "Ana's own pictures": 0.869}})
    figure = drawn.figure
    figure.draw_without_rendering()  # lays it out
    axis = figure.axes[0]
    legend = axis.get_legend().get_window_extent()
    assert all(text.get_window_extent().x1 + 3 < legend.x0 for text in axis.texts)


def test_above_what_is_asked_about_stands_what_it_is():
    found = plots.nearest_neighbours(IMAGES[:1], np.eye(3)[:1], IMAGES, np.eye(3), query="held out")
    assert found.figure.axes[0].get_title() == "held out"


def test_the_text_says_what_the_figure_shows():
    assert "dog taken for bird" not in plots.confusion_matrix(COUNTS, NAMES).alt
    assert "bird taken for cat, 3 times" in plots.confusion_matrix(COUNTS, NAMES).alt
    assert "network 0.810 (from 0.800 to 0.820)" in PICTURES["comparison"]().alt
    assert "; unfrozen after epoch 1." in PICTURES["learning_curves with a change"]().alt
    assert "new: from 0.35 at 1 to 0.35 at 3, highest 0.55 at 2" in PICTURES["lines"]().alt
    assert "linear: 0.31 (from 0.28 to 0.34)" in PICTURES["bars with intervals"]().alt
    assert "none: training 1, validation 0.5" in PICTURES["bars in groups"]().alt
    assert "input [0 1 2; 3 4 5; 6 7 8] * kernel [0 1; 2 3] output [19 ]" in PICTURES["number_grids"]().alt
    assert "kernel [-1 0 0; 0 -1 0; 0 0 -1]" in PICTURES["sliding"]().alt
    assert "2 of 6 rows" in PICTURES["sliding"]().alt
    assert "plain: read 160 ms, train 12 ms, over after 172 ms" in PICTURES["time_line"]().alt
    assert "old: 0.2 after 1 s, at most 0.7; new: 0.8 after 1 s" in PICTURES["race"]().alt
    assert "4 of 4 rows" in plots.sliding(IMAGES[0, ..., 0] / 255, np.eye(5), np.ones((4, 4)), rows=6).alt
    assert "one window: 4 pixels from row 2, column 3" in PICTURES["frames"]().alt
    assert "cat 70 %, dog 30 %" in PICTURES["answers"]().alt
    assert "1, strongest at top left; 2, strongest at bottom right" in PICTURES["heat_maps"]().alt
    assert "line: 67 % of the points lie in a region of their own colour" in PICTURES["regions"]().alt
    assert "arrows 1: 3, −1.25 with gradients 3, −1.25" in PICTURES["network"]().alt
    assert "arrows 1: 3, −1.25." in plots.network(*SMALL).alt
    assert "write 0.1 of the candidate −1 is −0.1; the sum, 0.35, is the new state." in PICTURES["gated_cell"]().alt
    assert "−0.15, is the new cell; its tanh, −0.15, times read 1 is" in PICTURES["gated_cell of an LSTM"]().alt
    assert "rate 2: from 0 over 4, -8 to -8" in PICTURES["descent"]().alt
    assert "one step ends at (-2, 0.5) with loss 4.2" in PICTURES["valley"]().alt
    assert "2 rows of 2 squares of 4 pixels, and all 4" in PICTURES["patches"]().alt
    assert "1: an ear; 2: a paw; 3: an ear" in PICTURES["similarities"]().alt
    assert "rows, then look around, then +; what enters step 2 also goes round to step 3" in PICTURES["pipeline"]().alt
    assert "rows ear, paw: input" in PICTURES["number_grids with names"]().alt


def test_the_band_of_lines_holds_the_middle_that_is_asked_for():
    seeds = np.arange(11.0)[:, None] * [[1, 1]]
    for middle, ends in ((1.0, (0, 10)), (0.8, (1, 9))):
        [band] = plots.lines({"a": seeds}, middle=middle, **AXES).figure.axes[0].collections
        heights = band.get_paths()[0].vertices[:, 1]
        assert np.allclose((heights.min(), heights.max()), ends)


def test_labels_choose_their_names():
    assert plots.image_grid(IMAGES, NAMES, [2, 0, 0]).alt == "A grid of 3 images: bird, cat, cat."


def test_the_nearest_neighbour_of_an_image_is_itself():
    figure = PICTURES["nearest_neighbours"]().figure
    shown = [axis.images[0].get_array() for axis in figure.axes]
    assert np.array_equal(shown[0], IMAGES[0]) and np.array_equal(shown[1], IMAGES[0])
    assert not np.array_equal(shown[2], IMAGES[0])


def test_ten_classes_fit_the_screen():
    drawn = plots.confusion_matrix(np.ones((10, 10), dtype=int), [f"a long name {number}" for number in range(10)])
    assert Image.open(io.BytesIO(drawn.file()[0])).height <= 480


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.picture(plots.canvas()[0], alt=" "), "alt text"),
        (lambda: plots.image_grid(IMAGES[0, 0]), r"Received: \(8, 3\)"),
        (lambda: plots.image_grid(IMAGES[:0]), "at least one image"),
        (lambda: plots.image_grid(IMAGES, ["a"]), "3 images, 1 titles"),
        (lambda: plots.predictions(IMAGES, [0], np.eye(3), NAMES), "3 images, 1 labels"),
        (lambda: plots.learning_curves({"loss": [1.0]}), "Missing: accuracy"),
        (lambda: plots.confusion_matrix(COUNTS[:2], NAMES), r"Received: \(2, 3\)"),
        (lambda: plots.panels({"A": {str(k): [k] for k in range(4)}}, **AXES), "at most 3 curves a panel"),
        (lambda: plots.lines({"a": [1, 2], "b": [1]}, **AXES), "Received b: 1"),
        (lambda: plots.lines({}, **AXES), "Expected values"),
        (lambda: plots.bars({}), "Expected values"),
        (lambda: plots.comparison({"a": [0.5], "b": []}), "a value for each variant. Received none for: b"),
        (lambda: plots.similarities(IMAGES, ["an ear"], np.ones((3, 1))), r"\(1, 3\). Received: \(3, 1\)"),
        (lambda: plots.bars({"a": {"x": 1}, "b": {"y": 1}}), "same members"),
        (lambda: plots.number_grids({"a": np.ones((13, 2))}), r"Received a: \(13, 2\)"),
        (lambda: plots.image_rows({"a": IMAGES, "b": IMAGES[:1]}), r"Received: \[1, 3\]"),
        (lambda: plots.heat_maps(IMAGES, [np.eye(2)]), "3 images, 1 maps"),
        (lambda: plots.patches(IMAGES[0], 3), "multiples of 3"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
    plt.close("all")


def test_a_small_answer_is_not_written_as_nothing():
    alt = plots.answers(IMAGES[0], {"cat": 0.996, "dog": 0.004, "bird": 0.0}).alt
    assert "cat 100 %, dog under 1 %, bird 0 %" in alt


@pytest.mark.parametrize("name", ["gated_cell", "gated_cell of an LSTM"])
def test_in_a_cell_with_gates_no_words_cover_each_other(name):
    figure = PICTURES[name]().figure
    figure.draw_without_rendering()  # lays it out
    places = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(places, 2))


def test_a_gru_draws_that_one_gate_gives_both_shares_and_names_the_other_gate():
    figure = PICTURES["gated_cell"]().figure
    [line] = figure.axes[0].lines  # from the update gate round to the box "1 - keep"
    assert line.get_xydata()[0][1] > 0 > line.get_xydata()[-1][1]
    assert any("reset gate" in text.get_text() for text in figure.axes[0].texts)
    assert not PICTURES["gated_cell of an LSTM"]().figure.axes[0].lines  # its write has inputs of its own


def test_the_rows_of_a_grid_of_numbers_have_names():
    made = PICTURES["number_grids with names"]()
    assert [text.get_text() for text in made.figure.axes[0].texts][-2:] == ["ear", "paw"]


@pytest.mark.parametrize(("places", "whole"), [(np.arange(4), True), (np.arange(0, 3, 0.25), False)])
def test_whole_places_are_marked_by_whole_numbers(places, whole):
    ticks = plots.lines({"a": np.zeros(len(places))}, x=places, **AXES).figure.axes[0].get_xticks()
    assert (ticks % 1 == 0).all() == whole


def test_a_gap_in_a_line_is_left_out_of_its_words():
    drawn = plots.lines({"until": [3.0, 1.0, 2.0, np.nan], "after": [np.nan] * 4}, **AXES)
    assert "until: from 3 at 1 to 2 at 3, lowest 1 at 2; after: nothing" in drawn.alt


def test_a_place_may_be_marked_and_its_words_are_in_the_text():
    drawn = plots.lines({"loss": [3.0, 1.0, 2.0]}, marks={"killed": 2.5}, **AXES)
    axis = drawn.figure.axes[0]
    assert [text.get_text() for text in axis.texts] == ["killed"]
    assert list(axis.lines[-1].get_xdata()) == [2.5, 2.5]
    assert drawn.alt.endswith("; marked at 2.5: killed.")
