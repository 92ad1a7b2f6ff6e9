"""Tracking categories and their options: at most two active, four in all."""

from local.xero.books.errors import NotFound, Refused
from local.xero.books.records import Record, new_id

_LIMIT_ACTIVE, _LIMIT_ALL, _LIMIT_OPTIONS, _LIMIT_NAME = 2, 4, 100, 100


class Tracking:
    """Categories by id, each with its list of options."""

    def __init__(self) -> None:
        self.by_id: dict[str, Record] = {}

    def listed(self, *, archived: bool) -> list[Record]:
        """Active categories with active options; with archived ones when asked for."""
        statuses = {"ACTIVE", "ARCHIVED"} if archived else {"ACTIVE"}
        return [
            {**c, "Options": [o for o in c["Options"] if o["Status"] in statuses]}
            for c in self.by_id.values()
            if c["Status"] in statuses
        ]

    def get(self, category_id: str) -> Record:
        category = self.by_id.get(category_id.lower())
        if category is None or category["Status"] == "DELETED":
            raise NotFound([f"Tracking category {category_id} was not found."])
        return category

    def create(self, sent: Record) -> Record:
        """A new active category with the options sent along."""
        present = [c for c in self.by_id.values() if c["Status"] != "DELETED"]
        active = [c for c in present if c["Status"] == "ACTIVE"]
        if len(active) >= _LIMIT_ACTIVE or len(present) >= _LIMIT_ALL:
            raise Refused(["Maximum number of active tracking categories has been reached."])
        _check_name(sent.get("Name", ""), present)
        category = {
            "Name": sent["Name"],
            "Status": "ACTIVE",
            "TrackingCategoryID": new_id(),
            "Options": [],
        }
        self.by_id[category["TrackingCategoryID"]] = category
        for option in sent.get("Options", []):
            self.add_option(category, option)
        return category

    def add_option(self, category: Record, sent: Record) -> Record:
        present = [o for o in category["Options"] if o["Status"] != "DELETED"]
        if len(present) >= _LIMIT_OPTIONS:
            raise Refused(["Maximum number of tracking options has been reached."])
        _check_name(sent.get("Name", ""), present)
        option = {
            "TrackingOptionID": new_id(),
            "Name": sent["Name"],
            "Status": "ACTIVE",
            "TrackingCategoryID": category["TrackingCategoryID"],
        }
        category["Options"].append(option)
        return option

    def option(self, category: Record, option_id: str) -> Record:
        options: list[Record] = category["Options"]
        for option in options:
            if option["TrackingOptionID"] == option_id.lower():
                return option
        raise NotFound([f"Tracking option {option_id} was not found."])

    def resolve(self, sent: Record) -> Record | None:
        """A line's pair of category and option by ids or names; None when not active."""
        for category in self.by_id.values():
            if category["Status"] == "ACTIVE" and _names(category, sent, "Name", ""):
                for option in category["Options"]:
                    if option["Status"] == "ACTIVE" and _names(option, sent, "Option", "Name"):
                        return {
                            "Name": category["Name"],
                            "Option": option["Name"],
                            "TrackingCategoryID": category["TrackingCategoryID"],
                            "TrackingOptionID": option["TrackingOptionID"],
                        }
        return None


def rename_or_archive(record: Record, sent: Record, others: list[Record]) -> Record:
    """Changes the Name or Status of a category or an option."""
    name = str(sent.get("Name", record["Name"]))
    _check_name(name, [o for o in others if o is not record and o["Status"] != "DELETED"])
    record.update(Name=name, Status=sent.get("Status", record["Status"]))
    return record


def _names(record: Record, sent: Record, name_sent: str, name_kept: str) -> bool:
    id_field = "TrackingOptionID" if name_kept else "TrackingCategoryID"
    if sent.get(id_field):
        return bool(record[id_field] == sent[id_field].lower())
    return bool(record["Name"].casefold() == sent.get(name_sent, "").casefold())


def _check_name(name: str, others: list[Record]) -> None:
    if not name:
        raise Refused(["Name is required."])
    if len(name) > _LIMIT_NAME:
        raise Refused(["The length of the Name cannot be greater than 100 characters."])
    if any(o["Name"].casefold() == name.casefold() for o in others):
        raise Refused([f"The name {name} is already in use."])
