import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from werkzeug.test import Client

from local.cloud.front_door import FrontDoor, Limits


class API(BaseHTTPRequestHandler):
    """Stands where API Gateway stands: tells what reached it, and answers as asked."""

    protocol_version = "HTTP/1.1"
    released = threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/api/wait"):
            self.released.wait(10)
        if self.path.startswith("/api/told"):
            told = {"path": self.path, "headers": dict(self.headers), "body": body.hex()}
            return self.answer(json.dumps(told).encode(), "application/json")
        kind = "text/plain" if self.path.startswith("/api/text") else "image/png"
        return self.answer(b"\xff" * int(self.path.rpartition("/")[2] or 0), kind)

    def answer(self, body, kind):
        self.send_response(201)
        for header in (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Keep-Alive", "x")):
            self.send_header(*header)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def api_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), API)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(api_url):
    """Open a door with these limits, and return a client before it."""
    doors = []

    def open_door(**limits):
        doors.append(FrontDoor(api_url, Limits(**limits)))
        return Client(doors[-1])

    yield open_door
    for door in doors:
        door.close()


def send(client, path="/told", **request):
    request["environ_overrides"] = {"REQUEST_URI": path, "REMOTE_ADDR": "127.0.0.1"}
    return client.post(path, **request)


class TestPassingOn:
    def test_path_and_query_arrive_as_they_were_sent(self, visit):
        told = send(visit(), "/told/a%20b%2Fc?x=%2F&x=1").json

        assert told["path"] == "/api/told/a%20b%2Fc?x=%2F&x=1"

    def test_host_is_kept_and_the_client_is_named(self, visit):
        told = send(visit(), base_url="http://localhost:8000").json["headers"]

        assert told["Host"] == told["X-Forwarded-Host"] == "localhost:8000"
        assert told["X-Forwarded-For"] == "127.0.0.1"
        assert told["X-Forwarded-Proto"] == "http"
        assert told["X-Forwarded-Port"] == "8000"

    def test_a_proxy_in_front_stays_first_in_line(self, visit):
        told = send(visit(), headers={"X-Forwarded-For": "203.0.113.7"}).json["headers"]

        assert told["X-Forwarded-For"] == "203.0.113.7, 127.0.0.1"

    def test_a_body_of_any_bytes_arrives_unchanged(self, visit):
        assert send(visit(), data=bytes(range(256))).json["body"] == bytes(range(256)).hex()

    def test_headers_of_one_connection_stay_there(self, visit):
        answer = send(visit(), headers={"Upgrade": "h2c", "TE": "trailers"})

        assert not {"Upgrade", "Te"} & set(answer.json["headers"])
        assert "Keep-Alive" not in answer.headers

    def test_every_cookie_of_an_answer_is_kept(self, visit):
        assert send(visit()).headers.getlist("Set-Cookie") == ["a=1", "b=2"]

    def test_status_and_binary_answers_come_back(self, visit):
        answer = send(visit(), "/binary/3")

        assert (answer.status_code, answer.data) == (201, b"\xff\xff\xff")


class TestLimits:
    def test_six_megabytes_may_come_in(self, visit):
        assert send(visit(), "/text/1", data=b"x" * 6 * 1024 * 1024).status_code == 201

    def test_more_than_six_megabytes_are_refused(self, visit):
        answer = send(visit(), data=b"x" * (6 * 1024 * 1024 + 1))

        assert (answer.status_code, answer.json) == (413, {"message": "Request Too Long"})

    def test_six_megabytes_of_text_may_go_out(self, visit):
        assert send(visit(), f"/text/{6 * 1024 * 1024}").status_code == 201

    def test_an_answer_over_six_megabytes_is_an_error(self, visit):
        answer = send(visit(), f"/text/{6 * 1024 * 1024 + 1}")

        assert (answer.status_code, answer.json) == (502, {"message": "Internal server error"})

    def test_binary_answers_count_as_base64(self, visit):
        assert send(visit(), f"/binary/{5 * 1024 * 1024}").status_code == 502

    def test_aws_waits_twenty_nine_seconds(self):
        assert Limits().seconds == 29

    def test_an_answer_that_takes_too_long_is_given_up(self, visit):
        API.released.clear()
        answer = send(visit(seconds=0.2), "/wait/1")
        API.released.set()

        assert answer.status_code == 504
        assert answer.json == {"message": "Endpoint request timed out"}

    def test_waiting_for_room_counts_as_waiting(self, visit):
        API.released.clear()
        client = visit(seconds=0.3, in_flight=1)
        statuses = []
        both = [
            threading.Thread(target=lambda: statuses.append(send(client, "/wait/1").status_code))
            for _ in range(2)
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        API.released.set()

        assert statuses == [504, 504]


def test_an_api_that_is_gone_is_a_bad_gateway():
    door = FrontDoor("http://127.0.0.1:9/api")

    answer = send(Client(door))
    door.close()

    assert answer.status_code == 502


def test_fifty_at_once_are_all_answered(visit):
    client = visit(in_flight=4)
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.append(send(client, "/text/10").status_code))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [201] * 50
