"""The shape all tables share, and the late binding of a row class to its table.

A table's name is known only at run time, and PynamoDB keeps it on the class; so each class
says which logical table it lives in, and the name is looked up when it is first used.
"""

from typing import ClassVar

from pynamodb.attributes import TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.models import Model

from chalicelib import wiring


class Row(Model):
    """An item of one of the tables: ``pk`` groups what is read together, ``sk`` orders it.

    A subclass sets ``table`` to a name of ``settings.TABLES`` and declares an empty ``Meta``.
    """

    table: ClassVar[str]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = TTLAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        present = wiring.current()
        cls.Meta.table_name = present.settings.tables[cls.table]
        table_connection = super()._get_connection()
        _share_client(table_connection.connection)
        return table_connection


def transaction_connection() -> Connection:
    """A connection for ``TransactWrite`` and ``TransactGet``, sharing the rows' client."""
    connection = Connection()
    _share_client(connection)
    return connection


def _share_client(connection: Connection) -> None:
    """Give all rows one client, where each class would build its own."""
    clients = wiring.current().clients
    if "dynamodb" not in clients:
        clients["dynamodb"] = connection.client
    connection._client = clients["dynamodb"]  # noqa: SLF001  PynamoDB offers no door for this
