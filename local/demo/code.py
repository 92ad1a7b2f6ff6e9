"""`make code`: the second-factor code of the demo tenant, as its authenticator shows it."""

import json
import os
import sys

import pyotp

from local.cloud.options import Options


def main() -> int:
    """Return 0 after printing the code, else 1 after one sentence."""
    path = Options.from_env(os.environ).home / "demo.json"
    if not path.exists():
        print("There is no demo tenant yet: start Workbill by `make run`.", file=sys.stderr)
        return 1
    print(pyotp.TOTP(json.loads(path.read_text())["totp_secret"]).now())
    return 0


if __name__ == "__main__":
    sys.exit(main())
