"""Rows of several tables are read together, each answered in its place."""

import pytest

from chalicelib.invoices.rows import WatermarkRow
from chalicelib.reference.small_lists import ListRow
from chalicelib.storage import read_many
from tests.support.dynamo import requests_to


@pytest.fixture(autouse=True)
def account(aws):
    return aws


def test_rows_of_several_tables_come_in_one_request_in_their_order():
    ListRow("t1", "list#a", contents=[1]).save()
    WatermarkRow("t1", "mark", seen_until="now").save()

    with requests_to("reference") as made:
        mark, none, short, again = read_many.read(
            [
                WatermarkRow("t1", "mark"),
                ListRow("t1", "list#b"),
                ListRow("t1", "list#a"),
                WatermarkRow("t1", "mark"),
            ]
        )

    assert made == ["BatchGetItem"]
    assert (mark.seen_until, none, short.contents, again.seen_until) == ("now", None, [1], "now")


def test_more_than_a_hundred_are_read_in_groups_of_theirs():
    for number in range(0, 230, 2):
        ListRow("t1", f"list#{number}", contents=[number]).save()

    with requests_to("reference") as made:
        first, second = read_many.groups(
            [ListRow("t1", f"list#{number}") for number in range(30)],
            [ListRow("t1", f"list#{number}") for number in range(30, 230)],
        )

    assert made == ["BatchGetItem"] * 3
    assert (len(first), len(second)) == (30, 200)
    found = [row.contents[0] if row else None for row in [*first, *second]]
    assert found == [number if number % 2 == 0 else None for number in range(230)]


def test_what_one_answer_leaves_out_is_asked_for_again(aws, monkeypatch):
    ListRow("t1", "list#a", contents=[1]).save()
    ListRow("t1", "list#b", contents=[2]).save()
    client = aws.wiring.clients["dynamodb"]
    whole, asked = client.batch_get_item, []

    def half(RequestItems):  # noqa: N803  botocore's name
        asked.append(RequestItems)
        ((name, table),) = RequestItems.items()
        first, *rest = table["Keys"]
        answer = whole(RequestItems={name: {**table, "Keys": [first]}})
        left = {name: {**table, "Keys": rest}} if rest else {}
        return {**answer, "UnprocessedKeys": left}

    monkeypatch.setattr(client, "batch_get_item", half)
    found = read_many.read([ListRow("t1", "list#a"), ListRow("t1", "list#b")])

    assert [row.contents for row in found] == [[1], [2]]
    assert len(asked) == 2
