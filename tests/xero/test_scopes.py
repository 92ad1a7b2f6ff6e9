from chalicelib.xero.scopes import ASKED, EXTRAS, NOT_ASKED, missing, reasons, scopes


def test_every_scope_has_its_reason_in_a_sentence():
    for reason in (*ASKED.values(), *EXTRAS.values(), *NOT_ASKED):
        assert reason.endswith(".")


def test_the_narrowest_scopes_are_asked_from_the_start():
    assert scopes() == (
        "openid",
        "profile",
        "email",
        "offline_access",
        "accounting.contacts.read",
        "accounting.invoices",
        "accounting.payments.read",
        "accounting.settings.read",
    )


def test_leave_to_write_takes_the_place_of_leave_to_read():
    wanted = scopes(["accounting.contacts"])

    assert "accounting.contacts" in wanted
    assert "accounting.contacts.read" not in wanted


def test_nothing_is_missing_when_more_was_granted():
    assert missing([*scopes(), "accounting.reports.read"]) == ()
    assert missing(["accounting.contacts", *scopes()]) == ()


def test_what_was_not_granted_is_missing():
    granted = [scope for scope in scopes() if scope != "accounting.invoices"]

    assert missing(granted) == ("accounting.invoices",)
    assert missing(scopes(), ["accounting.contacts"]) == ("accounting.contacts",)


def test_a_granted_scope_is_told_in_plain_words():
    assert reasons(["email", "x.y"]) == {"email": ASKED["email"], "x.y": "x.y"}
