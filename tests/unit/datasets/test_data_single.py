"""A picture of the reader's own: upright and in colour, or one line that says what to do."""

import numpy as np
import pytest
from PIL import Image

from course_utils import datasets


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_picture_comes_back_as_rgb(tmp_path, ending):
    pixels = np.full((6, 9, 3), [200, 30, 90], dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / f"mine.{ending}", quality=100, subsampling=0)
    read = datasets.read_picture(tmp_path / f"mine.{ending}")
    assert read.dtype == np.uint8 and read.shape == (6, 9, 3)
    assert np.abs(read.astype(int) - pixels).max() <= 2


def test_a_telephone_s_photograph_stands_upright(tmp_path):
    pixels = np.zeros((4, 8, 3), dtype=np.uint8)
    pixels[:, :2] = 255  # a light band at the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise: the band belongs at the top
    Image.fromarray(pixels).save(tmp_path / "mine.png", exif=exif)
    read = datasets.read_picture(tmp_path / "mine.png")
    assert read.shape == (8, 4, 3) and read[:2].min() == 255 and read[2:].max() == 0


def test_a_missing_file_is_told_with_what_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(datasets.DataError, match="Pictures here: none"):
        datasets.read_picture("holiday.jpg")
    for name in ("notes.ipynb", "apple.png", "Holiday.JPG", *(f"b{number}.jpg" for number in range(9))):
        (tmp_path / name).touch()
    with pytest.raises(datasets.DataError, match=r"'holiday\.jpg'.*Pictures here: Holiday\.JPG.*…\.$") as caught:
        datasets.read_picture("holiday.jpg")
    assert "ipynb" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_told_in_one_line(tmp_path, content):
    (tmp_path / "mine.jpg").write_bytes(content)
    with pytest.raises(datasets.DataError, match=r"^mine\.jpg cannot be read.*Save it as JPEG or PNG\.$") as caught:
        datasets.read_picture(tmp_path / "mine.jpg")
    assert "\n" not in str(caught.value)


def test_what_to_do_with_a_heic_photograph_is_said_once(tmp_path):
    (tmp_path / "mine.jpg").write_bytes(b"\0\0\0\x24ftypheic\0\0\0\0mif1MiHEmiafMiHBheic" + bytes(200))
    with pytest.raises(datasets.DataError, match=r"HEIC.*Most Compatible\.$") as caught:
        datasets.read_picture(tmp_path / "mine.jpg")
    assert str(caught.value).lower().count("save it as") == 1
