"""The desk that hands out tokens, and the consent page, in every state of a consent."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward_sandbox.chance import stream
from storeward_sandbox.tests.support import Json, Running, running
from storeward_sandbox.tiktok_shop.auth import SCOPES, App, Authorization, TokenDesk, unlocked
from storeward_sandbox.tiktok_shop.errors import ApiError

NOW = 1_795_000_000.0
DAY = 86_400
Deed = Callable[[TokenDesk, Authorization], None]


def opened(rotate: bool = True, lasts: int = 365 * DAY) -> tuple[TokenDesk, Authorization]:
    desk = TokenDesk(App.made(stream(1, "app")), "secret", rotate)
    held = Authorization("1", "Luna", "MY", ["9"])
    desk.add(held, NOW, lasts)
    return desk, held


def code_of(call: Callable[[], object]) -> int:
    """The code of a refusal, 0 where there is none."""
    try:
        call()
    except ApiError as refusal:
        return refusal.code
    return 0


def nothing(desk: TokenDesk, held: Authorization) -> None:
    """Leave the consent as it is."""


def revoked(desk: TokenDesk, held: Authorization) -> None:
    desk.revoke(held)


def ended(desk: TokenDesk, held: Authorization) -> None:
    desk.revoke(held, "expired")


def stale(desk: TokenDesk, held: Authorization) -> None:
    desk.expire_access(held, NOW)


def renewed(desk: TokenDesk, held: Authorization) -> None:
    desk.refresh(held.refresh_token, NOW)


def given_again(desk: TokenDesk, held: Authorization) -> None:
    desk.revoke(held)
    desk.restore(held, NOW)


def by_code(desk: TokenDesk, held: Authorization) -> None:
    desk.revoke(held)
    desk.exchange(desk.code_for(held, NOW), NOW)


@pytest.mark.parametrize(
    ("deed", "old_access", "old_refresh", "new_access", "new_refresh"),
    [
        (nothing, 0, 0, 0, 0),
        (revoked, 105001, 36004005, 105001, 36004005),
        (ended, 105001, 36004005, 105001, 36004005),
        (stale, 105002, 0, 105002, 0),
        (renewed, 105002, 36004005, 0, 0),
        (given_again, 105002, 36004005, 0, 0),
        (by_code, 105002, 36004005, 0, 0),
    ],
)
def test_what_old_and_new_tokens_are_worth(
    deed: Deed, old_access: int, old_refresh: int, new_access: int, new_refresh: int
) -> None:
    desk, held = opened()
    access, refresh = held.access_token, held.refresh_token
    deed(desk, held)
    assert code_of(lambda: desk.holder(access, NOW)) == old_access
    assert code_of(lambda: desk.holder(held.access_token, NOW)) == new_access
    assert code_of(lambda: desk.refresh(refresh, NOW)) == old_refresh
    if deed is not stale and deed is not nothing:
        assert code_of(lambda: desk.refresh(held.refresh_token, NOW)) == new_refresh


@pytest.mark.parametrize(
    ("passed", "code"),
    [(0, 0), (6 * DAY, 0), (7 * DAY - 1, 0), (7 * DAY, 105002), (8 * DAY, 105002), (365 * DAY, 105002)],
)
def test_an_access_token_lasts_seven_days(passed: int, code: int) -> None:
    desk, held = opened()
    assert code_of(lambda: desk.holder(held.access_token, NOW + passed)) == code


@pytest.mark.parametrize(
    ("lasts", "passed", "code"),
    [
        (365 * DAY, 364 * DAY, 0),
        (365 * DAY, 365 * DAY - 1, 0),
        (365 * DAY, 365 * DAY, 36004001),
        (12 * DAY, 11 * DAY, 0),
        (12 * DAY, 12 * DAY, 36004001),
    ],
)
def test_a_consent_lasts_as_long_as_it_was_given_for(lasts: int, passed: int, code: int) -> None:
    desk, held = opened(lasts=lasts)
    assert code_of(lambda: desk.refresh(held.refresh_token, NOW + passed)) == code
    assert held.in_force is (code == 0)


def test_a_refresh_does_not_lengthen_the_consent() -> None:
    desk, held = opened(lasts=12 * DAY)
    answer = desk.refresh(held.refresh_token, NOW + 6 * DAY)
    assert answer["refresh_token_expire_in"] == NOW + 12 * DAY


@pytest.mark.parametrize(("lasts", "passed", "until"), [(12, 0, 7), (12, 3, 10), (12, 6, 12), (12, 11, 12), (3, 0, 3)])
def test_an_access_token_never_outlives_the_consent(lasts: int, passed: int, until: int) -> None:
    desk, held = opened(lasts=lasts * DAY)
    answer = desk.refresh(held.refresh_token, NOW + passed * DAY)
    assert answer["access_token_expire_in"] == NOW + until * DAY


def test_a_new_consent_lasts_a_year_from_then() -> None:
    desk, held = opened(lasts=12 * DAY)
    answer = desk.exchange(desk.code_for(held, NOW + 5 * DAY), NOW + 5 * DAY)
    assert answer["refresh_token_expire_in"] == NOW + 370 * DAY


@pytest.mark.parametrize(("passed", "code"), [(0, 0), (1_799, 0), (1_800, 0), (1_801, 36004004), (DAY, 36004004)])
def test_a_code_lasts_half_an_hour(passed: int, code: int) -> None:
    desk, held = opened()
    given = desk.code_for(held, NOW)
    assert code_of(lambda: desk.exchange(given, NOW + passed)) == code
    assert code_of(lambda: desk.exchange(given, NOW + passed)) == 36004004


def test_two_codes_are_two_and_each_is_good() -> None:
    desk, held = opened()
    first, second = desk.code_for(held, NOW), desk.code_for(held, NOW)
    assert first != second
    assert [code_of(lambda: desk.exchange(first, NOW)), code_of(lambda: desk.exchange(second, NOW))] == [0, 0]


@pytest.mark.parametrize(
    ("token", "code"), [("", 36009004), ("x", 105001), ("TTP_", 105001), ("Bearer x", 105001), ("TTP_" + "0" * 64, 105001)]
)
def test_an_access_token_that_nobody_got(token: str, code: int) -> None:
    desk, _ = opened()
    assert code_of(lambda: desk.holder(token, NOW)) == code


def test_the_answer_says_all_that_the_platform_says() -> None:
    desk, held = opened()
    assert desk.refresh(held.refresh_token, NOW) == {
        "access_token": held.access_token,
        "access_token_expire_in": NOW + 7 * DAY,
        "refresh_token": held.refresh_token,
        "refresh_token_expire_in": NOW + 365 * DAY,
        "open_id": "1",
        "seller_name": "Luna",
        "seller_base_region": "MY",
        "user_type": 0,
        "granted_scopes": list(SCOPES),
    }
    assert desk.refreshes == 1


def test_tokens_can_be_repeated_from_the_secret_and_are_no_ones_elses() -> None:
    (one, held), (two, also) = opened(), opened()
    assert held.access_token == also.access_token
    other = Authorization("2", "Nari", "TH", ["8"])
    one.add(other, NOW)
    assert len({held.access_token, held.refresh_token, other.access_token, other.refresh_token}) == 4
    assert [one.of_shop("9"), one.of_shop("8"), one.of_shop("7")] == [held, other, None]
    assert two.of_shop("8") is None


@pytest.mark.parametrize(
    ("granted", "asked", "open_"),
    [
        (("a", "b"), ("a",), True),
        (("a", "b"), ("b", "c"), True),
        (("a", "b"), ("c",), False),
        (("a", "b"), (), True),
        ((), (), True),
        ((), ("a",), False),
    ],
)
def test_any_of_the_scopes_unlocks(granted: tuple[str, ...], asked: tuple[str, ...], open_: bool) -> None:
    assert unlocked(Authorization("1", "Luna", "MY", [], scopes=granted), asked) is open_


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counter() -> Iterator[Running]:
    with running(stores=1, seed=41, redirect_url="http://app.test/back?kept=1") as found:
        yield found


def token(sandbox: Running, path: str, **query: str) -> tuple[int, Json]:
    secrets = {"app_key": sandbox.app["app_key"], "app_secret": sandbox.app["app_secret"]}
    wanted = {name: value for name, value in {**secrets, **query}.items() if value != "-"}
    answer = sandbox.http.get(sandbox.base_url + path, params=wanted)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("get", {}, 400, 98001004),
        ("get", {"auth_code": "x"}, 400, 98001004),
        ("get", {"auth_code": "x", "grant_type": "authorization_code"}, 400, 98001004),
        ("get", {"auth_code": "", "grant_type": "authorized_code"}, 400, 98001004),
        ("get", {"auth_code": "x", "grant_type": "authorized_code"}, 401, 36004004),
        ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_key": "no"}, 400, 98001004),
        ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_key": "-"}, 400, 98001004),
        ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_secret": "no"}, 400, 98001004),
        ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_secret": "-"}, 400, 98001004),
        ("get", {"refresh_token": "x", "grant_type": "refresh_token"}, 400, 98001004),
        ("refresh", {}, 400, 98001004),
        ("refresh", {"refresh_token": "x"}, 400, 98001004),
        ("refresh", {"refresh_token": "x", "grant_type": "authorized_code"}, 400, 98001004),
        ("refresh", {"refresh_token": "x", "grant_type": "refresh_token"}, 401, 36004005),
        ("refresh", {"refresh_token": "", "grant_type": "refresh_token"}, 400, 98001004),
        ("refresh", {"refresh_token": "x", "grant_type": "refresh_token", "app_secret": "no"}, 400, 98001004),
    ],
)
def test_a_token_call_that_is_wrong_gets_a_code_and_no_data(
    counter: Running, path: str, query: dict[str, str], status: int, code: int
) -> None:
    seen, body = token(counter, f"/api/v2/token/{path}", **query)
    assert (seen, body["code"]) == (status, code)
    assert set(body) == {"code", "message", "request_id"}


def back(sandbox: Running, **form: str) -> dict[str, str]:
    """What the app finds in the address the seller is sent to."""
    answer = sandbox.http.post(sandbox.base_url + "/oauth/decide", data=form)
    assert answer.status_code == 302
    target = urlsplit(answer.headers["location"])
    assert (target.netloc, target.path) == ("app.test", "/back")
    return {name: values[0] for name, values in parse_qs(target.query, keep_blank_values=True).items()}


def test_an_approval_without_a_state_comes_back_without_one(counter: Running) -> None:
    """As when the app is installed from the seller's own app store."""
    found = back(counter, decision="approve", open_id=counter.stores[0]["open_id"])
    assert "state" not in found
    assert found["code"].startswith("TTP_")
    assert found["kept"] == "1"


