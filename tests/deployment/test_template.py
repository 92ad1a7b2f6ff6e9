import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.cloud.options import PROJECT
from local.cloud.package import package

# Their names are public: renaming one deletes it, its schedule and its logs.
FUNCTIONS = {
    "APIHandler": "app.app",
    "Worker": "app.worker",
    "SyncTick": "app.sync_tick",
    "BillingRun": "app.billing_run",
    "Upkeep": "app.upkeep",
    "MakeTenant": "app.make_tenant",
}
# AWS accepts nothing narrower here: (resource, action) with the reason.
NEEDS_ANY_RESOURCE: dict[tuple[str, str], str] = {}


def of_type(template, kind):
    return {n: r for n, r in template["Resources"].items() if r["Type"] == kind}


def functions(template):
    return of_type(template, "AWS::Serverless::Function")


def statements(role):
    for policy in role["Properties"]["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def test_cfn_lint_finds_no_error(packaged):
    tool = Path(sys.executable).with_name("cfn-lint")
    report = subprocess.run(  # noqa: S603 - our own tool on our own file
        [tool, "--format", "json", "--template", packaged / "sam.json"],
        capture_output=True,
        text=True,
        check=False,
    )

    found = json.loads(report.stdout or "[]")

    assert [(f["Rule"]["Id"], f["Message"]) for f in found if f["Level"] == "Error"] == []


def test_functions_have_their_public_names(template):
    deployed = {n: f["Properties"]["Handler"] for n, f in functions(template).items()}

    assert deployed == FUNCTIONS


def test_each_function_has_a_role_of_its_own(template):
    roles = [f["Properties"]["Role"]["Fn::GetAtt"][0] for f in functions(template).values()]

    assert len(set(roles)) == len(FUNCTIONS)
    assert set(roles) == set(of_type(template, "AWS::IAM::Role"))


def test_each_role_holds_only_what_its_file_says(template):
    for name, handler in FUNCTIONS.items():
        function = template["Resources"][name]["Properties"]
        role = template["Resources"][function["Role"]["Fn::GetAtt"][0]]
        file = "api_handler" if handler == "app.app" else handler.removeprefix("app.")
        written = json.loads((PROJECT / f".chalice/policies/{file}.json").read_text())

        assert list(statements(role)) == written["Statement"], name
        assert "ManagedPolicyArns" not in role["Properties"]


def test_no_policy_names_every_resource(template):
    wild = [
        (name, action)
        for name, role in of_type(template, "AWS::IAM::Role").items()
        for statement in statements(role)
        if statement["Resource"] == "*" or "*" in statement["Resource"]
        for action in statement["Action"]
        if (name, action) not in NEEDS_ANY_RESOURCE
    ]

    assert wild == []


def test_no_policy_grants_actions_by_wildcard(template):
    granted = [
        action
        for role in of_type(template, "AWS::IAM::Role").values()
        for statement in statements(role)
        for action in statement["Action"]
    ]

    assert [action for action in granted if "*" in action] == []


def test_no_policy_names_an_action_that_aws_does_not_know(template):
    # MiniStack asks for sqs:SendMessageBatch; AWS knows sqs:SendMessage only.
    granted = {
        action
        for role in of_type(template, "AWS::IAM::Role").values()
        for statement in statements(role)
        for action in statement["Action"]
    }

    assert not {a for a in granted if a.startswith("sqs:") and a.endswith("Batch")}


def test_whoever_writes_to_the_audit_trail_is_denied_to_change_it(template):
    changes = {"UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete"}
    table = {"Fn::GetAtt": ["AuditTable", "Arn"]}
    writers = set()
    for name, role in of_type(template, "AWS::IAM::Role").items():
        found = [s for s in statements(role) if s["Resource"] == table]
        allowed = {a for s in found if s["Effect"] == "Allow" for a in s["Action"]}
        denied = {a for s in found if s["Effect"] == "Deny" for a in s["Action"]}
        assert allowed <= {"dynamodb:PutItem", "dynamodb:Query"}, name
        if "dynamodb:PutItem" in allowed:
            writers.add(name)
            assert {f"dynamodb:{change}" for change in changes} <= denied, name
    assert len(writers) == 3


def test_only_the_worker_signs_checkpoints_and_writes_exports(template):
    signing = [
        name
        for name, role in of_type(template, "AWS::IAM::Role").items()
        for statement in statements(role)
        if "kms:Sign" in statement["Action"]
    ]

    assert signing == [template["Resources"]["Worker"]["Properties"]["Role"]["Fn::GetAtt"][0]]


def test_who_sends_mail_does_so_from_one_verified_address_only(template):
    arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/"
    wanted = {
        "Action": ["ses:SendEmail"],
        "Resource": {
            "Fn::If": [
                "MailIdentityIsTheAddress",
                {"Fn::Sub": f"{arn}${{MailFrom}}"},
                {"Fn::Sub": f"{arn}${{MailIdentity}}"},
            ]
        },
        "Condition": {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}},
    }
    mailing = {}
    for name in FUNCTIONS:
        role = template["Resources"][name]["Properties"]["Role"]["Fn::GetAtt"][0]
        for statement in statements(template["Resources"][role]):
            if any(action.startswith("ses:") for action in statement["Action"]):
                mailing[name] = {key: statement[key] for key in wanted}

    assert mailing == dict.fromkeys(("APIHandler", "Worker", "MakeTenant"), wanted)


@pytest.mark.parametrize("name", ["XeroClientId", "XeroClientSecret", "XeroWebhookKey"])
def test_what_is_secret_is_never_shown(template, name):
    assert template["Parameters"][name]["NoEcho"] is True


def test_one_machine_gets_what_aws_gets(template, tmp_path):
    package(PROJECT, tmp_path, stage="local", region="us-east-1")
    here = (tmp_path / "sam.json").read_text().replace("stage=local", "stage=prod")

    assert json.loads(here.replace("workbill-local-", "workbill-prod-")) == template


def test_functions_run_on_the_pinned_python(template):
    pinned = (PROJECT / ".python-version").read_text().strip()
    running = f"{sys.version_info.major}.{sys.version_info.minor}"

    runtimes = {f["Properties"]["Runtime"] for f in functions(template).values()}

    assert runtimes == {f"python{running}"}
    if running != pinned:
        pytest.skip(f"packaged by Python {running}; deployments use {pinned}")


def test_the_door_waits_no_longer_than_api_gateway(template):
    assert template["Resources"]["APIHandler"]["Properties"]["Timeout"] <= 29


def test_a_message_stays_hidden_while_the_worker_may_run(template):
    longest = template["Resources"]["Worker"]["Properties"]["Timeout"]

    assert template["Resources"]["Wakes"]["Properties"]["VisibilityTimeout"] >= longest
