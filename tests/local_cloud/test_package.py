import json
import tarfile

import pytest

from local.cloud.errors import CannotStartError
from local.cloud.package import package


@pytest.fixture
def project(tmp_path):
    """A Chalice project of one route."""
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice/resources.json").write_text("{}")
    config = {"version": "2.0", "app_name": "small", "stages": {"local": {}}}
    (tmp_path / ".chalice/config.json").write_text(json.dumps(config))
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "app.py").write_text(
        "from chalice import Chalice\napp = Chalice('small')\napp.route('/')(lambda: {})\n"
    )
    return tmp_path


def test_a_project_becomes_a_template(project):
    template = package(project, project / "out", stage="local", region="us-east-1")

    assert json.loads(template.read_text())["Transform"] == "AWS::Serverless-2016-10-31"


def test_an_app_that_does_not_import_is_one_sentence(project):
    (project / "app.py").write_text("import nowhere_to_be_found\n")

    with pytest.raises(CannotStartError, match="No module named 'nowhere_to_be_found'"):
        package(project, project / "out", stage="local", region="us-east-1")


BACKEND = """
from pathlib import Path

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = Path(folder, "in_c-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: in-c\\nVersion: 1.0\\n")
    return info.name

def build_wheel(*args, **settings):
    raise SystemExit("no compiler here")
"""


def add_source_only_dependency(project):
    """Let the project need a package that has no wheel and cannot be made into one."""
    source = project / "in_c-1.0"
    source.mkdir()
    (source / "backend.py").write_text(BACKEND)
    (source / "setup.py").write_text(
        "from setuptools import setup\nsetup(name='in-c', version='1.0')\n"
    )
    (source / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: in-c\nVersion: 1.0\n")
    with tarfile.open(project / "in_c-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, source.name)
    (project / "requirements.txt").write_text(f"--no-index\n--find-links {project}\nin-c==1.0\n")


def test_a_dependency_left_out_is_a_failure_every_time(project):
    add_source_only_dependency(project)

    for _ in range(2):
        with pytest.raises(CannotStartError, match=r"Could not install dependencies.*in-c==1\.0"):
            package(project, project / "out", stage="local", region="us-east-1")
