import json

import pytest

from local.cloud.options import PROJECT
from local.cloud.package import package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory):
    """The folder with the template and the zip files that go to AWS."""
    out = tmp_path_factory.mktemp("package")
    package(PROJECT, out, stage="prod", region="us-east-1")
    return out


@pytest.fixture(scope="session")
def template(packaged):
    return json.loads((packaged / "sam.json").read_text())
