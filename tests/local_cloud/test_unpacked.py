"""Each archive of a function is unpacked once, for all of its processes."""

import tempfile
import zipfile
from pathlib import Path

import pytest

from local.cloud.unpacked import OnceUnpacked


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "code.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("app.py", "print('here')\n")
        made.writestr("chalicelib/doors.py", "")
    return path


def unpack(archive, name):
    place = archive.parent / name
    place.mkdir()
    with OnceUnpacked(archive) as opened:
        judged = opened.namelist()
        opened.extractall(place)
    return place, judged


def test_all_processes_find_the_same_files(archive):
    first, judged = unpack(archive, "first")
    second, again = unpack(archive, "second")

    assert (first / "app.py").read_text() == (second / "app.py").read_text() == "print('here')\n"
    assert first.resolve() == second.resolve()
    assert sorted(judged) == ["app.py", "chalicelib/doors.py"]
    assert again == []


def test_another_archive_is_another_place(archive):
    first, _ = unpack(archive, "first")
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr("more.py", "")

    second, _ = unpack(archive, "second")

    assert not (first / "more.py").exists()
    assert (second / "more.py").exists()


def test_a_process_that_ends_takes_nothing_away_from_the_others(archive):
    first, _ = unpack(archive, "first")
    second, _ = unpack(archive, "second")

    first.unlink()

    assert (Path(second) / "app.py").exists()
