import pytest

from course_utils import paths, recorded


def test_what_was_saved_and_published_is_read_back_with_its_origin(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "build_folder", lambda: tmp_path)
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path / "results")
    line = recorded.save("04_programs", {"a": [0.9, 0.91]}, data="Fashion-MNIST", seeds=range(2))
    read = recorded.load("04_programs")
    assert "04_programs.json" in line
    assert read.figures == {"a": [0.9, 0.91]}
    assert "Fashion-MNIST, seeds 0, 1, tensorflow" in str(read)


def test_what_json_cannot_hold_leaves_what_was_there(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "build_folder", lambda: tmp_path)
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path / "results")
    recorded.save("x", 1, data="none", seeds=[0])
    with pytest.raises(ValueError, match="JSON"):
        recorded.save("x", float("nan"), data="none", seeds=[0])
    assert recorded.load("x").figures == 1


def test_a_name_that_was_never_recorded_is_refused():
    with pytest.raises(FileNotFoundError, match=r"recorded as 'never'\. Recorded:"):
        recorded.load("never")
