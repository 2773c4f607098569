"""Today, as its visitors see it."""

from django.test import Client


def test_sign_in_page_is_shown(db: None) -> None:
    assert Client().get("/sign-in/").status_code == 200


def test_the_page_is_shown(owner: Client) -> None:
    assert owner.get("/").status_code == 200
