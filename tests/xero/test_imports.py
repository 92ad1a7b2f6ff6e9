import subprocess
import sys

SEEN = """
import sys
import chalicelib.xero.accounting, chalicelib.xero.identity
print([name for name in ("requests_oauthlib", "oauthlib", "botocore", "chalice")
       if name in sys.modules])
"""


def test_calling_xero_loads_no_more_than_it_needs():
    command = [sys.executable, "-c", SEEN]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  ours

    assert "oauthlib" not in ran.stdout
    assert "botocore" not in ran.stdout
    assert "'chalice'" not in ran.stdout