@pytest.mark.parametrize("state", ["abc", "a b&c=d", "ü/+=?#", "x" * 500])
def test_the_state_comes_back_as_it_was_given(counter: Running, state: str) -> None:
    found = back(counter, decision="approve", open_id=counter.stores[0]["open_id"], state=state)
    assert found["state"] == state


@pytest.mark.parametrize(
    "form", [{"decision": "refuse", "open_id": "SELLER"}, {"decision": "approve", "open_id": "1"}, {"decision": ""}, {}]
)
def test_whatever_is_no_approval_is_a_refusal(counter: Running, form: dict[str, str]) -> None:
    asked = {name: counter.stores[0]["open_id"] if value == "SELLER" else value for name, value in form.items()}
    found = back(counter, **asked, state="s")
    assert (found["code"], found["error"], found["state"]) == ("null", "auth_denied", "s")


def test_a_revoked_seller_comes_back_by_the_consent_page(counter: Running) -> None:
    store = counter.stores[0]
    counter.control("/authorizations", {"store": store["id"], "do": "revoke"})
    assert counter.control("/credentials")["platforms"]["tiktok_shop"]["stores"] == []
    code = back(counter, decision="approve", open_id=store["open_id"], state="s")["code"]
    status, answer = token(counter, "/api/v2/token/get", auth_code=code, grant_type="authorized_code")
    assert (status, answer["code"]) == (200, 0)
    counter.renew()
    assert counter.stores[0]["access_token"] == answer["data"]["access_token"] != store["access_token"]
    assert counter.ask("getOrderList", query={"page_size": 1})["orders"]
