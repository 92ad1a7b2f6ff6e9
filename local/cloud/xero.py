"""Which Xero the stack talks to: the local one, or the one the environment names."""

import json
import urllib.request
from collections.abc import Mapping

from local.cloud.child import Child
from local.cloud.errors import CannotStartError
from local.cloud.options import Options

REAL_ADDRESSES = {
    "XERO_LOGIN_URL": "https://login.xero.com",
    "XERO_IDENTITY_URL": "https://identity.xero.com",
    "XERO_API_URL": "https://api.xero.com",
}
# What the local Xero knows this app as; it is no secret, and opens nothing else.
LOCAL_APP = {
    "XeroClientId": "LOCALXEROCLIENTID00000000000000",
    "XeroClientSecret": "local-xero-secret",
    "XeroWebhookKey": "local-xero-webhook-key",
}


def is_elsewhere(env: Mapping[str, str]) -> bool:
    """Say whether the environment names an app of another Xero than the local one."""
    named = [name for name in ("XERO_CLIENT_ID", "XERO_CLIENT_SECRET") if env.get(name)]
    if len(named) == 1 or (not named and any(env.get(name) for name in REAL_ADDRESSES)):
        raise CannotStartError(
            "To use another Xero, set both XERO_CLIENT_ID and XERO_CLIENT_SECRET."
        )
    return bool(named)


def parameters(options: Options) -> dict[str, str]:
    """Return the stack's parameters that say where Xero is and who we are there."""
    env = options.env
    if not is_elsewhere(env):
        addresses = dict.fromkeys(REAL_ADDRESSES, options.xero_url)
        return {**LOCAL_APP, **_as_parameters(addresses)}
    return {
        "XeroClientId": env["XERO_CLIENT_ID"],
        "XeroClientSecret": env["XERO_CLIENT_SECRET"],
        "XeroWebhookKey": env.get("XERO_WEBHOOK_KEY", ""),
        **_as_parameters({n: env.get(n) or url for n, url in REAL_ADDRESSES.items()}),
    }


def child(options: Options) -> Child:
    """Return the local Xero ready to start; it keeps its own state in one file."""
    return Child(
        "The local Xero",
        "local.xero",
        *("--port", str(options.ports.xero)),
        *("--state", str(options.home / "xero.state")),
        *("--redirect-uri", f"{options.base_url}/xero/callback"),
        *("--webhook-url", f"{options.base_url}/webhooks/xero"),
        log=options.home / "logs/xero.log",
        env=options.env,
        cwd=options.project,
    )


def check_webhook_door(options: Options) -> str | None:
    """Have the local Xero do its intent-to-receive check; return why it failed, or None."""
    request = urllib.request.Request(  # noqa: S310 - our own http address
        f"{options.xero_url}/_control/webhooks/intent-to-receive", method="POST", data=b"{}"
    )
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            checked = json.load(answer)
    except OSError as error:
        return str(error)
    if checked["ok"]:
        return None
    wrong = next((check for check in checked["checks"] if not check["ok"]), {})
    return f"answered {wrong.get('status')} {wrong.get('note') or ''}".strip()


def _as_parameters(settings: Mapping[str, str]) -> dict[str, str]:
    """Turn XERO_LOGIN_URL into XeroLoginUrl, which is how CloudFormation wants names."""
    return {name.title().replace("_", ""): value for name, value in settings.items()}
