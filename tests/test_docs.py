"""What the documents say is so."""

import ast
import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text()
SETTINGS_TABLE = README.partition("## Settings")[2].partition("\n## ")[0]
OPERATORS_SECRETS = {"XERO_CLIENT_ID", "XERO_CLIENT_SECRET", "XERO_WEBHOOK_KEY"}


def settings_of_the_code() -> set[str]:
    """Every name in capitals that settings.py asks the environment for."""
    tree = ast.parse((PROJECT / "chalicelib" / "settings.py").read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {text for text in texts if isinstance(text, str)}
    tables = {f"{table.upper()}_TABLE" for table in _tables()}
    found = {text for text in named if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", text)}
    return (found | tables) - {"AWS_LAMBDA_FUNCTION_NAME"}


def _tables() -> tuple[str, ...]:
    from chalicelib.settings import TABLES

    return TABLES


def test_the_settings_table_is_complete():
    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", SETTINGS_TABLE))
    on_one_machine = {"PORT", "XERO_PORT", "CLOUD_PORT", "LOCAL_DIR", "CHROMIUM"}

    assert named == settings_of_the_code() | OPERATORS_SECRETS | on_one_machine


def test_every_function_is_given_every_setting():
    resources = json.loads((PROJECT / ".chalice" / "resources.json").read_text())["Resources"]
    functions = ("APIHandler", "Worker", "SyncTick", "BillingRun", "Upkeep", "MakeTenant")
    for name in functions:
        given = set(resources[name]["Properties"]["Environment"]["Variables"])
        assert given == settings_of_the_code(), name


def test_only_settings_reads_the_environment():
    readers = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "chalicelib").rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text())
    }

    # identity.py writes: oauthlib takes leave to talk to a loopback address from there alone.
    assert readers == {"chalicelib/settings.py", "chalicelib/xero/identity.py"}


@pytest.mark.parametrize(
    "page", ["README.md", *(p.as_posix() for p in Path("docs").rglob("*.md"))]
)
def test_links_lead_somewhere(page):
    path = PROJECT / page
    for target in re.findall(r"\]\(([^)#]+)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{page} links to {target}"


def test_every_folder_the_readme_names_is_there():
    for name in re.findall(r"^\| `([\w./]+(?:\.py|/))` \|", README, re.MULTILINE):
        assert (PROJECT / name).exists(), name


def test_decision_records_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (PROJECT / "docs" / "adr").glob("*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
