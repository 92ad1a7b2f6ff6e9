"""Packages the app into one CloudFormation template and two zip files, by Chalice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from local.cloud.errors import CannotStartError
from local.cloud.options import PROJECT

# Chalice says this, goes on, and exits 0: the function would die on its first import.
INCOMPLETE = "Could not install dependencies"

DEPLOY = """
Deploy it with your own bucket for the two files, in the region you want:

  aws cloudformation package --template-file build/package/sam.json \\
    --s3-bucket YOUR-BUCKET --output-template-file build/package/packaged.yaml
  aws cloudformation deploy --template-file build/package/packaged.yaml \\
    --s3-bucket YOUR-BUCKET --stack-name workbill --capabilities CAPABILITY_IAM \\
    --parameter-overrides XeroClientId=... XeroClientSecret=... XeroWebhookKey=...

Then once more with PublicBaseUrl=<the PublicAddress among the stack's outputs>."""


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
    if INCOMPLETE in said:
        # Chalice would take the incomplete layer from its cache next time, and say nothing.
        shutil.rmtree(project / ".chalice/deployments", ignore_errors=True)
    if result.returncode != 0 or INCOMPLETE in said:
        raise CannotStartError(f"Chalice could not package the app: {_reason(said)}")
    _leave_out_compiled(out / "deployment.zip")
    return out / "sam.json"


def _leave_out_compiled(archive: Path) -> None:
    """Take out what Python compiled on this machine: Chalice packages whatever is there."""
    fresh = archive.with_suffix(".fresh")
    with ZipFile(archive) as old, ZipFile(fresh, "w") as new:
        for entry in old.infolist():
            if not entry.filename.endswith(".pyc"):
                new.writestr(entry, old.read(entry))
    fresh.replace(archive)


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    incomplete = [i for i, line in enumerate(lines) if INCOMPLETE in line]
    if incomplete:
        return " ".join(lines[incomplete[0] :])
    return lines[-1] if lines else "it gave no reason"


def main() -> int:
    """Package for AWS into build/package and say how to deploy it."""
    out = PROJECT / "build/package"
    try:
        template = package(PROJECT, out, stage="prod", region="us-east-1")
    except CannotStartError as reason:
        print(reason, file=sys.stderr)
        return 1
    for file in (template, out / "deployment.zip", out / "layer-deployment.zip"):
        print(f"{file.relative_to(PROJECT)}  {file.stat().st_size / 1e6:.2f} MB")
    print(DEPLOY)
    return 0


if __name__ == "__main__":
    sys.exit(main())
