"""`python -m local.cloud`: run Workbill and everything around it on this machine."""

import sys

from local.cloud.run import run

if __name__ == "__main__":
    sys.exit(run())
