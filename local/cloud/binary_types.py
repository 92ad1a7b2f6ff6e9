"""Has API Gateway pass binary bodies as the template's API definition says.

AWS reads the list from the definition; MiniStack only from the API itself.
"""

from collections.abc import Mapping
from typing import Any

from local.cloud.aws import client


def set_from_definition(api_id: str, definition: Mapping[str, Any], endpoint: str) -> None:
    """Make the API's binary media types those that its definition names."""
    wanted = definition.get("x-amazon-apigateway-binary-media-types", [])
    # AWS's model has text here only; MiniStack takes the list itself, and whole.
    apigateway = client("apigateway", endpoint, parameter_validation=False)
    apigateway.update_rest_api(
        restApiId=api_id,
        patchOperations=[{"op": "replace", "path": "/binaryMediaTypes", "value": wanted}],
    )
