"""Packages the app into one CloudFormation template and two zip files, by Chalice."""

import os
import subprocess
import sys
from pathlib import Path

from local.cloud.errors import CannotStartError

# Chalice says this, goes on, and exits 0: the function would die on its first import.
INCOMPLETE = "Could not install dependencies"


def package(project: Path, out: Path, *, stage: str, region: str) -> Path:
    """Write sam.json, deployment.zip and layer-deployment.zip to `out`; return sam.json.

    Raises CannotStartError with Chalice's own words when anything is left out.
    """
    result = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("chalice")), "package"),
            *("--stage", stage),
            *("--merge-template", str(project / ".chalice/resources.json")),
            str(out),
        ],
        cwd=project,
        env={**os.environ, "AWS_DEFAULT_REGION": region},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = result.stdout + result.stderr
    if result.returncode != 0 or INCOMPLETE in said:
        raise CannotStartError(f"Chalice could not package the app: {_reason(said)}")
    return out / "sam.json"


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    incomplete = [i for i, line in enumerate(lines) if INCOMPLETE in line]
    if incomplete:
        return " ".join(lines[incomplete[0] :])
    return lines[-1] if lines else "it gave no reason"
