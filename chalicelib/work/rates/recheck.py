"""Having the mapping judged again after a rate changed."""


def recheck(tenant_id: str) -> None:
    """What a rate charges, and in which currency, may make a fault of the mapping or mend one."""
    from chalicelib.reference import check_mapping

    check_mapping.check(tenant_id)
