"""Cookies, and what a browser may load and where a form may lead."""

from urllib.parse import urlsplit

from chalicelib import wiring


def cookie(name: str, value: str, *, max_age: int | None = None) -> str:
    """A Set-Cookie value: HttpOnly, Lax, and locked to our host where the address is https."""
    secure = "; Secure" if wiring.current().settings.secure else ""
    age = f"; Max-Age={max_age}" if max_age is not None else ""
    return f"{cookie_name(name)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"


def cookie_name(name: str) -> str:
    """``__Host-`` where https; on http the port, because cookies do not tell ports apart."""
    settings = wiring.current().settings
    if settings.secure:
        return f"__Host-workbill-{name}"
    return f"workbill-{name}-{urlsplit(settings.public_base_url).port or 80}"


def content_security_policy(posts_to: str = "") -> str:
    """Only our own files; forms may lead to us, to Xero's consent and to ``posts_to``."""
    login = wiring.current().settings.xero_login_url
    outside = " ".join(_origin(address) for address in (login, posts_to) if address)
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            f"form-action 'self' {outside}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
