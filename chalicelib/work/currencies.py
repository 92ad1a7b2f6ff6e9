"""Which currency work is billed in."""

import re

from chalicelib.errors import InvalidInput

CODE = re.compile(r"[A-Z]{3}")
CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
ISO_4217 = frozenset(CODES.split())
"""The currencies that people are paid in, by the standard; funds and metals are left out."""


def clean_currency(text: str | None) -> str | None:
    """A currency's three letters, None for none; raises InvalidInput for anything else."""
    if not text or not text.strip():
        return None
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise InvalidInput("A currency is three letters, such as NZD.", field="currency")
    return code


def known_currency(text: str) -> str | None:
    """The code of a currency that there is, None for anything else."""
    code = text.strip().upper()
    return code if code in ISO_4217 else None


def base_currency(tenant_id: str) -> str | None:
    """The currency of the organisation in Xero that the tenant is, or was last, connected to."""
    from chalicelib.connection import store as connections

    return connections.get(tenant_id).base_currency or None
