"""The chart of accounts the demo companies share.

Tax is symbolic: S sales, P purchases, N none; each edition says which of its rates that is.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One account of the chart."""

    code: str
    name: str
    kind: str
    tax: str
    system: str = ""
    payments: bool = False
    status: str = "ACTIVE"


COMMON = (
    Row("090", "Business Bank Account", "BANK", "N"),
    Row("091", "Business Savings Account", "BANK", "N"),
    Row("200", "Sales", "REVENUE", "S"),
    Row("201", "Consulting Income (old)", "REVENUE", "S", status="ARCHIVED"),
    Row("260", "Other Revenue", "REVENUE", "S"),
    Row("270", "Interest Income", "REVENUE", "N"),
    Row("300", "Purchases", "DIRECTCOSTS", "P"),
    Row("310", "Cost of Goods Sold", "DIRECTCOSTS", "P"),
    Row("400", "Advertising", "EXPENSE", "P"),
    Row("404", "Bank Fees", "EXPENSE", "N"),
    Row("408", "Cleaning", "EXPENSE", "P"),
    Row("412", "Consulting & Accounting", "EXPENSE", "P"),
    Row("416", "Depreciation", "EXPENSE", "N"),
    Row("420", "Entertainment", "EXPENSE", "P"),
    Row("425", "Freight & Courier", "EXPENSE", "P"),
    Row("429", "General Expenses", "EXPENSE", "P"),
    Row("433", "Insurance", "EXPENSE", "P"),
    Row("437", "Interest Expense", "EXPENSE", "N"),
    Row("441", "Legal expenses", "EXPENSE", "P"),
    Row("445", "Light, Power, Heating", "EXPENSE", "P"),
    Row("449", "Motor Vehicle Expenses", "EXPENSE", "P"),
    Row("453", "Office Expenses", "EXPENSE", "P"),
    Row("461", "Printing & Stationery", "EXPENSE", "P"),
    Row("469", "Rent", "EXPENSE", "P"),
    Row("473", "Repairs and Maintenance", "EXPENSE", "P"),
    Row("477", "Salaries", "EXPENSE", "N"),
    Row("485", "Subscriptions", "EXPENSE", "P"),
    Row("489", "Telephone & Internet", "EXPENSE", "P"),
    Row("493", "Travel - National", "EXPENSE", "P"),
    Row("494", "Travel - International", "EXPENSE", "N"),
    Row("497", "Bank Revaluations", "EXPENSE", "N", "BANKCURRENCYGAIN"),
    Row("498", "Unrealised Currency Gains", "EXPENSE", "N", "UNREALISEDCURRENCYGAIN"),
    Row("499", "Realised Currency Gains", "EXPENSE", "N", "REALISEDCURRENCYGAIN"),
    Row("505", "Income Tax Expense", "EXPENSE", "N"),
    Row("610", "Accounts Receivable", "CURRENT", "N", "DEBTORS"),
    Row("620", "Prepayments", "CURRENT", "N"),
    Row("630", "Inventory", "INVENTORY", "N"),
    Row("710", "Office Equipment", "FIXED", "P"),
    Row("711", "Less Accumulated Depreciation on Office Equipment", "FIXED", "N"),
    Row("720", "Computer Equipment", "FIXED", "P"),
    Row("800", "Accounts Payable", "CURRLIAB", "N", "CREDITORS"),
    Row("801", "Unpaid Expense Claims", "CURRLIAB", "N", "UNPAIDEXPCLM"),
    Row("803", "Wages Payable", "CURRLIAB", "N", "WAGEPAYABLES"),
    Row("820", "GST", "CURRLIAB", "N", "GST"),
    Row("830", "Income Tax", "CURRLIAB", "N"),
    Row("840", "Historical Adjustment", "CURRLIAB", "N", "HISTORICAL"),
    Row("850", "Suspense", "CURRLIAB", "N"),
    Row("855", "Clearing Account", "CURRLIAB", "N", payments=True),
    Row("860", "Rounding", "CURRLIAB", "N", "ROUNDING"),
    Row("877", "Tracking Transfers", "CURRLIAB", "N", "TRACKINGTRANSFERS"),
    Row("880", "Owner A Drawings", "EQUITY", "N"),
    Row("881", "Owner A Funds Introduced", "EQUITY", "N", payments=True),
    Row("900", "Loan", "NONCURRENT", "N"),
    Row("960", "Retained Earnings", "EQUITY", "N", "RETAINEDEARNINGS"),
    Row("970", "Owner A Share Capital", "EQUITY", "N", payments=True),
)

# The edition for the United States counts in four digits.
US_CODES = {
    "090": "1000",
    "091": "1010",
    "200": "4000",
    "201": "4010",
    "260": "4600",
    "270": "4700",
    "300": "5000",
    "310": "5010",
    "610": "1200",
    "800": "2000",
    "820": "2200",
    "860": "2860",
    "960": "3900",
}
