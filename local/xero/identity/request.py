"""An app's request for consent, checked before anybody is asked to sign in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from local.xero.identity import scopes
from local.xero.identity.people import App

KNOWN = frozenset(
    {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "acr_values",
        "prompt",
    }
)


class BadRequestError(Exception):
    """The app asked wrongly; told to the person, never to the redirect address."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """What the app asks for, and where the answer goes."""

    app: App
    redirect_uri: str
    scopes: list[str]
    state: str | None
    challenge: str | None
    nonce: str | None

    def answer_address(self, **answer: str) -> str:
        """The redirect URI with the answer and the state added."""
        if self.state is not None:
            answer["state"] = self.state
        glue = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{glue}{urlencode(answer)}"


def parse(args: "MultiDict[str, str]", apps: dict[str, App]) -> ConsentRequest:
    """Reads the query of the authorise address; raises ``BadRequestError``."""
    app = apps.get(args.get("client_id", ""))
    if app is None:
        raise BadRequestError("unauthorized_client", "Unknown client or client not enabled")
    if args.get("redirect_uri") not in app.redirect_uris:
        raise BadRequestError("unauthorized_client", "Invalid redirect_uri")
    if args.get("response_type") != "code":
        raise BadRequestError("unsupported_response_type", "response_type must be code")
    return ConsentRequest(
        app=app,
        redirect_uri=args["redirect_uri"],
        scopes=_scopes(args.get("scope", "")),
        state=args.get("state"),
        challenge=_challenge(app, args),
        nonce=args.get("nonce"),
    )


def _scopes(text: str) -> list[str]:
    wanted = list(dict.fromkeys(text.split()))
    unknown = scopes.unknown(wanted)
    if unknown or not wanted:
        named = ", ".join(unknown) or "none was asked for"
        raise BadRequestError("invalid_scope", f"Invalid scope for client: {named}")
    return wanted


def _challenge(app: App, args: "MultiDict[str, str]") -> str | None:
    challenge = args.get("code_challenge")
    if not challenge:
        if not app.secret:
            raise BadRequestError("invalid_request", "code challenge required")
        return None
    if args.get("code_challenge_method") != "S256":
        raise BadRequestError("invalid_request", "Transform algorithm not supported")
    return challenge
