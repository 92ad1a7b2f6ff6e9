"""A mail service that fails."""

from botocore.exceptions import ClientError


class Unwilling:
    """A mail service that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_email(self, **_message: object) -> None:
        raise self.error


REFUSED = ClientError(
    {"Error": {"Code": "MessageRejected", "Message": "not verified: ben@acme.test"}}, "SendEmail"
)
