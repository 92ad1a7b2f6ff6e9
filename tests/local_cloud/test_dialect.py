"""What the local cloud asks for in words of its own is allowed in them, and no more."""

from local.cloud.dialect import spoken


def statement(action, **more):
    return {"Effect": "Allow", "Action": [action], "Resource": "arn:queue", **more}


def test_a_batch_is_allowed_where_its_single_action_is():
    told = spoken({"Statement": [statement("sqs:SendMessage")]})

    assert told["Statement"][0]["Action"] == ["sqs:SendMessage", "sqs:SendMessageBatch"]
    assert told["Statement"][0]["Resource"] == "arn:queue"


def test_mail_is_allowed_without_what_the_local_cloud_does_not_know():
    condition = {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}
    told = spoken([statement("ses:SendEmail", Condition=condition)])

    assert told == [statement("ses:SendEmail") | {"Resource": "*"}]


def test_a_refusal_stays_as_it_is():
    refusal = {"Effect": "Deny", "Action": ["ses:SendEmail"], "Resource": "arn:x"}

    assert spoken(refusal) == refusal
