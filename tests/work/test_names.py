import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidInput
from chalicelib.work.names import clean_name, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Boom FM", "  boom   fm "),
        ("Ngāi Tāhu Café", "ngai tahu cafe"),
        ("A.B.C. Ltd", "ABC Ltd."),
        ("O'Brien & Söhne", "obrien sohne"),
        ("O\u2019Brien", "O'Brien"),
        ("Smith-Jones, Ltd", "Smith Jones Ltd"),
        ("STRASSE", "straße"),
        ("ﬁne", "fine"),
        ("5 ㎓", "5 GHz"),
    ],
)
def test_names_match_but_for_case_spaces_accents_and_marks(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Boom FM", "Boom"), ("!!!", "???"), ("株式会社", "会社"), ("A B", "AB")]
)
def test_other_names_do_not_match(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_a_key_is_its_own_key_and_never_empty(name):
    assert name_key(name)
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize("name", ["", "  \n", "x" * 256])
def test_a_name_is_neither_empty_nor_over_255(name):
    with pytest.raises(InvalidInput):
        clean_name(name)
