import pytest

DEMO = ["INV-0001", "INV-0002", "INV-0003", "INV-0004", "INV-0005", "INV-0006", "INV-0007"]


def numbers(caller, **query):
    found = caller.get("/Invoices", **{"order": "InvoiceNumber", **query})["Invoices"]
    return [i["InvoiceNumber"] for i in found if i["InvoiceNumber"]]


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ('Type=="ACCREC"', DEMO),
        ('Type == "ACCREC" AND Status=="PAID"', ["INV-0001", "INV-0007"]),
        ('Status=="DRAFT" || Status=="SUBMITTED"', ["INV-0005", "INV-0006"]),
        ('Status=="DRAFT" or Status=="SUBMITTED"', ["INV-0005", "INV-0006"]),
        ('Type=="ACCREC" && (Status=="DRAFT" OR Status=="PAID")', ["INV-0001", *DEMO[5:]]),
        ('InvoiceNumber=="inv-0003"', ["INV-0003"]),
        ('InvoiceNumber!="INV-0003" AND Type=="ACCREC"', [*DEMO[:2], *DEMO[3:]]),
        ('AmountDue>=1000 AND AmountDue<1100 AND Type=="ACCREC"', ["INV-0006"]),
        ("AmountDue > 1552.49 AND AmountDue <= 1552.50", ["INV-0003"]),
        ('Type=="ACCREC" AND AmountPaid!=0', ["INV-0001", "INV-0002", "INV-0007"]),
        ('Contact.Name=="boom fm"', ["INV-0003"]),
        ('Contact.Name.StartsWith("B") AND Type=="ACCREC"', ["INV-0003", "INV-0004", "INV-0006"]),
        ('Contact.Name.ToLower().Contains("club")', ["INV-0004"]),
        ('Reference.EndsWith("9702")', ["INV-0003"]),
        ("Date >= DateTime(2026, 02, 01) AND Date < DateTime(2026,02,05)", ["INV-0005"]),
        ('FullyPaidOnDate!=null AND Type=="ACCREC"', ["INV-0001", "INV-0007"]),
        ('Url!=null AND Url.Contains("x")', []),
        ("HasAttachments==true", []),
        ('!(Type=="ACCPAY")', DEMO),
        ('Date >= DateTime.Parse("2026-02-06") AND Type=="ACCREC"', DEMO[5:]),
    ],
)
def test_documented_forms_of_where_are_understood(caller, clause, found):
    assert numbers(caller, where=clause) == found
    assert caller.world.surprises == []


def test_ids_compare_as_guids_whatever_their_case(caller):
    contact = caller.contact()

    assert numbers(caller, where=f'Contact.ContactID==guid("{contact}")') == ["INV-0003"]
    assert numbers(caller, where=f'Contact.ContactID==Guid("{contact.upper()}")') == ["INV-0003"]


@pytest.mark.parametrize("spelt", ["Ngāi Tāhu Café", "ngai tahu cafe", "NGAI TAHU CAFÉ"])
def test_text_compares_without_case_and_accents(caller, spelt):
    found = caller.get("/Contacts", where=f'Name=="{spelt}"')["Contacts"]

    assert [c["Name"] for c in found] == ["Ngāi Tāhu Café"]


def test_quotes_inside_text_are_escaped(caller):
    found = caller.get("/Contacts", where='Name=="The \\"Quoted\\" Company"')["Contacts"]

    assert [c["Name"] for c in found] == ['The "Quoted" Company']


@pytest.mark.parametrize(
    ("path", "clause"),
    [
        ("/Invoices", "Nope==1"),
        ("/Invoices", 'Contact.Nope=="x"'),
        ("/Invoices", 'Status=="PAID" AND'),
        ("/Invoices", 'Status="PAID'),
        ("/Invoices", '(Status=="PAID"'),
        ("/Invoices", 'Status=="PAID" Type=="ACCREC"'),
        ("/Invoices", "Date>=DateTime(2026,13,01)"),
        ("/Invoices", 'Date>=DateTime.Parse("soon")'),
        ("/Invoices", "Date>=DateTime()"),
        ("/Invoices", "AmountDue>"),
        ("/Invoices", 'AmountDue>"ten"'),
        ("/Invoices", 'Reference.Substring("1")=="x"'),
        ("/Invoices", "; drop"),
        ("/Contacts", 'app=="x"'),
        ("/Accounts", "Class==="),
    ],
)
def test_unreadable_where_is_a_query_parse_exception_and_told(caller, path, clause):
    refused = caller.refusal("GET", path, where=clause)

    assert (refused["ErrorNumber"], refused["Type"]) == (16, "QueryParseException")
    assert len(caller.world.surprises) == 1


def test_order_runs_both_ways_and_by_several_fields(caller):
    assert numbers(caller, order="InvoiceNumber DESC", where='Type=="ACCREC"') == DEMO[::-1]
    found = caller.get("/Accounts", order="Type ASC, Code DESC")["Accounts"]
    assert [a["Code"] for a in found[:3]] == ["092", "091", "090"]


@pytest.mark.parametrize("clause", ["Nope", "Date SIDEWAYS"])
def test_unreadable_order_is_told(caller, clause):
    assert caller.refusal("GET", "/Invoices", order=clause)["Type"] == "QueryParseException"
    assert caller.world.surprises


def test_summary_cannot_be_filtered_on_what_it_drops(caller):
    clause = "HasAttachments==false"

    caller.get("/Invoices", where=clause)
    assert caller.refusal("GET", "/Invoices", where=clause, summaryOnly="true")
