"""What differs between Xero's editions: taxes, currency, time zone, names."""

from dataclasses import dataclass, field
from decimal import Decimal

from local.xero.books.records import Record
from local.xero.books.seeds.chart import US_CODES

# Which classes of account a rate may be used on.
_INCOME = ("Assets", "Equity", "Liabilities", "Revenue")
_SPENDING = ("Assets", "Equity", "Expenses", "Liabilities")
_SALES_ONLY = ("Liabilities", "Revenue")
_ALL = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")


def rate(
    tax_type: str,
    name: str,
    components: dict[str, str],
    classes: tuple[str, ...],
    *,
    report: str = "",
    status: str = "ACTIVE",
) -> Record:
    """One tax rate; a component whose name starts with + is compound."""
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report or tax_type,
        **{f"CanApplyTo{cls}": cls in classes for cls in _ALL},
        "Status": status,
        "TaxComponents": [
            {
                "Name": part.lstrip("+"),
                "Rate": Decimal(percent).quantize(Decimal("0.0001")),
                "IsCompound": part.startswith("+"),
                "IsNonRecoverable": False,
            }
            for part, percent in components.items()
        ],
    }


@dataclass(frozen=True, slots=True)
class Edition:
    """The regional facts of one edition."""

    country: str
    version: str
    currency: str
    timezone: str
    tax_number: str
    tax_of: dict[str, str]
    rates: tuple[Record, ...]
    currencies: dict[str, str]
    cities: tuple[tuple[str, str, str], ...]
    codes: dict[str, str] = field(default_factory=dict)
    tax_account: str = "GST"
    country_name: str = ""
    year_end: tuple[int, int] = (31, 3)


NAMES = {
    "NZD": "New Zealand Dollar",
    "AUD": "Australian Dollar",
    "GBP": "British Pound",
    "USD": "United States Dollar",
    "EUR": "Euro",
}

