"""Lines: over a common axis, in small panels side by side, over the epochs of a training, and on into a forecast."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from course_utils import power_laws
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["forecasts", "learning_curves", "lines", "panels"]

PANEL_STYLES = ("-", "--", ":")  # of the curves of a panel
PANELS = 3  # side by side

ABOVE = {"va": "bottom", "ha": "right", "fontsize": 9}  # of words beside the end of an upright line
STYLES = ("o-", "s--", "^-.", "D:", "v-", "P--", "X-.", "*:")
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1)  # of an error

History = Mapping[str, Sequence[float]]


def lines(
    series: Mapping[str, Sequence[float] | np.ndarray],
    *,
    x: Sequence[float] | None = None,
    x_label: str,
    y_label: str,
    logarithmic: str = "",
    chance: float | None = None,
    middle: float = 1.0,
    marks: Mapping[str, float] | None = None,
    caption: str = "",
) -> Picture:
    """One line a name.

    Args:
        series: name to its values, one for each place on the axis, (n,); or one row of values a seed, (seeds, n),
            drawn as their mean with a band from the lowest to the highest, or narrower by `middle`. A nan leaves a gap.
        x: the places; 1, 2, 3 and so on by default.
        x_label: what lies along the axis, with its unit.
        y_label: what the values are, with their unit.
        logarithmic: "x", "y" or "xy": the axes on which equal steps are equal factors.
        chance: what guessing gives, drawn as a dotted line, or None.
        middle: how much of the seeds the band holds: 1 is all, 0.8 leaves out the lowest and the highest tenth.
        marks: words to a place on the axis, where an upright line with these words is drawn, or None.

    Raises:
        ValueError: there is no series, or one has another number of values than there are places.
    """
    rows = {name: np.atleast_2d(np.asarray(values, dtype=float)) for name, values in series.items()}
    if not rows:
        raise ValueError("Expected values of at least one series. Received none.")
    places = np.arange(1, next(iter(rows.values())).shape[1] + 1) if x is None else np.asarray(x, dtype=float)
    for name, values in rows.items():
        if values.ndim != 2 or values.shape[1] != len(places):
            raise ValueError(f"Expected {len(places)} values in each series. Received {name}: {values.shape[-1]}.")
    figure, axis = canvas(width=7, height=3.6)
    for style, (name, values) in zip(STYLES * len(rows), rows.items(), strict=False):
        (line,) = axis.plot(places, values.mean(axis=0), style, label=name, markersize=4)
        if len(values) > 1:
            low, high = np.quantile(values, [(1 - middle) / 2, (1 + middle) / 2], axis=0)
            axis.fill_between(places, low, high, color=line.get_color(), alpha=0.2)
    if chance is not None:
        axis.axhline(chance, linestyle=":", color="black", label="chance")
    for word, place in (marks or {}).items():
        axis.axvline(place, linestyle="-.", color="black", linewidth=1)
        axis.annotate(word, (place, 0.97), (-4, 0), ("data", "axes fraction"), "offset points", rotation=90, **ABOVE)
    if "x" in logarithmic:
        axis.set_xscale("log")
        axis.set_xticks(places, [f"{place:g}" for place in places], minor=False)
        axis.minorticks_off()
    elif (places % 1 == 0).all():  # steps, epochs: no mark between two of them
        axis.locator_params(axis="x", integer=True)
    if "y" in logarithmic:
        axis.set_yscale("log")
    axis.set_xlabel(x_label)
    axis.set_ylabel(y_label)
    if len(rows) > 1 or chance is not None:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {_course(values, places)}" for name, values in rows.items())
    marked = "".join(f"; marked at {place:g}: {word}" for word, place in (marks or {}).items())
    return picture(figure, alt=f"{y_label} against {x_label}. {words}{marked}.", caption=caption)


def panels(
    curves: Mapping[str, Mapping[str, Sequence[float] | np.ndarray]], *, x_label: str, y_label: str, caption: str = ""
) -> Picture:
    """One small panel a name, three in a row, all with the same axes, every run shown.

    Args:
        curves: name of a panel to its curves: what a curve is to its values, (n,), or one row of values a seed,
            (seeds, n). The second curve of a panel is dashed, the third dotted.
        x_label: what lies along the axis, counted from 1, with its unit.
        y_label: what the values are, with their unit; the axis goes from 0 to 1.

    Raises:
        ValueError: a panel has more curves than can be told apart.
    """
    for title, lines_of in curves.items():
        if len(lines_of) > len(PANEL_STYLES):
            raise ValueError(
                f"Expected at most {len(PANEL_STYLES)} curves a panel. Received in {title}: {list(lines_of)}."
            )
    columns = min(PANELS, len(curves))
    rows = -(-len(curves) // columns)
    shared = {"sharex": True, "sharey": True, "squeeze": False}
    figure, axes = canvas(rows, columns, width=7.5, height=1.75 * rows + 0.6, **shared)
    words = []
    for axis, (title, lines_of) in zip(axes.flat, curves.items(), strict=False):
        for style, colour, (name, values) in zip(PANEL_STYLES, COLOURS, lines_of.items(), strict=False):
            table = np.atleast_2d(np.asarray(values, dtype=float))
            places = np.arange(1, table.shape[1] + 1)
            for number, row in enumerate(table):
                axis.plot(places, row, style, color=colour, linewidth=1.6, label=name if number == 0 else None)
            words.append(f"{title}, {name}: {_course(table, places)}")
        axis.set_title(title, loc="left", fontsize=11)
        axis.set_ylim(-0.03, 1.06)
    for axis in axes.flat[len(curves) :]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel(y_label)
    for axis in axes[-1]:
        axis.set_xlabel(x_label)
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    alt = f"{len(curves)} panels of {y_label} against {x_label}. {'; '.join(words)}."
    return picture(figure, alt=alt, caption=caption)


def learning_curves(
    history: History | Mapping[str, History], *, since: Mapping[str, int] | None = None, caption: str = ""
) -> Picture:
    """Loss (left) and accuracy (right) over the epochs, on the training and the validation images.

    Args:
        history: what `model.fit(...).history` holds: lists under "loss" and "accuracy", and under "val_loss" and
            "val_accuracy" where validation images were given, one value an epoch; or name to such a history, to
            compare several: one colour each, training dashed, validation solid.
        since: what began during the training to the epoch after which it did, drawn as a dotted line; or None.

    Raises:
        ValueError: "loss" or "accuracy" is missing.
    """
    several = all(isinstance(one, Mapping) for one in history.values())
    histories = dict(history) if several else {"": history}
    missing = {"loss", "accuracy"} - set.intersection(*(set(one) for one in histories.values()))
    if missing:
        raise ValueError(
            f"A history needs loss and accuracy. Missing: {', '.join(sorted(missing))}. "
            'Compile the model with metrics=["accuracy"].'
        )
    parts = (("", "training", "o--" if several else "o-"), ("val_", "validation", "s-"))
    figure, axes = canvas(columns=2, width=8, height=3)
    words = []
    for axis, key in zip(axes, ("loss", "accuracy"), strict=True):
        for number, (name, one) in enumerate(histories.items()):
            colour = COLOURS[number % len(COLOURS)] if several else None
            for part, label, marks in parts:
                values = one.get(part + key, ())
                if not len(values):
                    continue
                title = f"{name}, {label}" if several else label
                look = {"label": title, "color": colour, "markersize": 4, "markevery": max(1, len(values) // 12)}
                axis.plot(range(1, len(values) + 1), values, marks, **look)
                words.append(f"{title} {key} from {values[0]:.2f} to {values[-1]:.2f}")
        for name, epoch in (since or {}).items():
            axis.axvline(epoch + 0.5, linestyle=":", color="black", label=name)
        axis.set_xlabel("epoch")
        axis.set_ylabel(key)
        axis.locator_params(axis="x", integer=True)
    axes[1].set_ylim(top=1.0)
    axes[1].legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)  # beside the curves, for both: it hides none
    epochs = max(len(one["loss"]) for one in histories.values())
    words += [f"{name} after epoch {epoch}" for name, epoch in (since or {}).items()]
    return picture(figure, alt=f"Learning curves over {epochs} epochs: {'; '.join(words)}.", caption=caption)


def forecasts(
    curves: Mapping[str, tuple[Sequence[float], np.ndarray, Sequence[float] | None]], *, y_label: str, caption: str = ""
) -> Picture:
    """Errors over amounts on logarithmic axes, a straight line through all means but the last, and its forecast.

    Args:
        curves: what the amounts are, to (amounts, errors, forecast): n amounts, errors of shape (n, seeds), and the
            forecast for the last amount with the low and the high end of its band, as `power_laws.forecast` gives it.
            With None in its place only the dots before the last amount are drawn, to look at before there is one.
        y_label: what the errors are.
    """
    figure, axes = canvas(1, len(curves), width=3.1 * len(curves), height=3.4, sharey=True, squeeze=False)
    words, every = [], []
    for axis, (name, (amounts, errors, forecast)) in zip(axes[0], curves.items(), strict=True):
        amounts, means = np.asarray(amounts, dtype=float), np.mean(errors, axis=1)
        dots = np.ravel(errors[:-1])
        axis.plot(np.repeat(amounts[:-1], np.shape(errors)[1]), dots, "o", color="black", markersize=3)
        every += dots.tolist()
        if forecast is None:
            words.append(f"{name}: means from {means[0]:.3f} to {means[-2]:.3f}")
        else:
            middle, low, high = forecast
            slope, height = power_laws.line(amounts[:-1], means[:-1])
            axis.plot(amounts, np.exp(height) * amounts**slope, "--", color=COLOURS[0], label="line through the dots")
            band = {"linewidth": 8, "alpha": 0.35, "solid_capstyle": "butt"}  # it ends where the band ends
            axis.plot([amounts[-1]] * 2, [low, high], color=COLOURS[0], label="forecast band", **band)
            axis.plot(amounts[-1], means[-1], "D", color=COLOURS[1], markersize=8, label="measured")
            words.append(f"{name}: forecast {middle:.3f}, band {low:.3f} to {high:.3f}, measured {means[-1]:.3f}")
            every += [*np.ravel(errors[-1]), *forecast]
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel(name)
        shown = [float(f"{amount:.1g}") for amount in amounts[[0, len(amounts) // 2, -1]]]  # round numbers
        axis.set_xticks(shown, [f"{amount:,.0f}" for amount in shown], minor=False)
        axis.minorticks_off()
        axis.set_yticks(TICKS)
        axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
        axis.yaxis.set_minor_formatter(NullFormatter())
    axes[0, 0].set_ylim(0.85 * min(every), 1.15 * max(every))
    axes[0, 0].set_ylabel(y_label)
    if axes[0, 0].get_legend_handles_labels()[1]:
        axes[0, 0].legend(fontsize=8, loc="lower left")
    return picture(figure, alt=f"{y_label} over amounts. {'; '.join(words)}.", caption=caption)


def _course(table: np.ndarray, places: np.ndarray) -> str:
    """Where the mean of some runs begins and ends, and its turning point where it has one inside; gaps are left out."""
    values = table.mean(axis=0)
    drawn = np.isfinite(values)
    if not drawn.any():
        return "nothing"
    values, places = values[drawn], places[drawn]
    text = f"from {values[0]:.3g} at {places[0]:g} to {values[-1]:.3g} at {places[-1]:g}"
    for word, place in (("lowest", int(values.argmin())), ("highest", int(values.argmax()))):
        if 0 < place < len(values) - 1:
            text += f", {word} {values[place]:.3g} at {places[place]:g}"
    return text
