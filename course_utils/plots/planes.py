"""What happens in a plane: the regions that a classifier makes of it, and paths through a valley."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["descent", "regions", "valley"]

STEPS = 81  # places along each side at which a region is asked for, or a height


def regions(
    x: np.ndarray, y: np.ndarray, classifiers: Mapping[str, Callable[[np.ndarray], np.ndarray]], *, caption: str = ""
) -> Picture:
    """Points of two classes, and behind them what each classifier says of every place in the plane.

    Args:
        x: the points, float, (n, 2).
        y: the class of each, 0 or 1, (n,).
        classifiers: title to a function that takes places, (m, 2), and gives the probability of class 1, (m,) or
            (m, 1). With None in its place the points alone are drawn.
    """
    y = np.ravel(y)
    edge = 1.1 * np.abs(x).max()
    ticks = np.linspace(-edge, edge, STEPS)
    places = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    figure, axes = canvas(1, len(classifiers), width=2.9 * len(classifiers) + 0.6, height=3.3, squeeze=False)
    words = []
    for axis, (name, classifier) in zip(axes[0], classifiers.items(), strict=True):
        title = name
        if classifier is not None:
            probability = np.asarray(classifier(places)).reshape(STEPS, STEPS)
            axis.contourf(ticks, ticks, probability, [-0.01, 0.5, 1.01], colors=["#CFE3F2", "#FBD9BF"])
            axis.contour(ticks, ticks, probability, [0.5], colors="#333333", linewidths=1.5)
            right = np.mean((np.ravel(classifier(x)) > 0.5) == y)
            title += f"\n{100 * right:.0f} % right"
            words.append(f"{name}: {100 * right:.0f} % of the points lie in a region of their own colour")
        for label, (mark, colour) in enumerate((("o", COLOURS[0]), ("^", COLOURS[1]))):
            axis.plot(*x[y == label].T, mark, color=colour, markersize=5, markeredgecolor="white", markeredgewidth=0.4)
        axis.set_title(title, fontsize=12)
        axis.set_aspect("equal")
        axis.grid(visible=False)
        axis.set_xlabel("$x_1$")
    axes[0, 0].set_ylabel("$x_2$")
    alt = f"{np.sum(y == 0)} blue circles and {np.sum(y == 1)} orange triangles in a plane. {'; '.join(words)}"
    return picture(figure, alt=alt.strip(), caption=caption)


def descent(
    loss: Callable[[np.ndarray], np.ndarray], paths: Mapping[str, Sequence[float]], *, caption: str = ""
) -> Picture:
    """The loss as a curve over one weight, and the places that each descent has visited.

    Args:
        loss: takes weights, (n,), and gives their losses, (n,).
        paths: title to the weights that were visited, in order.
    """
    paths = {name: np.asarray(path, dtype=float) for name, path in paths.items()}
    everything = np.concatenate(list(paths.values()))
    # A descent that flies away is cut off at the edges of what the others need.
    low, high = max(everything.min(), -3) - 0.5, min(everything.max(), 6) + 0.5
    weights = np.linspace(low, high, 201)
    losses = loss(weights)
    figure, axes = canvas(1, len(paths), width=max(4.5, 2.3 * len(paths)), height=3, sharey=True, squeeze=False)
    words = []
    for axis, (name, visited) in zip(axes[0], paths.items(), strict=True):
        axis.plot(weights, losses, color="#999999")
        axis.plot(visited, loss(visited), "o-", markersize=5, linewidth=1, color=COLOURS[1])
        axis.plot(visited[0], loss(visited[:1]), "s", markersize=9, color=COLOURS[0])
        axis.set_xlim(low, high)
        axis.set_ylim(-0.05 * losses.max(), 1.05 * losses.max())
        axis.set_title(name, fontsize=12)
        axis.set_xlabel("weight")
        over = ", ".join(f"{weight:.3g}" for weight in visited[1:4])
        words.append(f"{name}: from {visited[0]:.3g} over {over} to {visited[-1]:.3g}")
    axes[0, 0].set_ylabel("loss")
    return picture(figure, alt=f"A curve of the loss over one weight, with steps. {'; '.join(words)}.", caption=caption)


def valley(
    height: Callable[[np.ndarray], np.ndarray], paths: Mapping[str, np.ndarray], *, caption: str = ""
) -> Picture:
    """A loss of two weights as lines of equal height, with one path in each panel.

    Args:
        height: takes places, (m, 2), and gives their heights, (m,); lowest at (0, 0).
        paths: title to the places that were visited, (steps, 2).
    """
    across, along = np.linspace(-4.6, 4.6, STEPS), np.linspace(-1.7, 1.7, STEPS)
    grid = np.stack(np.meshgrid(across, along), axis=-1)
    levels = height(grid.reshape(-1, 2)).reshape(STEPS, STEPS)
    rows = -(-len(paths) // 2)
    figure, axes = canvas(rows, 2, width=8.6, height=2.2 * rows + 0.3, sharex=True, sharey=True, squeeze=False)
    words = []
    for axis, (name, path) in zip(axes.ravel(), paths.items(), strict=False):
        path = np.asarray(path)
        axis.contour(across, along, levels, [0.05, 0.5, 2, 6, 12, 20, 30], colors="#AAAAAA", linewidths=0.9)
        axis.plot(*path.T, "o-", markersize=4, linewidth=1, color=COLOURS[1])
        axis.plot(*path[0], "s", markersize=9, color=COLOURS[0])
        axis.plot(0, 0, "*", markersize=13, color=COLOURS[2])
        axis.set_xlim(across[0], across[-1])
        axis.set_ylim(along[0], along[-1])
        end = float(height(path[-1:])[0])
        axis.set_title(f"{name}: loss {end:.2g} after {len(path) - 1} steps", fontsize=12)
        axis.grid(visible=False)
        words.append(f"{name} ends at ({path[-1][0]:.2g}, {path[-1][1]:.2g}) with loss {end:.2g}")
    for axis in axes[-1]:
        axis.set_xlabel("weight along the valley")
    for axis in axes[:, 0]:
        axis.set_ylabel("weight across")
    return picture(figure, alt=f"A narrow valley seen from above. {'; '.join(words)}.", caption=caption)
