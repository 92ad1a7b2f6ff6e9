"""The settings of one deployment: the only place that reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.errors import MisconfiguredError

TABLES = (
    "tenants",
    "tokens",
    "people",
    "work",
    "reference",
    "invoices",
    "jobs",
    "audit",
)

REQUIRED = (
    *(f"{table.upper()}_TABLE" for table in TABLES),
    "UPLOADS_BUCKET",
    "WAKE_QUEUE_URL",
    "TOKEN_KEY_ID",
    "AUDIT_KEY_ID",
    "XERO_SECRET_NAME",
)

MAIL_ADDRESS = re.compile(r"([\w.+-]+@[\w-]+(\.[\w-]+)+)?", re.ASCII)
XERO_TIERS = ("starter", "core", "plus", "advanced", "enterprise")

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def in_lambda() -> bool:
    """Whether this process serves as a function, and not as a test or a command."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator chose, and the names of the resources the stack made.

    Secrets are not here: only the name of the entry that holds them.
    """

    public_base_url: str
    support_url: str
    xero_consent: str
    xero_login_url: str
    xero_identity_url: str
    xero_api_url: str
    xero_tier: str
    status_minutes: int
    status_minutes_with_webhooks: int
    tables: Mapping[str, str]
    uploads_bucket: str
    wake_queue_url: str
    token_key_id: str
    audit_key_id: str
    xero_secret_name: str
    mail_from: str
    """The address that e-mail is sent from; empty where none is sent."""

    local_webhooks: bool
    """Whether webhooks may go to this machine by http, to try them out; never where deployed."""

    @property
    def secure(self) -> bool:
        """Whether people reach this deployment by https."""
        return self.public_base_url.startswith("https://")

    @property
    def redirect_uri(self) -> str:
        """Where Xero sends people back to; registered with Xero, byte for byte."""
        return f"{self.public_base_url}/xero/callback"

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raises MisconfiguredError that lists every fault at once."""
        env = os.environ if environment is None else environment
        faults = [f"{name} is missing" for name in REQUIRED if not env.get(name)]
        faults += _address_faults(env)
        if not MAIL_ADDRESS.fullmatch(env.get("MAIL_FROM", "")):
            faults.append("MAIL_FROM is not a bare e-mail address")
        if env.get("XERO_CONSENT", "popup") not in {"popup", "page"}:
            faults.append("XERO_CONSENT is neither popup nor page")
        if env.get("XERO_TIER", "core").lower() not in XERO_TIERS:
            faults.append(f"XERO_TIER is none of {', '.join(XERO_TIERS)}")
        local = env.get("LOCAL_WEBHOOKS") or "deny"
        if local not in {"deny", "allow"}:
            faults.append("LOCAL_WEBHOOKS is neither deny nor allow")
        if local == "allow" and not _on_this_machine(env):
            faults.append("LOCAL_WEBHOOKS is allow where people reach Workbill from elsewhere")
        minutes = {
            name: _whole_minutes(env, name, default, faults)
            for name, default in (
                ("STATUS_MINUTES", "15"),
                ("STATUS_MINUTES_WITH_WEBHOOKS", "60"),
            )
        }
        if faults:
            raise MisconfiguredError("; ".join(faults) + ".")
        return cls(
            public_base_url=env.get("PUBLIC_BASE_URL", "").rstrip("/"),
            support_url=env.get("SUPPORT_URL", ""),
            xero_consent=env.get("XERO_CONSENT", "popup"),
            xero_login_url=_address(env, "XERO_LOGIN_URL", "https://login.xero.com"),
            xero_identity_url=_address(env, "XERO_IDENTITY_URL", "https://identity.xero.com"),
            xero_api_url=_address(env, "XERO_API_URL", "https://api.xero.com"),
            xero_tier=env.get("XERO_TIER", "core").lower(),
            status_minutes=minutes["STATUS_MINUTES"],
            status_minutes_with_webhooks=minutes["STATUS_MINUTES_WITH_WEBHOOKS"],
            tables={table: env[f"{table.upper()}_TABLE"] for table in TABLES},
            uploads_bucket=env["UPLOADS_BUCKET"],
            wake_queue_url=env["WAKE_QUEUE_URL"],
            token_key_id=env["TOKEN_KEY_ID"],
            audit_key_id=env["AUDIT_KEY_ID"],
            xero_secret_name=env["XERO_SECRET_NAME"],
            mail_from=env.get("MAIL_FROM", ""),
            local_webhooks=local == "allow",
        )


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    return (env.get(name) or default).rstrip("/")


def _on_this_machine(env: Mapping[str, str]) -> bool:
    return urlsplit(env.get("PUBLIC_BASE_URL", "")).hostname in LOOPBACK


def _address_faults(env: Mapping[str, str]) -> list[str]:
    """Xero refuses a document whose Url contains its own name; tokens never travel in clear."""
    faults = []
    if "xero" in env.get("PUBLIC_BASE_URL", "").lower():
        faults.append('PUBLIC_BASE_URL contains "xero", which Xero refuses in a link')
    for name in ("PUBLIC_BASE_URL", "XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"):
        address = urlsplit(env.get(name, ""))
        if address.geturl() and address.scheme != "https" and address.hostname not in LOOPBACK:
            faults.append(f"{name} is not https")
    return faults


def _whole_minutes(env: Mapping[str, str], name: str, default: str, faults: list[str]) -> int:
    text = env.get(name) or default
    if not text.isdigit() or not 1 <= int(text) <= 1440:  # noqa: PLR2004  minutes of a day
        faults.append(f"{name} is not a number of minutes from 1 to 1440")
        return 0
    return int(text)
