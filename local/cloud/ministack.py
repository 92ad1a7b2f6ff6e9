"""MiniStack as a child process: how it is configured, and its own entry point.

It runs under this module rather than its own command so that it leaves a mark once all
of its state is on disk.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from local.cloud.child import Child
from local.cloud.key_conditions import read_once
from local.cloud.options import Options
from local.cloud.unpacked import unpack_once

REGION = "us-east-1"
ACCOUNT = "000000000000"
SAVED = "saved"


def child(options: Options) -> Child:
    """Return MiniStack ready to start; its state lies under `home/cloud`."""
    home = options.home / "cloud"
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    (home / SAVED).unlink(missing_ok=True)
    return Child(
        "MiniStack",
        "local.cloud.ministack",
        log=options.home / "logs/ministack.log",
        env=_environment(options, home),
        cwd=options.project,
    )


def _environment(options: Options, home: Path) -> Mapping[str, str]:
    """Name everything MiniStack sees: the functions inherit it, so nothing else may."""
    return {
        "PATH": options.env.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TMPDIR": str(home / "tmp"),
        "GATEWAY_PORT": str(options.ports.cloud),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",  # Nothing here runs in containers.
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home / "objects"),
        "AUTH": "true",  # Policies are enforced, as in AWS.
        "CLOUDTRAIL_RECORDING": "1",
        "CLOUDTRAIL_MAX_EVENTS": "200000",
        "LOG_LEVEL": options.env.get("CLOUD_LOG_LEVEL", "INFO"),
    }


def main() -> None:
    """Serve until SIGTERM, save, and only then leave the mark that all is saved."""
    os.umask(0o077)  # Saved state holds secrets.
    from ministack.app import main as serve  # It reads its environment here.
    from ministack.core import lambda_runtime
    from ministack.services import dynamodb

    read_once(dynamodb)
    unpack_once(lambda_runtime)
    sys.argv[1:] = []
    serve()
    (Path(os.environ["STATE_DIR"]).parent / SAVED).touch()


if __name__ == "__main__":
    main()
