"""Making a tenant: what an operator does, by invoking a function that nobody else can reach."""

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict
from chalicelib.people import links, store, tenants
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.invite import mail_invitation
from chalicelib.people.model import Role, Tenant, User, normal_email, proper_name
from chalicelib.people.store import EmailRow
from chalicelib.storage.refused import CONDITION_FAILED, refused
from chalicelib.storage.rows import transaction_connection


def make_tenant(*, name: str, email: str) -> dict[str, str]:
    """A tenant, its first administrator, and the one-time link to hand to that person.

    Answers with ``tenant_id``, ``link``, and what became of the e-mail with the link as ``mail``.
    Raises InvalidInput, or Conflict when somebody has the e-mail address already; then nothing
    was made.
    """
    now = wiring.current().clock.now()
    tenant = Tenant(_id(), proper_name(name), now)
    user = User(
        user_id=_id(),
        tenant_id=tenant.tenant_id,
        email=normal_email(email),
        name="",
        role=Role.ADMINISTRATOR,
        created_at=now,
    )
    link = _store(tenant, user)
    operator = Caller(tenant.tenant_id, "system:make_tenant", "The operator", EVERYTHING)
    trail.record(operator, "tenant made", f"tenant:{tenant.tenant_id}")
    mail = mail_invitation(operator, user, link)
    return {"tenant_id": tenant.tenant_id, "link": link, "mail": mail.value}


def _store(tenant: Tenant, user: User) -> str:
    """All rows or none; answers with the link."""
    address, link_row, link_hash = links.new_link(user)
    user_row, email_row = store.rows_of(user)
    user_row.link_hash = link_hash
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.save(email_row, condition=EmailRow.pk.does_not_exist())
            transaction.save(tenants.row_of(tenant))
            transaction.save(user_row)
            transaction.save(link_row)
    except TransactWriteError as error:
        if refused(error, CONDITION_FAILED):
            raise Conflict("Somebody with this e-mail address has an account.") from None
        raise
    return address


def _id() -> str:
    return str(ULID.from_datetime(wiring.current().clock.now())).lower()
