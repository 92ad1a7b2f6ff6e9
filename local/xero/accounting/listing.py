"""From all records of a kind to the ones a request asks for."""

from local.xero.accounting.query import Query, changed_since, modified_since
from local.xero.accounting.schemas import Schema
from local.xero.accounting.where import compile_order, compile_where, sort
from local.xero.books.records import Record, in_default_order


def filtered(records: list[Record], query: Query, schema: Schema) -> list[Record]:
    """Applies `where` and `order`; without an order the records keep theirs."""
    if clause := query.text("where"):
        test = compile_where(clause, schema)
        records = [record for record in records if test(record)]
    if clause := query.text("order"):
        records = sort(records, compile_order(clause, schema))
    return records


def changed(records: list[Record], id_field: str) -> list[Record]:
    """Those changed since If-Modified-Since, in Xero's default order."""
    return in_default_order(changed_since(records, modified_since()), id_field)


def among(records: list[Record], field: str, wanted: list[str]) -> list[Record]:
    """Those whose field is one of the wanted; all when nothing is wanted."""
    if not wanted:
        return records
    folded = {value.casefold() for value in wanted}
    return [r for r in records if str(r.get(field, "")).casefold() in folded]


def mentioning(records: list[Record], term: str, fields: tuple[str, ...]) -> list[Record]:
    """Those in which one of the fields contains the term, whatever the case."""
    if not term:
        return records
    folded = term.casefold()
    return [r for r in records if any(folded in r.get(f, "").casefold() for f in fields)]
