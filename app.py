"""The Chalice application: which doors there are, and which events wake which function."""

from typing import Any

from chalice.app import Rate

from chalicelib.doors import Application
from chalicelib.settings import in_lambda

app = Application(app_name="workbill", one_by_one=in_lambda())
app.debug = False


@app.on_sqs_message(queue="workbill-wakes", batch_size=1)
def worker(event: Any) -> None:
    """Do what is due in the lane that the message names."""
    from chalicelib.dispatch.worker import work

    work(event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sync_tick(_event: Any) -> None:
    """Wake the lanes that have something due."""
    from chalicelib.dispatch.tick import tick

    tick()


@app.schedule(Rate(1, unit=Rate.HOURS))
def billing_run(_event: Any) -> None:
    """Make the invoices whose dates have come."""
    from chalicelib.plans.run import run

    run()


@app.schedule(Rate(1, unit=Rate.HOURS))
def upkeep(_event: Any) -> None:
    """Keep grants alive and confirm connections."""
    from chalicelib.connection.keep_alive import keep_alive

    keep_alive()


@app.lambda_function(name="make_tenant")
def make_tenant(event: Any, _context: Any) -> dict[str, str]:
    """For the operator: a tenant and a one-time link for its first administrator."""
    from chalicelib.people.make_tenant import make_tenant as make

    return make(name=event["name"], email=event["email"])
