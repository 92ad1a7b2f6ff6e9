"""What those who acted are called now; the end of a job knows them by id only."""

from chalicelib.people import api_keys, store


def of_actors(tenant_id: str) -> dict[str, str]:
    """Names of a tenant's people and programs, by the id that entries know them by."""
    people = {f"user:{one.user_id}": one.name or one.email for one in store.users(tenant_id)}
    programs = {f"key:{key.key_id}": key.name for key in api_keys.listing(tenant_id)}
    return {**programs, **people}
