"""What a start of the local cloud was asked for, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.cloud.errors import CannotStartError

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ports:
    """The three doors, all on this machine only."""

    app: int
    xero: int
    cloud: int

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Ports":
        """Read PORT, XERO_PORT and CLOUD_PORT; two of the same number are refused."""
        ports = cls(
            _port(env, "PORT", 8000),
            _port(env, "XERO_PORT", 8001),
            _port(env, "CLOUD_PORT", 4566),
        )
        if len({ports.app, ports.xero, ports.cloud}) < 3:
            raise CannotStartError(
                f"PORT ({ports.app}), XERO_PORT ({ports.xero}) and CLOUD_PORT"
                f" ({ports.cloud}) must be three different numbers."
            )
        return ports


@dataclass(frozen=True, slots=True)
class Options:
    """Where the project is, where its local state is kept, and on which ports it runs."""

    ports: Ports
    project: Path
    home: Path
    env: Mapping[str, str]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Options":
        """Default to this project and its `.local`; LOCAL_DIR moves the latter."""
        home = Path(env.get("LOCAL_DIR") or PROJECT / ".local")
        return cls(Ports.from_env(env), PROJECT, home.absolute(), dict(env))

    @property
    def base_url(self) -> str:
        """The address that links, redirects and webhooks use."""
        return self.env.get("PUBLIC_BASE_URL") or f"http://localhost:{self.ports.app}"

    @property
    def xero_url(self) -> str:
        """Not `localhost`: Workbill and Xero are different sites, as in life."""
        return f"http://127.0.0.1:{self.ports.xero}"

    @property
    def cloud_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.cloud}"


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStartError(f"{name} must be a port number from 1 to 65535, not {text!r}.")
    return int(text)
