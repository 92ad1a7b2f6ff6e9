"""Says in MiniStack's words what the template's policies say in those of AWS.

AWS authorises a batch of SQS messages as the action on single ones (SQS developer guide,
"Amazon SQS API permissions"); MiniStack asks for an action of the batch's own name, which AWS
does not know and the template therefore does not name.

AWS authorises an e-mail by the verified identity and knows whom it is from (service authorization
reference, "Actions, resources, and condition keys for Amazon SES"); MiniStack knows neither, and
asks for the action on any resource.
"""

from typing import Any

BATCHES = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
}
MAIL = "ses:SendEmail"


def spoken(tree: Any) -> Any:
    """Return the template with each batch allowed where its single action is."""
    if isinstance(tree, list):
        return [spoken(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    told = {key: spoken(value) for key, value in tree.items()}
    actions = told.get("Action")
    if told.get("Effect") == "Allow" and isinstance(actions, list):
        told["Action"] = actions + [BATCHES[action] for action in actions if action in BATCHES]
        if actions == [MAIL]:
            told["Resource"] = "*"
            told.pop("Condition", None)
    return told
