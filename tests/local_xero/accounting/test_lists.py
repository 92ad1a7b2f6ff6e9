from datetime import timedelta

import pytest


@pytest.mark.parametrize(
    ("page", "size", "about"),
    [
        ("1", None, (1, 100)),
        ("0", None, (1, 100)),
        ("-3", "10", (1, 10)),
        ("2", "0", (2, 1)),
        ("1", "5000", (1, 1000)),
    ],
)
def test_page_and_size_are_clamped(caller, page, size, about):
    query = {"page": page, "pageSize": size} if size else {"page": page}

    told = caller.get("/Contacts", **query)["pagination"]

    assert (told["page"], told["pageSize"]) == about
    assert told["pageCount"] == -(-told["itemCount"] // told["pageSize"])


def test_page_past_the_end_is_empty(caller):
    answer = caller.get("/Contacts", page="9")

    assert answer["Contacts"] == []
    assert answer["pagination"]["page"] == 9


def test_pages_run_in_order_of_change_and_cover_everything_once(caller):
    seen = [
        contact
        for page in range(1, 6)
        for contact in caller.get("/Contacts", page=page, pageSize=10)["Contacts"]
    ]

    keys = [(c["UpdatedDateUTC"], c["ContactID"]) for c in seen]
    assert keys == sorted(keys)
    assert (
        len(set(keys)) == len(keys) == caller.get("/Contacts", page=1)["pagination"]["itemCount"]
    )


def test_unpaged_answers_have_no_pagination(caller):
    for path in ("/Contacts", "/Invoices", "/Payments", "/Accounts"):
        assert "pagination" not in caller.get(path)


def test_unpaged_contacts_leave_out_people_terms_and_defaults(caller):
    where = 'Name=="Ridgeway University"'
    (plain,) = caller.get("/Contacts", where=where)["Contacts"]
    (full,) = caller.get("/Contacts", where=where, page=1)["Contacts"]
    (light,) = caller.get("/Contacts", where=where, summaryOnly="true")["Contacts"]

    assert plain["ContactPersons"] == []
    assert {"PaymentTerms", "Balances"} & set(plain) == set()
    assert full["ContactPersons"]
    assert full["Balances"]["AccountsReceivable"] == {"Outstanding": 0, "Overdue": 0}
    assert full["PaymentTerms"]["Sales"] == {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
    assert light["Addresses"] == light["Phones"] == []


def test_merged_contact_is_followed_by_id_and_in_pages_only(caller):
    loser, winner = caller.contact(), caller.contact("Bank West")
    caller.books.merge_contacts(loser, winner)

    (single,) = caller.get(f"/Contacts/{loser}")["Contacts"]
    unpaged = caller.get("/Contacts", IDs=loser, includeArchived="true")["Contacts"][0]

    assert single["MergedToContactID"] == winner
    assert "MergedToContactID" not in unpaged


@pytest.mark.parametrize(
    ("after", "found"), [(0, True), (-1, True), (1, False)], ids=["same", "before", "after"]
)
def test_if_modified_since_counts_whole_seconds(caller, after, found):
    made = caller.enter()
    second = caller.time.now().replace(microsecond=0) + timedelta(seconds=after)

    answer = caller.get(
        "/Invoices", headers={"If-Modified-Since": second.strftime("%Y-%m-%dT%H:%M:%S")}
    )

    assert (made["InvoiceID"] in [i["InvoiceID"] for i in answer["Invoices"]]) is found


@pytest.mark.parametrize(
    "since",
    [
        "2026-03-03T10:00:00",
        "2026-03-03T10:00:00Z",
        "2026-03-03T23:00:00+13:00",
        "2026-03-03T10:00:00.200",
        "Tue, 03 Mar 2026 10:00:00 GMT",
    ],
)
def test_if_modified_since_is_read_in_every_usual_form(caller, since):
    caller.enter()

    assert len(caller.get("/Invoices", headers={"If-Modified-Since": since})["Invoices"]) == 1
    assert caller.world.surprises == []


def test_tax_rates_know_no_if_modified_since(caller):
    later = {"If-Modified-Since": "2030-01-01T00:00:00"}

    assert caller.get("/TaxRates", headers=later)["TaxRates"]
    assert caller.get("/Accounts", headers=later)["Accounts"] == []


def test_lists_of_ids_and_numbers_filter(caller):
    all_of_them = caller.get("/Invoices")["Invoices"]
    wanted = [i["InvoiceID"] for i in all_of_them[:2]]

    found = caller.get("/Invoices", IDs=",".join(wanted).upper())["Invoices"]
    numbered = caller.get("/Invoices", InvoiceNumbers='"INV-0001", "INV-0002"')["Invoices"]

    assert sorted(i["InvoiceID"] for i in found) == sorted(wanted)
    assert [i["InvoiceNumber"] for i in numbered] == ["INV-0001", "INV-0002"]


def test_statuses_force_paging_and_lines(caller):
    answer = caller.get("/Invoices", Statuses="DRAFT,PAID")

    assert {i["Status"] for i in answer["Invoices"]} == {"DRAFT", "PAID"}
    assert answer["pagination"]["page"] == 1
    assert all(i["LineItems"] for i in answer["Invoices"])


def test_created_by_my_app_leaves_out_the_others(caller):
    made = caller.enter()

    found = caller.get("/Invoices", createdByMyApp="true")["Invoices"]

    assert [i["InvoiceID"] for i in found] == [made["InvoiceID"]]


def test_summary_of_invoices_drops_the_heavy_fields(caller):
    heavy = {"LineItems", "Payments", "CreditNotes", "HasAttachments"}

    for query in ({}, {"page": "1"}):
        found = caller.get("/Invoices", summaryOnly="true", **query)["Invoices"]
        assert not any(heavy & set(i) for i in found)
        assert all("AmountDue" in i for i in found)


def test_parameter_names_are_read_whatever_their_case(caller):
    assert caller.get("/Invoices", statuses="PAID", PAGESIZE="2")["pagination"]["pageSize"] == 2
    assert caller.world.surprises == []


def test_unknown_parameter_is_ignored_and_told(caller):
    assert caller.get("/Invoices", colour="red")["Invoices"]
    assert caller.world.surprises == ["query parameter colour"]


def test_voided_and_deleted_invoices_stay_listed(caller):
    draft = caller.enter(Status="DRAFT")
    caller.books.delete(draft["InvoiceID"])

    statuses = {i["InvoiceID"]: i["Status"] for i in caller.get("/Invoices")["Invoices"]}

    assert statuses[draft["InvoiceID"]] == "DELETED"
