"""The lesson's scores on other draws of the three walks, with mended labels: is what one draw shows a rule?"""

import tempfile
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from course_utils import datasets, models

TINY = {"size": 96, "walks": 1}


def first_walk(home: Path, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Photographs and labels without what shows nothing, and with the wrong labels mended."""
    misfiled = datasets.write_walk(home, seed=seed)
    walk = datasets.read_folder(home, size=size)
    stated = [walk.class_names[label] for label in walk.y]
    shown = [misfiled.get(Path(file).name, name) for file, name in zip(walk.files, stated, strict=True)]
    good = walk.x.std(axis=(1, 2)).mean(axis=1) > 15
    return walk.x[good], np.array([walk.class_names.index(name) for name in shown])[good]


def elsewhere(home: Path, size: int, seed: int, places: str) -> tuple[np.ndarray, np.ndarray]:
    """Photographs and labels of the second walk, "some", or of the third, "others"."""
    datasets.write_walk(home, elsewhere=True, places=places, seed=seed)
    walk = datasets.read_folder(home, size=size)
    return walk.x, walk.y


def main(size: int = 128, walks: int = 5, limit: float = 0.85) -> dict:
    """Figures, one a draw: the accuracy at home and on the second walk, and right answers about the third."""
    network = models.imagenet(size, include_top=False, pooling="avg")
    model = LogisticRegression(max_iter=1000)
    figures: dict = {"at home": [], "second walk": [], "without": [], "with": [], "gained": [], "lost": []}
    for seed in range(1, walks + 1):
        with tempfile.TemporaryDirectory() as home:
            x, y = first_walk(Path(home, "first"), size, seed)
            x_second, y_second = elsewhere(Path(home, "second"), size, seed, "some")
            x_third, y_third = elsewhere(Path(home, "third"), size, seed, "others")
        f, f_second, f_third = (network.predict(pictures, verbose=0) for pictures in (x, x_second, x_third))
        unit = f / np.linalg.norm(f, axis=1, keepdims=True)
        groups = connected_components(unit @ unit.T > limit)[1]
        by_group = StratifiedGroupKFold(5, shuffle=True, random_state=0)
        at_home = np.mean(cross_val_predict(model, f, y, groups=groups, cv=by_group) == y)
        model.fit(f, y)
        outside, without = model.score(f_second, y_second), model.predict(f_third) == y_third
        model.fit(np.concatenate([f, f_second]), np.concatenate([y, y_second]))
        both = model.predict(f_third) == y_third
        counts = without.sum(), both.sum(), np.sum(both & ~without), np.sum(without & ~both)
        figures["at home"].append(round(float(at_home), 4))
        figures["second walk"].append(round(float(outside), 4))
        for name, number in zip(("without", "with", "gained", "lost"), counts, strict=True):
            figures[name].append(int(number))
        print(seed, {name: found[-1] for name, found in figures.items()}, flush=True)
    figures["things"] = len(y_third)
    return {"figures": figures, "data": "five other draws of the course's walks", "seeds": range(1, walks + 1)}
