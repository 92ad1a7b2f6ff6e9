"""An app's webhook endpoint that answers as a test tells it to."""

import base64
import hashlib
import hmac
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.xero.serve import DEFAULTS

KEY = DEFAULTS["webhook_key"]


class Endpoint(ThreadingHTTPServer):
    """An app's webhook door; told how to answer good and bad signatures."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Doorman)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/webhooks/xero"
        self.good, self.bad, self.body, self.cookie = 200, 401, b"", ""
        self.received = []


class Doorman(BaseHTTPRequestHandler):
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        digest = hmac.new(KEY.encode(), raw, hashlib.sha256).digest()
        good = base64.b64encode(digest).decode() == self.headers["x-xero-signature"]
        self.server.received.append((good, raw))
        self.send_response(self.server.good if good else self.server.bad)
        if self.server.cookie:
            self.send_header("Set-Cookie", self.server.cookie)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass
