"""Somebody at a browser, without the browser: pages, forms, cookies and redirects."""

from typing import Self
from urllib.parse import urljoin

import pyotp
import requests
from bs4 import BeautifulSoup, Tag


class LostError(Exception):
    """A page was not what the journey expects; the message says which and what it showed."""


class Person:
    """Opens pages and sends forms as a person does, with one set of cookies for all sites."""

    def __init__(self) -> None:
        self._http = requests.Session()
        self._address = ""
        self._page = BeautifulSoup("", "html.parser")

    @property
    def address(self) -> str:
        """Where redirects have led to."""
        return self._address

    @property
    def words(self) -> str:
        """The text of the page, on one line."""
        return " ".join(self._page.get_text(" ").split())

    def open(self, address: str) -> Self:
        """Go to an address, relative to the present page."""
        return self._arrive(self._http.get(urljoin(self._address, address), timeout=60))

    def follow(self, words: str) -> Self:
        """Follow the first link whose text holds these words."""
        for link in self._page.find_all("a", href=True):
            if words.lower() in link.get_text(" ").lower():
                return self.open(str(link["href"]))
        raise LostError(f"No link says {words!r} at {self._address}: {self.words[:300]}")

    def press(self, button: str, **fields: str | list[str]) -> Self:
        """Fill fields and press a button, sending the form that holds both."""
        for form in self._page.find_all("form"):
            pressed = _button(form, button)
            if pressed is not None:
                return self._send(form, pressed, fields)
        raise LostError(f"No button says {button!r} at {self._address}: {self.words[:300]}")

    def element(self, selector: str) -> Tag:
        """The first element that a CSS selector names."""
        found = self._page.select_one(selector)
        if found is None:
            raise LostError(f"No {selector} at {self._address}: {self.words[:300]}")
        return found

    def elements(self, name: str) -> list[Tag]:
        """Every element of this name on the page."""
        return list(self._page.find_all(name))

    def _send(self, form: Tag, pressed: Tag, fields: dict[str, str | list[str]]) -> Self:
        data: dict[str, str | list[str]] = {**_filled(form), **fields}
        if pressed.get("name"):
            data[str(pressed["name"])] = str(pressed.get("value", ""))
        address = urljoin(self._address, str(form.get("action") or self._address))
        if str(form.get("method", "get")).lower() == "get":
            return self._arrive(self._http.get(address, params=data, timeout=60))
        origin = "/".join(self._address.split("/")[:3])
        return self._arrive(
            self._http.post(address, data=data, headers={"Origin": origin}, timeout=60)
        )

    def _arrive(self, answer: requests.Response) -> Self:
        self._address = answer.url
        self._page = BeautifulSoup(answer.text, "html.parser")
        if not answer.ok:
            raise LostError(f"{answer.status_code} at {answer.url}: {self.words[:300]}")
        return self


def code_now(secret: str) -> str:
    """What an authenticator app shows for this secret at this moment."""
    return pyotp.TOTP(secret).now()


def _button(form: Tag, words: str) -> Tag | None:
    for button in form.find_all(["button", "input"]):
        if button.name == "input" and button.get("type") != "submit":
            continue
        says = button.get_text(" ") or str(button.get("value", ""))
        if words.lower() in says.lower():
            return button
    return None


def _filled(form: Tag) -> dict[str, str]:
    """The fields as the page shows them: typed, ticked and chosen."""
    data = {}
    for field in form.find_all(["input", "textarea"]):
        kind = field.get("type", "text")
        if not field.get("name") or kind in {"submit", "file", "button"}:
            continue
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        value = field.get_text() if field.name == "textarea" else field.get("value", "")
        data[str(field["name"])] = str(value)
    for choice in form.find_all("select"):
        options = choice.find_all("option")
        chosen = next(
            (o for o in options if o.has_attr("selected")), options[0] if options else None
        )
        if choice.get("name") and chosen is not None:
            data[str(choice["name"])] = str(chosen.get("value", chosen.get_text()))
    return data
