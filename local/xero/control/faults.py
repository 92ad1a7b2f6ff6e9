"""Faults ordered, listed, ended; held calls let go."""

from dataclasses import asdict

from flask import Response

from local.xero.control.blueprint import blueprint, body, done
from local.xero.faults import Fault
from local.xero.present import world


@blueprint.get("/faults")
def list_faults() -> Response:
    """The faults in force, how many calls are held, and of each whose it is and its port."""
    book = world().faults
    holding = [asdict(call) for call in list(book.holding)]
    return done(faults=book.listed(), held=len(holding), holding=holding)


@blueprint.post("/faults")
def add_fault() -> Response:
    """One fault, in the fields of ``local.xero.faults.Fault``; only ``kind`` is needed."""
    order = body()
    order.pop("fault_id", None)
    fault = world().faults.add(Fault(**order))
    return done(fault_id=fault.fault_id)


@blueprint.delete("/faults")
def clear_faults() -> Response:
    world().faults.clear()
    return done()


@blueprint.delete("/faults/<int:fault_id>")
def end_fault(fault_id: int) -> Response:
    world().faults.clear(fault_id)
    return done()


@blueprint.post("/release")
def release() -> Response:
    """Lets every held call go on."""
    world().faults.release()
    return done()
