"""Cross-site request forgery: a form that is not ours, or comes from elsewhere, does nothing."""

import pytest

from tests.support.pages import OPEN, POSTS, filled


@pytest.mark.parametrize("token", ["", "wrong"])
def test_every_form_is_refused_without_its_token(ann, token):
    refused = {path: ann.browser.post(filled(path), csrf=token) for path in POSTS}
    assert {response.status_code for response in refused.values()} == {403}
    assert all(b"came from elsewhere" in response.body for response in refused.values())


def test_every_form_is_refused_from_another_site(ann):
    elsewhere = {"Origin": "https://evil.example"}
    statuses = {path: ann.browser.post(filled(path), headers=elsewhere) for path in POSTS}
    assert {response.status_code for response in statuses.values()} == {403}


def test_forms_for_strangers_are_held_to_it_too(browser):
    open_posts = [path for path in POSTS if path in OPEN]
    statuses = {browser.post(filled(path), csrf="wrong").status_code for path in open_posts}
    assert statuses == {403}
