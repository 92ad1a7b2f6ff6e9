import pytest

PDF = {"raw": b"%PDF-1.7 timesheet", "mimetype": "application/pdf"}


@pytest.fixture
def place(caller):
    return f"/Invoices/{caller.enter()['InvoiceID']}/Attachments"


def test_file_is_kept_as_it_was_sent(caller, place):
    answer = caller.call("PUT", f"{place}/March%20time.pdf", IncludeOnline="true", **PDF)

    made = caller.tree(answer)["Attachments"][0]
    listed = caller.get(place)["Attachments"]
    file = caller.call("GET", f"{place}/{made['AttachmentID']}")
    assert [one["FileName"] for one in listed] == ["March time.pdf"]
    assert (made["ContentLength"], made["IncludeOnline"]) == (len(PDF["raw"]), True)
    assert (file.data, file.mimetype) == (PDF["raw"], "application/pdf")
    assert caller.get(place.removesuffix("/Attachments"))["Invoices"][0]["HasAttachments"]


def test_file_of_the_same_name_takes_the_place_of_the_other(caller, place):
    caller.call("PUT", f"{place}/time.pdf", **PDF)
    caller.call("POST", f"{place}/time.pdf", raw=b"%PDF new", mimetype="application/pdf")

    assert caller.call("GET", f"{place}/time.pdf").data == b"%PDF new"
    assert len(caller.get(place)["Attachments"]) == 1


def test_eleventh_file_is_refused(caller, place):
    for number in range(10):
        assert caller.call("PUT", f"{place}/{number}.pdf", **PDF).status_code == 200

    told = caller.refusal("PUT", f"{place}/11.pdf", **PDF)

    assert "at most 10" in told["Elements"][0]["ValidationErrors"][0]["Message"]


@pytest.mark.parametrize("name", ["a%3Ab.pdf", "a%2Ab.pdf", "what%3F.pdf"])
def test_name_that_xero_does_not_take_is_refused(caller, place, name):
    told = caller.refusal("PUT", f"{place}/{name}", **PDF)

    assert "file name" in told["Elements"][0]["ValidationErrors"][0]["Message"]


def test_file_of_an_unknown_document_is_not_found(caller):
    gone = "/Invoices/11111111-1111-1111-1111-111111111111/Attachments"

    assert caller.call("GET", gone).status_code == 404
    assert caller.call("PUT", f"{gone}/time.pdf", **PDF).status_code == 404
