"""What Xero certainly did not do, and what to tell a person about it."""

from chalicelib.errors import WorkbillError
from chalicelib.invoices.adopt import problem_of
from chalicelib.invoices.model import Problem
from chalicelib.xero.errors import (
    XeroCallError,
    XeroForbidden,
    XeroMisconfigured,
    XeroNotFound,
    XeroRejected,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
)
from chalicelib.xero.sentences import explain
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.written import Written

NUMBER_TAKEN = "number_taken"
KNOWN = (
    XeroRejected,
    XeroTokenExpired,
    XeroUnauthorised,
    XeroScopeMissing,
    XeroForbidden,
    XeroNotFound,
    XeroMisconfigured,
)


def known(error: WorkbillError) -> bool:
    """Whether the error says for certain that nothing was created."""
    return isinstance(error, KNOWN)


def number_taken(outcome: Written[XeroInvoice]) -> bool:
    """Whether Xero says that another document has this number."""
    return any(explain(said.message).code == NUMBER_TAKEN for said in outcome.messages)


def problems_of(error: WorkbillError) -> tuple[Problem, ...]:
    """A whole call's refusal, message by message where Xero gave some."""
    if isinstance(error, XeroRejected) and error.messages:
        return tuple(problem_of(said, error.correlation_id) for said in error.messages)
    said = error.body if isinstance(error, XeroCallError) else ""
    correlation_id = getattr(error, "correlation_id", None) or ""
    return (Problem(error.code, error.sentence, said=said, correlation_id=correlation_id),)
