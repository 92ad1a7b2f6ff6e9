from chalicelib.xero.errors import Message
from chalicelib.xero.messages import WARNINGS, collect, plain_words, refusal

ELEMENT = {
    "ValidationErrors": [{"Message": "The invoice is wrong"}],
    "Contact": {"ValidationErrors": [{"Description": "The contact is archived"}]},
    "LineItems": [
        {"ValidationErrors": []},
        {"ValidationErrors": None},
        {
            "ValidationErrors": [{"Message": "Bad account"}, {"Message": "Bad account"}],
            "Tracking": [{"ValidationErrors": [{"Message": "Bad option"}]}],
        },
    ],
    "Warnings": [{"Message": "Unusual rate"}],
}


def test_messages_are_collected_at_any_depth_with_their_place():
    assert collect(ELEMENT) == (
        Message("The invoice is wrong", ""),
        Message("The contact is archived", "Contact"),
        Message("Bad account", "LineItems[2]"),
        Message("Bad option", "LineItems[2].Tracking[0]"),
    )


def test_warnings_are_told_from_errors():
    assert collect(ELEMENT, WARNINGS) == (Message("Unusual rate", ""),)


def test_the_place_begins_inside_a_single_element():
    assert refusal({"Elements": [ELEMENT]})[2].where == "LineItems[2]"


def test_the_place_names_the_element_where_there_are_several():
    assert refusal({"Elements": [{}, ELEMENT]})[2].where == "Elements[1].LineItems[2]"


def test_a_refusal_without_a_list_gives_its_general_message():
    assert refusal({"Message": "Bad query"}) == (Message("Bad query", ""),)
    assert refusal({"Title": "Bad", "Detail": "Worse"}) == (Message("Worse", ""),)


def test_a_refusal_without_words_has_no_message():
    assert refusal(None) == refusal([]) == refusal({"Elements": []}) == ()


def test_markup_is_no_word():
    page = "<html><script>steal()</script><p>Access  <b>Denied</b></p></html>"

    assert plain_words(page) == "Access Denied"
