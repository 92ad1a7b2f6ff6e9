"""Stopping, killing and starting the whole of it, as a person at a terminal does."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from local.cloud.options import PROJECT, Ports
from local.cloud.ports import is_free
from local.cloud.running import RunningCopy, free_ports
from tests.support.stack import SharedStack


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """One copy for all of this file: each test leaves it running."""
    copy = SharedStack(tmp_path_factory.mktemp("lifecycle"), free_ports())
    copy.start()
    yield copy
    copy.stop()


def remember(copy, word):
    """Leave a word in the cloud, in a queue of our own."""
    copy.client("sqs").create_queue(QueueName=word)


def remembers(copy, word):
    urls = copy.client("sqs").list_queues(QueueNamePrefix=word).get("QueueUrls", [])
    return bool(urls)


def family(pid):
    """Return the ids of a process's descendants."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            child = int(stat.parent.name)
            found += [child, *family(child)]
    return found


def until(true, seconds=20):
    """Wait until something is so; return whether it came to be in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(pids, seconds=20):
    return until(lambda: not any(alive(pid) for pid in pids), seconds)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_clean_stop_frees_everything_and_keeps_the_data(copy):
    remember(copy, "stopped")
    children = family(copy.pid)

    code = copy.stop(signal.SIGTERM)

    assert code == 0
    assert gone(children, seconds=1)
    assert all(is_free(p) for p in (copy.ports.app, copy.ports.xero, copy.ports.cloud))
    assert copy.calls.made
    assert "lost" not in copy.start()
    assert remembers(copy, "stopped")


def test_a_signal_to_make_alone_stops_everything(copy):
    copy.stop()
    words = copy.home / "make.txt"
    with words.open("w") as out:
        make = subprocess.Popen(
            # A test worker ignores SIGINT, and what it starts would, too; a shell does not.
            ["env", "--default-signal=INT", "make", "run"],  # noqa: S607 - as people have them
            cwd=PROJECT,
            env=copy.environment(),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    assert until(lambda: "Workbill is at" in words.read_text(), seconds=60), words.read_text()
    remember(copy, "interrupted")
    children = family(make.pid)

    make.send_signal(signal.SIGINT)
    make.wait(20)

    assert gone(children)
    assert "lost" not in copy.start()
    assert remembers(copy, "interrupted")


def test_a_second_signal_does_not_hurt(copy):
    remember(copy, "twice")

    os.kill(copy.pid, signal.SIGINT)
    assert until(lambda: "Stopping" in (copy.home / "said.txt").read_text())
    # One that is on its way down cannot be asked which calls it saw.
    code = RunningCopy.stop(copy, signal.SIGINT)

    assert code == 0
    assert "lost" not in copy.start()
    assert remembers(copy, "twice")


def test_when_only_the_parent_is_killed_the_rest_saves_and_ends(copy):
    remember(copy, "orphaned")
    children = family(copy.pid)

    copy.stop(signal.SIGKILL)

    assert gone(children)
    assert "lost" not in copy.start()
    assert remembers(copy, "orphaned")


def test_after_everything_is_killed_it_starts_and_says_what_was_lost(copy):
    remember(copy, "killed")

    for pid in (copy.pid, *family(copy.pid)):
        os.kill(pid, signal.SIGKILL)
    copy.stop(signal.SIGKILL)
    said = copy.start()

    assert "killed before it could save" in said
    assert not remembers(copy, "killed")
    assert remembers(copy, "twice")


class TestInTheWay:
    def test_a_taken_port_is_one_sentence(self, tmp_path):
        ports = free_ports()
        with (
            socket.create_server(("127.0.0.1", ports.xero)),
            pytest.raises(RuntimeError) as refusal,
        ):
            RunningCopy(tmp_path, ports).start()

        assert str(refusal.value).strip() == (
            f"Port {ports.xero}, meant for the local Xero, is in use;"
            " stop what holds it or choose another with XERO_PORT=<number>."
        )

    def test_one_folder_serves_one_copy(self, copy):
        with pytest.raises(RuntimeError, match="Another run uses"):
            RunningCopy(copy.home, free_ports()).start()

    def test_two_copies_run_side_by_side(self, copy, tmp_path):
        second = RunningCopy(tmp_path, free_ports())
        second.start()
        remember(second, "second")

        assert not remembers(copy, "second")
        assert second.stop() == 0
        assert remembers(copy, "twice")

    def test_ports_that_clash_are_refused(self, tmp_path):
        with pytest.raises(RuntimeError, match="three different numbers"):
            RunningCopy(tmp_path, Ports(8000, 8000, 8001)).start()
