import subprocess
import sys
import zipfile

import pytest

from local.cloud.options import PROJECT


@pytest.fixture(scope="module")
def code(packaged):
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        yield archive


@pytest.fixture(scope="module")
def layer(packaged):
    with zipfile.ZipFile(packaged / "layer-deployment.zip") as archive:
        yield archive


# Where a layer keeps packages: python/lib/python3.11/site-packages.
SITE = f"python/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/"


def top(archive):
    return {name.split("/")[0] for name in archive.namelist()}


def size(archive, *folders):
    """Return the compressed bytes of everything under these folders, or of all."""
    return sum(
        entry.compress_size
        for entry in archive.infolist()
        if not folders or entry.filename.startswith(folders)
    )


def test_only_the_app_itself_is_packaged(code):
    assert top(code) == {"app.py", "chalice", "chalicelib"}


def test_nothing_of_one_machine_or_of_tests_is_packaged(code, layer):
    names = [*code.namelist(), *(n.removeprefix(SITE) for n in layer.namelist())]

    assert not [n for n in names if n.split("/")[0] in {"local", "tests", "bench"}]
    assert not [n for n in names if n.rpartition("/")[2] in {".env", ".DS_Store"}]
    assert not [n for n in code.namelist() if n.endswith(".pyc")]


def test_chalice_comes_without_its_command_line(code, layer):
    shipped = {n.removeprefix(SITE).split("/")[0] for n in layer.namelist()}
    chalice = {n for n in code.namelist() if n.startswith("chalice/")}

    assert not {n for n in chalice if n.startswith(("chalice/cli", "chalice/deploy"))}
    assert not shipped & {"pip", "setuptools", "wheel", "yaml", "click", "inquirer", "blessed"}
    assert not shipped & {"moto", "pytest", "ministack", "flask", "playwright"}


def test_the_package_is_small_beside_botocore(code, layer):
    beside = size(code) + size(layer) - size(layer, f"{SITE}botocore/")

    assert beside <= 15 * 1000 * 1000


def test_our_own_code_is_small(code):
    """The budgets of docs/adr/0013: Python, and what pages are drawn with."""
    ours = [e for e in code.infolist() if e.filename.startswith(("app.py", "chalicelib/"))]
    python = [e for e in ours if e.filename.endswith(".py")]

    assert sum(e.compress_size for e in python) <= 750 * 1000
    assert sum(e.compress_size for e in ours if e not in python) <= 130 * 1000


def test_what_is_unzipped_stays_within_lambdas_limit(code, layer):
    everything = sum(e.file_size for archive in (code, layer) for e in archive.infolist())

    assert everything <= 250 * 1024 * 1024


def test_the_package_runs_with_nothing_but_itself(code, layer, tmp_path):
    # The local cloud runs functions in the development environment, where a package that
    # was forgotten would be found all the same.
    code.extractall(tmp_path / "code")
    layer.extractall(tmp_path / "layer")
    path = [str(tmp_path / "code"), str(tmp_path / "layer" / SITE)]

    alone = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path += {path}; import app"],
        cwd=tmp_path,
        env={"AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert alone.stderr == ""
    assert alone.returncode == 0


def test_every_file_of_the_app_is_packaged(code):
    ours = {
        str(file.relative_to(PROJECT))
        for file in (PROJECT / "chalicelib").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert ours <= set(code.namelist())
