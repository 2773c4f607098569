"""Signing in, and what a person sets."""

import pytest
from django.test import Client

from storeward.accounts.models import User
from storeward.web.tests.fleet import PASSWORD, Fleet


def tried(client: Client, password: str, email: str = "owner@example.com", **more: str) -> int:
    return client.post("/sign-in/", {"email": email, "password": password, **more}).status_code


def test_the_right_password_signs_in_however_the_address_is_typed(fleet: Fleet) -> None:
    client = Client()
    assert tried(client, PASSWORD, " Owner@Example.COM ") == 302
    assert client.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(fleet: Fleet) -> None:
    wrong = Client().post("/sign-in/", {"email": "owner@example.com", "password": "no"})
    unknown = Client().post("/sign-in/", {"email": "nobody@example.com", "password": "no"})
    assert wrong.status_code == unknown.status_code == 401
    sentence = "E-mail or password is wrong. Check both and try again."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_after_six_tries_it_waits_even_with_the_right_password(fleet: Fleet) -> None:
    client = Client()
    assert [tried(client, "no") for _ in range(6)] == [401] * 6
    answer = client.post("/sign-in/", {"email": "owner@example.com", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.content.decode()
    assert tried(client, PASSWORD, "colleague@example.com") == 302


def test_somebody_who_has_left_does_not_get_in(fleet: Fleet) -> None:
    User.objects.filter(pk=fleet.colleague.pk).update(is_active=False)
    assert tried(Client(), PASSWORD, "colleague@example.com") == 401


def test_it_goes_on_to_where_one_was_going(fleet: Fleet) -> None:
    answer = Client().post("/sign-in/", {"email": "owner@example.com", "password": PASSWORD, "next": "/deadlines/"})
    assert answer.headers["Location"] == "/deadlines/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_goes_elsewhere(fleet: Fleet, elsewhere: str) -> None:
    answer = Client().post("/sign-in/", {"email": "owner@example.com", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_signing_out_is_a_deed_not_a_link(owner: Client) -> None:
    assert owner.get("/sign-out/").status_code == 405
    assert owner.get("/").status_code == 200
    owner.post("/sign-out/")
    assert owner.get("/").status_code == 302


def test_a_form_of_another_page_is_refused(fleet: Fleet) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"email": "owner@example.com", "password": PASSWORD}).status_code == 403


def test_the_language_is_the_persons_and_follows_them(owner: Client, fleet: Fleet) -> None:
    owner.post("/me/language/", {"language": "zh-hans", "next": "/stores/"})
    fleet.owner.refresh_from_db()
    assert fleet.owner.language == "zh-hans"
    assert "今日" in owner.get("/").content.decode()
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(fleet.owner)
    assert 'lang="zh-Hans"' in other.get("/").content.decode()


def test_the_browsers_language_counts_until_one_is_chosen(fleet: Fleet) -> None:
    client = Client(headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "登录" in client.get("/sign-in/").content.decode()
    client.force_login(fleet.owner)
    assert "今日" in client.get("/").content.decode()


def test_a_language_that_we_do_not_have_changes_nothing(owner: Client, fleet: Fleet) -> None:
    assert owner.post("/me/language/", {"language": "xx", "next": "/"}).status_code == 302
    fleet.owner.refresh_from_db()
    assert fleet.owner.language == ""


def test_the_theme_is_kept(owner: Client, fleet: Fleet) -> None:
    owner.post("/me/theme/", {"theme": "dark", "next": "/"})
    assert 'data-bs-theme="dark"' in owner.get("/").content.decode()
    owner.post("/me/theme/", {"theme": "pink", "next": "/"})
    fleet.owner.refresh_from_db()
    assert fleet.owner.theme == "dark"


def test_a_stranger_may_choose_the_language_of_the_form(db: None) -> None:
    client = Client()
    client.post("/me/language/", {"language": "zh-hans", "next": "/sign-in/"})
    assert "登录" in client.get("/sign-in/").content.decode()