NZ = Edition(
    country="NZ",
    version="NZ",
    currency="NZD",
    timezone="NEWZEALANDSTANDARDTIME",
    tax_number="101-202-303",
    country_name="New Zealand",
    tax_of={"S": "OUTPUT2", "P": "INPUT2", "N": "NONE"},
    currencies={"NZD": "1", "AUD": "0.915300", "USD": "0.598400"},
    cities=(("Wellington", "", "6011"), ("Auckland", "", "1010"), ("Oaktown", "", "1235")),
    rates=(
        rate("INPUT2", "15% GST on Expenses", {"GST": "15"}, _SPENDING, report="INPUT"),
        rate("OUTPUT2", "15% GST on Income", {"GST": "15"}, _INCOME, report="OUTPUT"),
        rate("GSTONIMPORTS", "GST on Imports", {"GST": "0"}, ("Liabilities",)),
        rate("NONE", "No GST", {"GST": "0"}, _ALL),
        rate("ZERORATED", "Zero Rated", {"GST": "0"}, _SALES_ONLY, report="OUTPUT"),
        rate("OUTPUT", "12.5% GST on Income", {"GST": "12.5"}, _INCOME, status="ARCHIVED"),
        rate(
            "TAX001", "Festival Levy", {"Levy": "3"}, _INCOME, report="OUTPUT", status="DELETED"
        ),
    ),
)
AU = Edition(
    country="AU",
    version="AU",
    currency="AUD",
    timezone="AUSEASTERNSTANDARDTIME",
    tax_number="11 111 111 138",
    country_name="Australia",
    year_end=(30, 6),
    tax_of={"S": "OUTPUT", "P": "INPUT", "N": "BASEXCLUDED"},
    currencies={"AUD": "1", "NZD": "1.092500", "USD": "0.653800"},
    cities=(("Melbourne", "VIC", "3000"), ("Sydney", "NSW", "2000"), ("Perth", "WA", "6000")),
    rates=(
        rate("OUTPUT", "GST on Income", {"GST": "10"}, _INCOME),
        rate("INPUT", "GST on Expenses", {"GST": "10"}, _SPENDING),
        rate("EXEMPTOUTPUT", "GST Free Income", {"GST": "0"}, _SALES_ONLY),
        rate("EXEMPTEXPENSES", "GST Free Expenses", {"GST": "0"}, _SPENDING),
        rate("EXEMPTEXPORT", "GST Free Exports", {"GST": "0"}, _SALES_ONLY),
        rate("INPUTTAXED", "Input Taxed", {"GST": "0"}, _SALES_ONLY),
        rate("BASEXCLUDED", "BAS Excluded", {"GST": "0"}, _ALL),
        rate("GSTONIMPORTS", "GST on Imports", {"GST": "0"}, ("Liabilities",)),
        rate(
            "TAX001",
            "Wine Equalisation",
            {"WET": "29"},
            _INCOME,
            report="OUTPUT",
            status="DELETED",
        ),
    ),
)
UK = Edition(
    country="GB",
    version="UK",
    currency="GBP",
    timezone="GMTSTANDARDTIME",
    tax_number="GB 123456789",
    country_name="United Kingdom",
    tax_account="VAT",
    tax_of={"S": "OUTPUT2", "P": "INPUT2", "N": "NONE"},
    currencies={"GBP": "1", "EUR": "1.152300", "USD": "1.268100"},
    cities=(("London", "", "EC1A 1BB"), ("Leeds", "West Yorkshire", "LS1 4AP")),
    rates=(
        rate("OUTPUT2", "20% (VAT on Income)", {"VAT": "20"}, _INCOME, report="OUTPUT"),
        rate("INPUT2", "20% (VAT on Expenses)", {"VAT": "20"}, _SPENDING, report="INPUT"),
        rate("RROUTPUT", "5% (VAT on Income)", {"VAT": "5"}, _INCOME, report="OUTPUT"),
        rate("RRINPUT", "5% (VAT on Expenses)", {"VAT": "5"}, _SPENDING, report="INPUT"),
        rate("ZERORATEDOUTPUT", "Zero Rated Income", {"VAT": "0"}, _INCOME),
        rate("ZERORATEDINPUT", "Zero Rated Expenses", {"VAT": "0"}, _SPENDING),
        rate("EXEMPTOUTPUT", "Exempt Income", {"VAT": "0"}, _INCOME),
        rate(
            "ECZROUTPUT", "Zero Rated EC Goods Income", {"VAT": "0"}, _INCOME, report="ECOUTPUT"
        ),
        rate(
            "ECZROUTPUTSERVICES",
            "Zero Rated EC Services",
            {"VAT": "0"},
            _INCOME,
            report="ECOUTPUTSERVICES",
        ),
        rate(
            "DRCHARGE20",
            "Domestic Reverse Charge @ 20%",
            {"VAT": "0"},
            _INCOME,
            report="DRCHARGE",
        ),
        rate(
            "DRCHARGESUPPLY20",
            "Domestic Reverse Charge @ 20% (VAT on Expenses)",
            {"VAT": "0"},
            _SPENDING,
            report="DRCHARGESUPPLY",
        ),
        rate("NONE", "No VAT", {"VAT": "0"}, _ALL),
        rate("OUTPUT", "17.5% (VAT on Income)", {"VAT": "17.5"}, _INCOME, status="ARCHIVED"),
    ),
)
US = Edition(
    country="US",
    version="US",
    currency="USD",
    timezone="PACIFICSTANDARDTIME",
    tax_number="94-1234567",
    country_name="United States",
    codes=US_CODES,
    tax_account="Sales Tax",
    year_end=(31, 12),
    tax_of={"S": "OUTPUT", "P": "INPUT", "N": "NONE"},
    currencies={"USD": "1", "EUR": "0.908700", "GBP": "0.788600"},
    cities=(("San Francisco", "CA", "94107"), ("Portland", "OR", "97205")),
    rates=(
        rate("OUTPUT", "Tax on Sales", {"State": "7.25", "City": "1.25"}, _INCOME),
        rate("INPUT", "Tax on Purchases", {"Tax": "8.5"}, _SPENDING),
        rate("NONE", "Tax Exempt", {"Tax": "0"}, _ALL),
        rate(
            "TAX001",
            "State and District",
            {"State": "6", "+District": "1.5"},
            _INCOME,
            report="OUTPUT",
        ),
        rate("AVALARA", "Auto Look Up", {"Tax": "0"}, _INCOME, report="USSALESTAX"),
        rate(
            "TAX002", "Old City Tax", {"City": "4.5"}, _INCOME, report="OUTPUT", status="ARCHIVED"
        ),
    ),
)
IE = Edition(
    country="IE",
    version="GLOBAL",
    currency="EUR",
    timezone="GMTSTANDARDTIME",
    tax_number="IE 1234567T",
    country_name="Ireland",
    tax_account="Sales Tax",
    year_end=(31, 12),
    tax_of={"S": "OUTPUT", "P": "INPUT", "N": "NONE"},
    currencies={"EUR": "1", "GBP": "0.867800", "USD": "1.100500"},
    cities=(("Dublin", "", "D02 X285"), ("Cork", "", "T12 W8KP")),
    # Xero knows none of Ireland's rates: a company there makes its own.
    rates=(
        rate("OUTPUT", "Tax on Sales", {"Tax": "23"}, _INCOME),
        rate("INPUT", "Tax on Purchases", {"Tax": "23"}, _SPENDING),
        rate("NONE", "Tax Exempt", {"Tax": "0"}, _ALL),
        rate("GSTONIMPORTS", "Sales Tax on Imports", {"Tax": "0"}, ("Liabilities",)),
        rate("TAX001", "VAT reduced", {"VAT": "13.5"}, _INCOME, report="OUTPUT"),
        rate("TAX002", "VAT tourism", {"VAT": "9"}, _INCOME, report="OUTPUT", status="DELETED"),
    ),
)
BY_COUNTRY = {"IE": IE, "NZ": NZ, "AU": AU, "UK": UK, "GB": UK, "US": US}
