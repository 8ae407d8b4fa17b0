"""Makes the pictures of this folder from Debian's package tuxpaint-stamps-default 2022.06.04-1.

    apt-get download tuxpaint-stamps-default=2022.06.04-1
    dpkg-deb -x tuxpaint-stamps-default_2022.06.04-1_all.deb unpacked
    python data/cutouts/make.py unpacked

Each object of objects.csv is cut out of its empty margin, reduced to at most 176 pixels (nearly what pictures of 224
need) or, where it is small, doubled and given a smooth edge. It is written as a PNG with transparency, which every
version of Pillow reads to the same pixels; their sums are in pixels.sha256.
"""

import csv
import hashlib
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

HERE = Path(__file__).parent
LONGEST = 176
SHORT = 110  # a longest side below this is doubled, and its stepped edge made round


def cut_out(path: Path) -> Image.Image:
    """The object as RGBA, without its margin; where nothing is to be seen, the colour is black."""
    with Image.open(path) as image:
        rgba = image.convert("RGBA")
    alpha = rgba.getchannel("A")
    if not any(alpha.histogram()[1:255]):  # a hard edge, one pixel of the old background on it: take that away
        alpha = alpha.filter(ImageFilter.MinFilter(3))
        alpha = ImageChops.darker(alpha, alpha.filter(ImageFilter.BoxBlur(1)))
    alpha = alpha.point([0 if a < 16 else a for a in range(256)])  # stray specks that nobody sees
    rgba.putalpha(alpha)
    rgba = rgba.crop(alpha.getbbox())
    if max(rgba.size) > LONGEST:
        share = LONGEST / max(rgba.size)
        rgba = rgba.resize(tuple(max(1, round(side * share)) for side in rgba.size), Image.Resampling.BICUBIC)
    if max(rgba.size) < SHORT:
        rgba = rgba.convert("RGBa").resize([2 * side for side in rgba.size], Image.Resampling.LANCZOS).convert("RGBA")
        soft = rgba.getchannel("A").filter(ImageFilter.GaussianBlur(2))
        edge = soft.point([min(255, max(0, (a - 128) * 3 + 96)) for a in range(256)])
        rgba.putalpha(ImageChops.darker(edge, rgba.getchannel("A")))
    seen = rgba.getchannel("A").point([0] + [255] * 255)
    return Image.composite(rgba, Image.new("RGBA", rgba.size), seen).crop(seen.getbbox())


def main() -> None:
    """Write every picture, and the sums of their pixels."""
    stamps = Path(sys.argv[1]) / "usr" / "share" / "tuxpaint" / "stamps"
    sums = []
    with (HERE / "objects.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            target = HERE / row["file"]
            target.parent.mkdir(exist_ok=True)
            image = cut_out(stamps / row["source"])
            image.save(target, optimize=True)
            sums.append(f"{hashlib.sha256(image.tobytes()).hexdigest()}  {row['file']}")
    (HERE / "pixels.sha256").write_text("\n".join(sums) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
