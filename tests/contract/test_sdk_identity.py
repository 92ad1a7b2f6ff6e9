import requests


def test_sdk_lists_the_connected_organisation(customer):
    (connection,) = customer.identity.get_connections()

    assert connection.tenant_type == "ORGANISATION"
    assert connection.tenant_name == "Demo Company (NZ)"
    assert connection.id != connection.tenant_id
    assert connection.created_date_utc is not None


def test_sdk_refreshes_an_expired_token_by_itself(customer):
    before = customer.tokens
    customer.tokens = {**before, "expires_at": 0}

    organisations = customer.accounting.get_organisations(customer.tenant).organisations

    assert organisations[0].name == "Demo Company (NZ)"
    assert customer.tokens["access_token"] != before["access_token"]
    assert customer.tokens["refresh_token"] != before["refresh_token"]
    assert "offline_access" in customer.tokens["scope"]


def test_refreshed_token_still_reaches_the_organisation(customer):
    customer.tokens = {**customer.tokens, "expires_at": 0}
    customer.accounting.get_organisations(customer.tenant)
    customer.tokens = {**customer.tokens, "expires_at": 0}

    assert customer.accounting.get_currencies(customer.tenant).currencies[0].code.value == "NZD"


def test_sdk_disconnects_an_organisation(customer, xero):
    (connection,) = customer.identity.get_connections()

    customer.identity.delete_connection(connection.id)

    assert customer.identity.get_connections() == []
    refused = requests.get(
        f"{xero.url}/api.xro/2.0/Organisation",
        headers={
            "Authorization": f"Bearer {customer.tokens['access_token']}",
            "xero-tenant-id": customer.tenant,
            "Accept": "application/json",
        },
        timeout=10,
    )
    assert refused.status_code == 403
