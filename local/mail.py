"""`make mail`: print what the Workbill on this machine has e-mailed, the latest last."""

import os
import sys
from datetime import datetime

from local.cloud.mail import taken
from local.operator import OperatorError
from local.tenant import cloud_here


def main() -> int:
    """Return the exit code: 0 when there was a Workbill to ask."""
    try:
        found = taken(cloud_here(os.environ))
    except (OperatorError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for mail in found:
        when = datetime.fromtimestamp(mail.at).astimezone()
        print(f"{when:%H:%M:%S}  To: {', '.join(mail.to)}  Subject: {mail.subject}\n")
        print(mail.text)
    print("1 message." if len(found) == 1 else f"{len(found)} messages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
