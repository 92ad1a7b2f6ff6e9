"""A contact, and what it takes to make one."""

from datetime import datetime

from chalicelib.xero.wire.base import Wire


class Address(Wire, frozen=True):
    """``address_type`` is POBOX (printed on invoices) or STREET."""

    address_type: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    address_line4: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention_to: str = ""


class Phone(Wire, frozen=True):
    """``phone_type`` is DEFAULT, DDI, MOBILE, FAX or OFFICE."""

    phone_type: str = ""
    phone_number: str = ""
    phone_area_code: str = ""
    phone_country_code: str = ""


class ContactPerson(Wire, frozen=True):
    """Somebody else at the contact."""

    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    include_in_emails: bool = False


class Bill(Wire, frozen=True):
    """When something falls due: a day and how it is counted."""

    day: int | None = None
    type: str = ""


class PaymentTerms(Wire, frozen=True):
    """Terms for what we buy (``bills``) and what we sell (``sales``)."""

    bills: Bill | None = None
    sales: Bill | None = None


class Contact(Wire, frozen=True):
    """A customer or supplier; an archived one that was merged names the winner."""

    contact_id: str = ""
    contact_number: str = ""
    account_number: str = ""
    contact_status: str = ""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    company_number: str = ""
    tax_number: str = ""
    website: str = ""
    is_customer: bool = False
    is_supplier: bool = False
    default_currency: str = ""
    sales_default_account_code: str = ""
    accounts_receivable_tax_type: str = ""
    sales_default_line_amount_type: str = ""
    merged_to_contact_id: str = ""
    payment_terms: PaymentTerms | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    contact_persons: tuple[ContactPerson, ...] = ()
    updated_date_utc: datetime | None = None


class NewContact(Wire, frozen=True, kw_only=True):
    """A contact to be made; what is empty is not sent. Names are unique among active contacts."""

    name: str
    contact_number: str = ""
    account_number: str = ""
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    tax_number: str = ""
    company_number: str = ""
    default_currency: str = ""
    payment_terms: PaymentTerms | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    contact_persons: tuple[ContactPerson, ...] = ()
