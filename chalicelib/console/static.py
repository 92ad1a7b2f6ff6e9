"""Serves stylesheet, script and icon; browsers keep them for a year, under their digest."""

from chalice.app import Response

from chalicelib.console import assets
from chalicelib.console.routing import Pages
from chalicelib.errors import NotFound

pages = Pages(__name__)

FOR_GOOD = "public, max-age=31536000, immutable"


def asset(digest: str, name: str) -> Response:
    """A file; under an old digest the present one, which is then not kept.

    It reads no session and sets no cookie, so that it is the same for everybody.
    """
    text = assets.content(name)
    if text is None:
        raise NotFound("There is no such file.")
    kept = FOR_GOOD if digest == assets.digest(name) else "no-store"
    kind = assets.KINDS[name[name.rindex(".") :]]
    return Response(text, headers={"Content-Type": kind, "Cache-Control": kept})


pages.add("GET", "/static/{digest}/{name}", asset)
