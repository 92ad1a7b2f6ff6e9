"""What a cold start costs, as a ratio to importing the libraries that any such service needs.

Each figure is the processor time of a fresh interpreter, the median of several, so that a busy
machine changes it little. The doors are asked through Chalice's own entry point, as Lambda does.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

PROJECT = Path(__file__).parents[1]
RUNS = 9
LIMIT = 1.3

PEER = """
import chalice, requests, botocore.session
botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")
"""

DOOR = """
import json, sys
from app import app
event = {{
    "httpMethod": "{method}", "path": "{path}", "resource": "{path}", "headers": {headers},
    "multiValueHeaders": {{}}, "pathParameters": None, "queryStringParameters": None,
    "multiValueQueryStringParameters": None, "stageVariables": None, "isBase64Encoded": False,
    "body": {body!r},
    "requestContext": {{"httpMethod": "{method}", "resourcePath": "{path}", "stage": "live",
        "path": "/live{path}", "identity": {{"sourceIp": "127.0.0.1"}}}},
}}
answer = app(event, None)
assert answer["statusCode"] == {status}, answer
"""

WEBHOOK = DOOR.format(
    method="POST",
    path="/webhooks/xero",
    headers={"content-type": "application/json", "x-xero-signature": "AAAA"},
    body='{"events": []}',
    status=401,
)
PAGE = DOOR.format(method="GET", path="/sign-in", headers={"host": "x"}, body="", status=200)


class Secrets(BaseHTTPRequestHandler):
    """Stands in for the secret store, so that the door's one call of AWS is a real one."""

    def do_POST(self) -> None:
        """Answer GetSecretValue."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        secret = {"client_id": "a", "client_secret": "b", "webhook_key": "c"}
        body = json.dumps({"SecretString": json.dumps(secret)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def measure() -> list[tuple[str, float, float]]:
    """Name, seconds of processor time, and ratio to the peer."""
    server = HTTPServer(("127.0.0.1", 0), Secrets)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = _environment(server.server_port)
    try:
        peer = _median(PEER, environment)
        rows = [("chalice, botocore client and requests", peer, 1.0)]
        for name, script in (("/webhooks/xero", WEBHOOK), ("a page, /sign-in", PAGE)):
            seconds = _median(script, environment)
            rows.append((f"import of the app and the first {name}", seconds, seconds / peer))
    finally:
        server.shutdown()
    return rows


def _median(script: str, environment: dict[str, str]) -> float:
    _cpu_seconds(script, environment)
    return statistics.median(_cpu_seconds(script, environment) for _ in range(RUNS))


def _cpu_seconds(script: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script], check=True, cwd=PROJECT, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment(port: int) -> dict[str, str]:
    tables = ["TENANTS", "TOKENS", "PEOPLE", "WORK", "REFERENCE", "INVOICES", "JOBS", "AUDIT"]
    return {
        **{f"{table}_TABLE": table.lower() for table in tables},
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "UPLOADS_BUCKET": "uploads",
        "WAKE_QUEUE_URL": f"http://127.0.0.1:{port}/queue",
        "TOKEN_KEY_ID": "key",
        "AUDIT_KEY_ID": "key",
        "XERO_SECRET_NAME": "secret",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "PUBLIC_BASE_URL": "http://localhost:8000",
    }
