import compileall
import json

import pytest

from local.cloud.options import PROJECT
from local.cloud.package import package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory):
    """The folder with the template and the zip files that go to AWS."""
    out = tmp_path_factory.mktemp("package")
    # As after any run of the app; what is compiled here is of no use there.
    compileall.compile_dir(PROJECT / "chalicelib", quiet=1)
    package(PROJECT, out, stage="prod", region="us-east-1")
    return out


@pytest.fixture(scope="session")
def template(packaged):
    return json.loads((packaged / "sam.json").read_text())


@pytest.fixture
def after(journeys_run, request):
    """The stack once every journey of this session has gone through it."""
    if not journeys_run.files:
        pytest.skip("This test judges what journeys leave behind, and none was run.")
    return request.getfixturevalue("stack")
