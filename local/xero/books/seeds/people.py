"""Who a demo company deals with: customers, suppliers, archived ones and awkward names."""

from local.xero.books.records import Record
from local.xero.books.seeds.editions import Edition

CUSTOMERS = (
    "Ridgeway University",
    "City Limousines",
    "Boom FM",
    "Bayside Club",
    "Hamilton Smith Ltd",
    "Basket Case",
    "Marine Systems",
    "Rex Media Group",
    "Young Bros Transport",
    "City Agency",
    "Port & Philip Freight",
    "Petrie McLoud Watson & Associates",
    "Bank West",
    "DIISR - Small Business Services",
)
SUPPLIERS = (
    "Abby & Wells",
    "SMART Agency",
    "PowerDirect",
    "Net Connect",
    "MCO Cleaning Services",
    "Capital Cab Co",
    "Gateway Motors",
    "Central Copiers",
    "Truxton Property Management",
    "Swanston Security",
)
ARCHIVED = ("Orlena Greenville", "Old Mill Bakery", "Fulton Airport Parking")
AWKWARD = (
    "Acme Ltd",
    "Acme Ltd.",
    "Acme, Ltd",
    "O'Brien & Söhne GmbH",
    'The "Quoted" Company',
    "=SUM(A1:A9)",
    "Taco Truck 🌮 Catering",
    "شركة النور للتجارة",
    "株式会社さくら",
    "Ngāi Tāhu Café",
    "%00 & Partners / Sons \\ Co",
    "Long " + "name " * 49 + "Limit",
)


def people(edition: Edition) -> list[Record]:
    """The fields of each seeded contact, in the order they were entered."""
    sent = [_contact(edition, i, name) for i, name in enumerate(CUSTOMERS)]
    sent += [_contact(edition, 20 + i, name) for i, name in enumerate(SUPPLIERS)]
    sent += [_contact(edition, 40 + i, name) for i, name in enumerate(ARCHIVED)]
    sent += [{"Name": name} for name in AWKWARD]
    for contact in sent[len(CUSTOMERS) + len(SUPPLIERS) :][: len(ARCHIVED)]:
        contact["ContactStatus"] = "ARCHIVED"
    return sent


def generated(edition: Edition, index: int) -> Record:
    """One of many contacts for trying things at size."""
    contact = _contact(edition, index, f"Client {index:06d} Limited")
    contact["ContactNumber"] = f"GEN-{index:06d}"
    return contact


def _contact(edition: Edition, index: int, name: str) -> Record:
    city, region, postcode = edition.cities[index % len(edition.cities)]
    handle = "".join(c for c in name.casefold() if c.isascii() and c.isalnum())
    first, last = _FIRST[index % len(_FIRST)], _LAST[index % len(_LAST)]
    email = f"{first}.{last}@{handle[:40]}.example".casefold()
    contact: Record = {
        "Name": name,
        "FirstName": first,
        "LastName": last,
        "EmailAddress": email,
        "AccountNumber": f"AC{index:05d}",
        "TaxNumber": edition.tax_number if index % 3 == 0 else "",
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": f"P O Box {3000 + index}",
                "City": city,
                "Region": region,
                "PostalCode": postcode,
                "Country": edition.country_name,
                "AttentionTo": f"{first} {last}",
            },
        ],
        "Phones": [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": f"555{index % 10000:04d}",
                "PhoneAreaCode": "02",
                "PhoneCountryCode": "",
            }
        ],
    }
    if index % 5 == 0:
        contact["ContactPersons"] = [
            {
                "FirstName": "Pat",
                "LastName": last,
                "EmailAddress": f"accounts@{handle[:40]}.example",
                "IncludeInEmails": True,
            }
        ]
        contact["PaymentTerms"] = {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
    return contact


_FIRST = ("Carol", "Joanna", "Wiremu", "Dan", "Aroha", "Sefa", "Mei")
_LAST = ("Wong", "Patel", "Tamahana", "Smith", "Dubois", "Nikora", "Brown", "Lee")
