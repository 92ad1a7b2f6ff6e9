"""The world that the present request belongs to, and who may change it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import abort, current_app, request

from local.xero.world import World

P = ParamSpec("P")
R = TypeVar("R")


def world() -> World:
    """The world of the running app; only inside a request."""
    return cast("World", current_app.extensions["world"])


def locked(view: Callable[P, R]) -> Callable[P, R]:
    """Runs a view under the world's lock; one that is no GET is saved afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        here = world()
        with here.lock:
            answer = view(*args, **kwargs)
            if request.method != "GET":
                here.touch()
            return answer

    return guarded


def refuse_other_sites() -> None:
    """A page of another site may not press this one's buttons (answers 403)."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin and urlsplit(origin).netloc != request.host:
        abort(403)
