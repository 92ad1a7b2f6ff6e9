import pytest

from local.cloud.kept import Kept


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "home")


def write(kept, text):
    """Let both parts hold `text`, as a run that goes on does."""
    (kept.home / "cloud/state").mkdir(parents=True, exist_ok=True)
    (kept.home / "cloud/state/dynamodb.json").write_text(text)
    (kept.home / "xero.state").write_text(text)


def read(kept):
    files = (kept.home / "cloud/state/dynamodb.json", kept.home / "xero.state")
    return [file.read_text() if file.exists() else None for file in files]


def begin(kept):
    lost = kept.open()
    (kept.home / "cloud").mkdir(exist_ok=True)
    (kept.home / "cloud/saved").unlink(missing_ok=True)
    kept.mark_running()
    return lost


def end(kept, text):
    write(kept, text)
    (kept.home / "cloud/saved").touch()
    kept.mark_saved()


def test_the_first_start_has_lost_nothing(kept):
    assert begin(kept) is None


def test_a_clean_stop_loses_nothing(kept):
    begin(kept)
    end(kept, "one")

    assert begin(kept) is None
    assert read(kept) == ["one", "one"]


def test_after_a_kill_both_go_back_to_the_last_clean_stop(kept):
    begin(kept)
    end(kept, "one")
    begin(kept)
    write(kept, "two")

    lost = begin(kept)

    assert "killed before it could save" in lost
    assert "at the last clean stop" in lost
    assert read(kept) == ["one", "one"]


def test_after_a_kill_of_the_first_run_both_are_empty(kept):
    begin(kept)
    write(kept, "one")

    assert "at an empty start" in begin(kept)
    assert read(kept) == [None, None]


def test_two_kills_in_a_row_go_back_to_the_same_point(kept):
    begin(kept)
    end(kept, "one")
    for text in ("two", "three"):
        begin(kept)
        write(kept, text)

    begin(kept)

    assert read(kept) == ["one", "one"]


def test_a_kill_of_the_parent_alone_loses_nothing(kept):
    begin(kept)
    write(kept, "one")
    (kept.home / "cloud/saved").touch()

    assert begin(kept) is None
    assert read(kept) == ["one", "one"]


def test_what_others_may_not_read_is_in_a_private_folder(kept):
    begin(kept)

    assert kept.home.stat().st_mode & 0o077 == 0
