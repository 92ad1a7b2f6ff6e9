import signal
import socket
import subprocess
import sys

import pytest
import requests

from local.xero import state
from local.xero.app import create_app
from local.xero.serve import Server, default_app
from local.xero.testing import running
from local.xero.world import World


def test_everything_that_lasts_comes_back(visitor, world, tmp_path, signing):
    tokens = visitor.connect()
    sent = {"body": {"Contacts": [{"Name": "Kept"}]}, "Idempotency_Key": "kept"}
    made = visitor.call(tokens, "PUT", "/Contacts", **sent)
    state.save(world, tmp_path / "state")

    other = World(default_app(), signing)
    assert state.load(other, tmp_path / "state")
    later = type(visitor)(create_app(other), other)
    assert later.call(tokens, "PUT", "/Contacts", **sent).data == made.data
    assert "Kept" in later.call(tokens, "GET", "/Contacts").text
    assert later.refresh(tokens["refresh_token"]).status_code == 200


def test_changes_after_a_restart_are_still_announced(visitor, world, tmp_path, signing):
    tokens = visitor.connect()
    state.save(world, tmp_path / "state")
    other = World(default_app(), signing)
    state.load(other, tmp_path / "state")
    later = type(visitor)(create_app(other), other)
    later.call(tokens, "PUT", "/Contacts", body={"Contacts": [{"Name": "New"}]})
    assert [event.event_type for event in other.outbox] == ["CREATE"]


def test_missing_file_means_a_fresh_start(tmp_path, world):
    assert not state.load(world, tmp_path / "nothing")


@pytest.mark.parametrize("content", [b"", b"not a pickle", b"\x80\x04}."])
def test_damaged_file_is_told_in_one_sentence(tmp_path, content, capsys):
    saved = tmp_path / "state"
    saved.write_bytes(content)
    with running(saved=saved) as server:
        assert len(server.world.organisations) == 4
    told = capsys.readouterr().err
    assert str(saved) in told
    assert told.count("\n") == 1


def test_restart_keeps_data_and_takes_new_options(tmp_path):
    saved = tmp_path / "state"
    with running(saved=saved) as server:
        tenants = set(server.world.organisations)
    with running(saved=saved, redirect_uri="http://localhost:9999/cb") as server:
        assert set(server.world.organisations) == tenants
        (app,) = server.world.apps.values()
        assert app.redirect_uris[0] == "http://localhost:9999/cb"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_cleanly_and_keeps_the_data(tmp_path, number):
    saved = tmp_path / "state"
    command = [sys.executable, "-m", "local.xero", "--port", "0", "--state", str(saved)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, **pipes)  # noqa: S603 - its own command
    try:
        url = process.stdout.readline().split()[-1]
        name = {"country": "NZ", "name": "Made Before The Stop"}
        requests.post(f"{url}/_control/organisations", json=name, timeout=10)
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, "")
    again = World(default_app())
    state.load(again, saved)
    assert "Made Before The Stop" in {one.name for one in again.organisations.values()}


def test_port_in_use_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "local.xero", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(  # noqa: S603 - its own command
            command, capture_output=True, text=True, check=False, timeout=30
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_stopping_frees_the_port():
    with running() as server:
        port = server.port
    again = Server(port=port)
    again.stop()
    again.run()
    assert again.port == port
