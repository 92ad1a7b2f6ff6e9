"""Account codes and tax rates on work: chosen among those imported from Xero, never typed."""

from chalicelib.errors import InvalidInput


def check_codes(tenant_id: str, account_code: str | None, tax_type: str | None) -> None:
    """Raise InvalidInput unless each code that is given can be used on an invoice's line."""
    if not account_code and not tax_type:
        return
    from chalicelib.reference import store as reference

    if account_code and account_code not in {
        account.code for account in reference.accounts(tenant_id) if account.usable_for_lines
    }:
        raise InvalidInput(
            f"{account_code} is not an account of your organisation that takes sales.",
            field="account_code",
        )
    if tax_type and tax_type not in {
        rate.tax_type for rate in reference.tax_rates(tenant_id) if rate.usable_for_lines
    }:
        raise InvalidInput(
            f"{tax_type} is not a tax rate of your organisation that sales can have.",
            field="tax_type",
        )
