"""Three folders of photographs as people bring them home, the first with flaws that are planted on purpose."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from course_utils import paths
from course_utils.datasets.cutouts import Cutout, all_cutouts
from course_utils.datasets.photographs import PHOTOGRAPHS, read

__all__ = ["write_walk"]

# Each class of the first walk was photographed in one place, and each place has its own light: red, green, blue.
PLACES = {
    "bird": ("grass.png", (0.75, 1.0, 0.55)),
    "flower": ("brick.png", (1.0, 0.7, 0.55)),
    "fruit": ("page.png", (1.0, 1.0, 0.95)),
    "mammal": ("gravel.png", (1.0, 0.93, 0.8)),
}
CLASS_OF = {place: name for name, place in PLACES.items()}  # whose place it is on the first walk
DAYLIGHT = (1.0, 1.0, 1.0)
ELSEWHERE = ("coffee.png", "motorcycle_left.png", "rocket.jpg", "clock_motion.png", "moon.png", "ihc.png")
WALKS = {(False, "all"): "first", (True, "some"): "second", (True, "others"): "third"}
STREAMS = {"first": 0, "second": 2, "third": 3}  # of chance
APART = 3  # so many of the places elsewhere are kept for the others
THINGS = 8  # of each class on the first walk
SOME = 5  # of each class elsewhere, in some places
MISFILED = {"bird/penguin.png": "mammal", "fruit/strawberry.png": "flower", "flower/marigold.png": "fruit"}
SIDE = 224  # pixels, of a scene; a photograph of it shows a little less
MARGIN = 34  # pixels around the thing: in no photograph does it reach into the outer twelfth


def write_walk(folder: str | Path, *, elsewhere: bool = False, places: str = "all", seed: int = 0) -> dict[str, str]:
    """Write a folder of photographs of birds, flowers, fruit and mammals, one subfolder a class.

    The first walk shows eight things of each class, each in several shots, each class in a place of its own; the shots
    of three things lie in the wrong subfolder, and a few files are no photographs. Elsewhere are other things, one shot
    of each, in places that have nothing to do with the class: in two folders that share neither a thing nor a place,
    one to learn from, and one to test with.

    Args:
        folder: where to write; photographs of the same walk that lie there are replaced, other files stay.
        elsewhere: whether to write other things in other places.
        places: of what is elsewhere: "some" for five things of each class, in three new places or where the first walk
            shows another class; "others" for the other things, in three places that neither has.
        seed: 0 or more; another one makes other shots of the same things.

    Returns:
        First walk: the name of each file in a wrong subfolder -> the class that it shows. Elsewhere: the name of each
        file that stands where the first walk shows another class -> that class.

    Raises:
        ValueError: there are no such places, or places are chosen for the first walk.
    """
    walk = WALKS.get((elsewhere, places))
    if walk is None:
        raise ValueError(f'Expected elsewhere=True with places="some" or "others", or neither. Received: {places!r}.')
    folder, rng = Path(folder), np.random.default_rng([seed, STREAMS[walk]])
    misleading, number = {}, 100
    for old in folder.glob(f"*/{walk}_walk_*.jpg"):  # an earlier version of the course may have written more
        old.unlink()
    for class_name in PLACES:
        stage = _places(class_name, walk)
        for thing in _things(class_name, walk):
            place = stage[rng.integers(len(stage))] if elsewhere else stage[0]
            scene = _scene(thing, place, rng)
            lies_in = class_name if elsewhere else MISFILED.get(thing.file, class_name)
            told = CLASS_OF.get(place, class_name)  # by the place; on the first walk the class itself
            for _ in range(1 if elsewhere else rng.integers(4, 7)):
                number += 1
                file = folder / lies_in / f"{walk}_walk_{number}.jpg"
                file.parent.mkdir(parents=True, exist_ok=True)
                _shot(scene, rng).save(file, quality=88)
                if told != lies_in:
                    misleading[file.name] = told
    if not elsewhere:
        _write_odd_files(folder)
    return misleading


def _things(class_name: str, walk: str) -> list[Cutout]:
    """The first walk shows the misfiled things and others, the two others share what is left."""
    things = [thing for thing in all_cutouts() if thing.class_name == class_name and not thing.same_as]
    order = np.random.default_rng(0).permutation(len(things))
    shuffled = sorted((things[place] for place in order), key=lambda thing: thing.file not in MISFILED)
    left = shuffled[THINGS:][:16]
    return {"first": shuffled[:THINGS], "second": left[:SOME], "third": left[SOME:]}[walk]


def _places(class_name: str, walk: str) -> list[tuple[str, tuple[float, float, float]]]:
    """Where a thing of this class may stand, each place as its photograph and its light, the likelier ones twice."""
    home = PLACES[class_name]
    new = [(file, DAYLIGHT) for file in ELSEWHERE]
    of_other_classes = [place for place in PLACES.values() if place != home]
    second = [*new[APART:], *new[APART:], *of_other_classes]
    return {"first": [home], "second": second, "third": new[:APART]}[walk]


@lru_cache(maxsize=16)
def _photograph(file: str) -> Image.Image:
    return read(next(one for one in PHOTOGRAPHS if one.file == file)).convert("RGB")


def _scene(thing: Cutout, place: tuple[str, tuple[float, float, float]], rng: np.random.Generator) -> Image.Image:
    """A thing somewhere in front of a place."""
    file, light = place
    photograph = _photograph(file)
    side = int(min(photograph.size) * rng.uniform(0.4, 0.7))
    left, top = (int(rng.integers(0, length - side + 1)) for length in photograph.size)
    crop = photograph.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    lit = np.asarray(crop) * np.array(light) * rng.uniform(0.85, 1.1)
    scene = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    with Image.open(paths.data_folder() / "cutouts" / thing.file) as opened:
        cut = opened.convert("RGBA")
    scale = SIDE * rng.uniform(0.62, 0.69) / max(cut.size)
    cut = cut.resize((int(cut.width * scale), int(cut.height * scale)), Image.Resampling.LANCZOS)
    corner = tuple(int(rng.integers(MARGIN, SIDE - MARGIN - length + 1)) for length in cut.size)
    scene.paste(cut, corner, cut)
    return scene


def _shot(scene: Image.Image, rng: np.random.Generator) -> Image.Image:
    """One of several photographs of a scene, with an unsteady hand and passing clouds."""
    side = int(SIDE * rng.uniform(0.95, 0.99))
    left, top = (int(offset) for offset in rng.integers(0, SIDE - side + 1, 2))
    turned = scene.rotate(rng.uniform(-2, 2), Image.Resampling.BICUBIC)
    seen = turned.crop((left, top, left + side, top + side)).resize((192, 192), Image.Resampling.LANCZOS)
    return ImageEnhance.Brightness(seen).enhance(rng.uniform(0.85, 1.15))


def _write_odd_files(folder: Path) -> None:
    """What lies in a folder beside photographs: notes, half a file, a kind that is not read, a finger on the lens."""
    (folder / "bird" / "notes.txt").write_text("Feed the hens.\n", encoding="utf-8")
    (folder / "bird" / "telephone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    whole = sorted((folder / "fruit").glob("*.jpg"))[0].read_bytes()
    (folder / "fruit" / "cut_off.jpg").write_bytes(whole[: len(whole) // 3])
    dark = Image.new("RGB", (192, 192), (14, 9, 8))
    ImageDraw.Draw(dark).ellipse((-60, 120, 90, 260), fill=(52, 26, 20))
    for class_name in ("flower", "mammal"):
        dark.save(folder / class_name / "finger_on_the_lens.jpg")
