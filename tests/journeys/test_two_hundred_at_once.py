"""Promise 5 under load: an expired access token is refreshed by one, whoever else comes.

Two things are tried. 200 requests at the front door, as many at once as it lets in, are answered
by several processes of the function; but an organisation's lane lets one of them at a time reach
Xero, so they meet at the lane and hardly at the token. 200 calls without a lane do meet there:
four processes are given what a function is given, reach the deployed tables and key, and begin
all their calls at the same moment.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from local.cloud.aws import OWNER
from local.cloud.ministack import REGION
from local.cloud.options import PROJECT
from tests.support.functions import schedules_away
from tests.support.work import draft

PROCESSES, THREADS = 4, 50
CALLS = 200
REQUESTS, REQUESTS_AT_ONCE = 200, 12
AFTER_A_LOSS = 60
TOKEN = "/connect/token"


@pytest.fixture
def unlimited(stack, xero):
    """Xero takes as many calls as come, and nobody counts others meanwhile."""
    xero.ask("POST", "limits", {"enabled": False})
    with schedules_away(stack):
        yield xero
    xero.ask("POST", "limits", {"enabled": True})


def refreshes(xero):
    return len(xero.ask("GET", f"calls?method=POST&path={TOKEN}")["calls"])


def expire(xero):
    xero.ask("DELETE", "calls")
    xero.ask("POST", "tokens/expire", {})


def racer(stack, tenant_id):
    """A process that has all that a function has, and waits for the start."""
    name = stack.function("worker")
    settings = stack.client("lambda").get_function_configuration(FunctionName=name)
    env = {
        **os.environ,
        **settings["Environment"]["Variables"],
        "AWS_ENDPOINT_URL": stack.cloud_url,
        "AWS_ACCESS_KEY_ID": OWNER[0],
        "AWS_SECRET_ACCESS_KEY": OWNER[1],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }
    return subprocess.Popen(  # noqa: S603  this very Python and a module of ours
        [sys.executable, "-m", "tests.support.racer", tenant_id, str(THREADS)],
        cwd=PROJECT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def race(stack, tenant_id):
    """How 200 calls ended that several processes began at the same moment."""
    with ExitStack() as running:
        racers = [running.enter_context(racer(stack, tenant_id)) for _ in range(PROCESSES)]
        for one in racers:
            assert one.stdout.readline() == "ready\n"
        with ThreadPoolExecutor(PROCESSES) as pool:
            said = list(pool.map(lambda one: one.communicate("go\n", timeout=60)[0], racers))
    # Before it stands what a function would log.
    stack.observed.words += said
    return [ended for words in said for ended in json.loads(words.splitlines()[-1])]


def test_two_hundred_calls_of_several_processes_refresh_once(stack, connected, demo, unlimited):
    connection = connected.program.get("/connection")
    expire(unlimited)
    unlimited.ask("POST", "faults", {"kind": "slow", "path": TOKEN, "seconds": 2})

    ended = race(stack, demo["tenant_id"])

    assert len(ended) == CALLS
    assert set(ended) == {connection["organisation_name"]}
    assert refreshes(unlimited) == 1


def test_two_hundred_calls_outlive_the_lost_answer_of_a_refresh(
    stack, connected, demo, unlimited
):
    connection = connected.program.get("/connection")
    expire(unlimited)
    unlimited.ask("POST", "faults", {"kind": "drop", "when": "after", "path": TOKEN})

    ended = race(stack, demo["tenant_id"])

    assert set(ended) == {connection["organisation_name"]}
    # The one that was lost, and the same refresh token again.
    assert refreshes(unlimited) == 2
    assert connected.program.get("/connection")["state"] == "active"


@pytest.fixture
def ask(connected, demo, unlimited):
    """Asks so many times at the front door for what one invoice is in Xero."""
    invoice = draft(connected.program)
    connected.program.post(f"/invoices/{invoice['id']}/send")
    # With the token of a race before, the worker would meet two ends of a token in one call.
    connected.program.finished(connected.program.post("/imports/clients"))
    expire(unlimited)
    address = f"{demo['base_url']}/api/v1/invoices/{invoice['id']}/sync"
    headers = {"Authorization": f"Bearer {demo['api_key']}"}

    def one(_number):
        return requests.post(address, headers=headers, json={}, timeout=60).status_code

    def many(requests_made):
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
            return list(pool.map(one, range(requests_made)))

    return many


def processes(stack, since):
    """How many processes of the function at the door wrote anything since then."""
    found = stack.client("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{stack.function('app')}", startTime=int(since * 1000)
    )
    return len({event["logStreamName"] for event in found["events"]})


def test_two_hundred_requests_at_the_front_door_refresh_once(stack, connected, ask, unlimited):
    began = time.time()

    answers = ask(REQUESTS)

    assert len(answers) == REQUESTS
    assert set(answers) <= {200, 202}
    assert refreshes(unlimited) == 1
    assert processes(stack, began) > 1
    assert connected.program.get("/connection")["state"] == "active"


def test_requests_at_the_front_door_outlive_the_lost_answer_of_a_refresh(
    connected, ask, unlimited
):
    unlimited.ask("POST", "faults", {"kind": "drop", "when": "after", "path": TOKEN})

    answers = ask(AFTER_A_LOSS)

    assert set(answers) <= {200, 202}
    # The one that was lost, and the same refresh token again.
    assert refreshes(unlimited) == 2
    assert connected.program.get("/connection")["state"] == "active"
