"""Tokens: chains of shops and merchants, codes, single use, lifetimes, and what ends them."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.shopee.desk import (
    ACCESS_SECONDS,
    CODE_SECONDS,
    CONSENT_SECONDS,
    PREVIOUS_SECONDS,
    REFRESH_SECONDS,
    App,
    Consent,
    TokenDesk,
)
from storeward_sandbox.shopee.tests.support import refused

NOW = 1_795_000_000.0
SHOP = ("shop", "100")


def one_shop(rotate: bool = True) -> tuple[TokenDesk, Consent]:
    desk = TokenDesk("s", rotate=rotate)
    consent = Consent("100", "Luna Tea 1", "MY", ["100"])
    desk.add(consent, NOW)
    return desk, consent


def group() -> tuple[TokenDesk, Consent]:
    desk = TokenDesk("s")
    consent = Consent("60001", "Luna Group", "CN", ["101", "102"], ["9001"], main=True)
    desk.add(consent, NOW)
    return desk, consent


def test_an_app_has_an_id_and_two_keys() -> None:
    app = App.made(Random(1))
    assert 2_000_000 < app.partner_id < 2_100_000
    assert app.partner_key.startswith("shpk")
    assert len(app.partner_key) == len(app.push_key) == 64
    assert app.partner_key != app.push_key
    assert App.made(Random(1)) == app


def test_every_subject_of_a_consent_has_a_chain_of_its_own() -> None:
    desk, consent = group()
    chains = [consent.chains[subject] for subject in consent.subjects]
    assert consent.subjects == [("shop", "101"), ("shop", "102"), ("merchant", "9001")]
    assert len({chain.access_token for chain in chains}) == 3
    assert len({chain.refresh_token for chain in chains}) == 3
    assert all(len(chain.access_token) == 32 for chain in chains)
    assert desk.of_shop("102") is consent
    assert desk.of_merchant("9001") is consent
    assert desk.of_shop("9001") is None


def test_a_token_opens_its_own_subject_only() -> None:
    desk, consent = group()
    token = consent.chains["shop", "101"].access_token
    assert desk.check(token, ("shop", "101"), NOW) is consent
    for other in (("shop", "102"), ("merchant", "9001"), ("shop", "999")):
        with refused("invalid_acceess_token"):
            desk.check(token, other, NOW)


def test_an_access_token_lives_four_hours() -> None:
    desk, consent = one_shop()
    token = consent.chains[SHOP].access_token
    desk.check(token, SHOP, NOW + ACCESS_SECONDS - 1)
    with refused("invalid_acceess_token"):
        desk.check(token, SHOP, NOW + ACCESS_SECONDS)


def test_a_refresh_token_is_good_once() -> None:
    desk, consent = one_shop()
    first = consent.chains[SHOP]
    second = desk.refresh(first.refresh_token, SHOP, NOW + 60)
    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    assert desk.refreshes == 1
    with refused("error_auth"):
        desk.refresh(first.refresh_token, SHOP, NOW + 61)
    third = desk.refresh(second.refresh_token, SHOP, NOW + 62)
    assert third.generation == 3


def test_the_access_token_before_a_refresh_works_five_minutes_longer() -> None:
    desk, consent = one_shop()
    first = consent.chains[SHOP]
    second = desk.refresh(first.refresh_token, SHOP, NOW + 60)
    desk.check(second.access_token, SHOP, NOW + 61)
    desk.check(first.access_token, SHOP, NOW + 60 + PREVIOUS_SECONDS - 1)
    with refused("invalid_acceess_token"):
        desk.check(first.access_token, SHOP, NOW + 60 + PREVIOUS_SECONDS)


def test_the_access_token_before_does_not_outlive_its_own_end() -> None:
    desk, consent = one_shop()
    first = consent.chains[SHOP]
    desk.refresh(first.refresh_token, SHOP, NOW + ACCESS_SECONDS - 10)
    desk.check(first.access_token, SHOP, NOW + ACCESS_SECONDS - 1)
    with refused("invalid_acceess_token"):
        desk.check(first.access_token, SHOP, NOW + ACCESS_SECONDS + 1)


def test_two_refreshes_ago_is_over() -> None:
    desk, consent = one_shop()
    first = consent.chains[SHOP]
    second = desk.refresh(first.refresh_token, SHOP, NOW + 1)
    desk.refresh(second.refresh_token, SHOP, NOW + 2)
    desk.check(second.access_token, SHOP, NOW + 3)
    with refused("invalid_acceess_token"):
        desk.check(first.access_token, SHOP, NOW + 3)


def test_a_refresh_token_lives_thirty_days() -> None:
    desk, consent = one_shop()
    token = consent.chains[SHOP].refresh_token
    with refused("refresh_token_expired"):
        desk.refresh(token, SHOP, NOW + REFRESH_SECONDS)
    assert desk.refreshes == 0
    desk.refresh(token, SHOP, NOW + REFRESH_SECONDS - 1)


def test_no_refresh_token_outlives_the_consent() -> None:
    desk = TokenDesk("s")
    consent = Consent("100", "Luna", "MY", ["100"])
    desk.add(consent, NOW, lasts=86_400)
    assert consent.expires == NOW + 86_400
    assert consent.given == consent.expires - CONSENT_SECONDS
    assert consent.chains[SHOP].refresh_expires == consent.expires


def test_a_refresh_token_is_another_subjects_business() -> None:
    desk, consent = group()
    token = consent.chains["shop", "101"].refresh_token
    with refused("error_auth"):
        desk.refresh(token, ("shop", "102"), NOW)
    with refused("error_auth"):
        desk.refresh("nothing", ("shop", "101"), NOW)
    desk.refresh(token, ("shop", "101"), NOW)


def test_a_sandbox_may_keep_refresh_tokens() -> None:
    desk, consent = one_shop(rotate=False)
    token = consent.chains[SHOP].refresh_token
    first = desk.refresh(token, SHOP, NOW + 1)
    second = desk.refresh(token, SHOP, NOW + 2)
    assert first.refresh_token == second.refresh_token == token
    assert first.access_token != second.access_token
    desk.check(second.access_token, SHOP, NOW + 3)


# --- codes ------------------------------------------------------------------------------------------------------------


def test_a_code_is_exchanged_once() -> None:
    desk, consent = one_shop()
    before = consent.chains[SHOP]
    code = desk.code_for(consent, NOW)
    found, chain = desk.exchange(code, "100", False, NOW + 1)
    assert found is consent
    desk.check(chain.access_token, SHOP, NOW + 2)
    with refused("invalid_code"):
        desk.exchange(code, "100", False, NOW + 2)
    with refused("invalid_acceess_token"):
        desk.check(before.access_token, SHOP, NOW + 2)
    with refused("error_auth"):
        desk.refresh(before.refresh_token, SHOP, NOW + 2)


def test_a_code_lives_ten_minutes() -> None:
    desk, consent = one_shop()
    code = desk.code_for(consent, NOW)
    with refused("invalid_code"):
        desk.exchange(code, "100", False, NOW + CODE_SECONDS + 1)
    with refused("invalid_code"):
        desk.exchange("nothing", "100", False, NOW)


def test_a_code_belongs_to_the_account_that_gave_it() -> None:
    desk, consent = one_shop()
    code = desk.code_for(consent, NOW)
    with refused("invalid_shop_id"):
        desk.exchange(code, "101", False, NOW)
    with refused("invalid_main_acount_id"):
        desk.exchange(code, "100", True, NOW)
    desk.exchange(code, "100", False, NOW)


def test_a_main_accounts_tokens_stand_for_all_until_each_is_refreshed() -> None:
    desk, consent = group()
    _, shared = desk.exchange(desk.code_for(consent, NOW), "60001", True, NOW)
    for subject in consent.subjects:
        desk.check(shared.access_token, subject, NOW + 1)
    made = [desk.refresh(shared.refresh_token, subject, NOW + 2) for subject in consent.subjects]
    assert len({chain.access_token for chain in made}) == 3
    assert len({chain.refresh_token for chain in made}) == 3
    for subject in consent.subjects:
        with refused("error_auth"):
            desk.refresh(shared.refresh_token, subject, NOW + 3)
    again = desk.refresh(made[1].refresh_token, consent.subjects[1], NOW + 4)
    desk.check(again.access_token, consent.subjects[1], NOW + 5)
    desk.check(made[0].access_token, consent.subjects[0], NOW + 5)


# --- ends -------------------------------------------------------------------------------------------------------------


def test_a_revoked_consent_opens_and_refreshes_nothing() -> None:
    desk, consent = group()
    desk.revoke(consent)
    chain = consent.chains["shop", "101"]
    with refused("partner_shop_no_link"):
        desk.check(chain.access_token, ("shop", "101"), NOW)
    with refused("shop_no_linked"):
        desk.refresh(chain.refresh_token, ("shop", "101"), NOW)
    with refused("merchant_no_linked"):
        desk.refresh(consent.chains["merchant", "9001"].refresh_token, ("merchant", "9001"), NOW)


def test_a_consent_ends_by_itself() -> None:
    desk = TokenDesk("s")
    consent = Consent("100", "Luna", "MY", ["100"])
    desk.add(consent, NOW, lasts=3600)
    with refused("partner_shop_no_link"):
        desk.check(consent.chains[SHOP].access_token, SHOP, NOW + 3600)
    assert consent.state == "expired"
    with refused("shop_access_expired"):
        desk.refresh(consent.chains[SHOP].refresh_token, SHOP, NOW + 3600)


def test_restoring_gives_new_tokens_and_a_new_year() -> None:
    desk, consent = group()
    before = dict(consent.chains)
    desk.revoke(consent, "expired")
    desk.restore(consent, NOW + 50)
    assert consent.in_force
    assert consent.expires == NOW + 50 + CONSENT_SECONDS
    for subject, old in before.items():
        desk.check(consent.chains[subject].access_token, subject, NOW + 51)
        with refused("invalid_acceess_token"):
            desk.check(old.access_token, subject, NOW + 51)


def test_access_can_be_ended_while_the_consent_goes_on() -> None:
    desk, consent = one_shop()
    desk.refresh(consent.chains[SHOP].refresh_token, SHOP, NOW + 1)
    chain = consent.chains[SHOP]
    desk.expire_access(consent, NOW + 2)
    for token in (chain.access_token, chain.previous):
        with refused("invalid_acceess_token"):
            desk.check(token, SHOP, NOW + 2)
    desk.check(desk.refresh(chain.refresh_token, SHOP, NOW + 3).access_token, SHOP, NOW + 4)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["101", "102"]), max_size=12))
def test_chains_never_cross(order: list[str]) -> None:
    desk, consent = group()
    at = NOW
    for shop_id in order:
        at += 1
        desk.refresh(consent.chains["shop", shop_id].refresh_token, ("shop", shop_id), at)
    for shop_id in ("101", "102"):
        subject = ("shop", shop_id)
        assert consent.chains[subject].generation == 1 + order.count(shop_id)
        desk.check(consent.chains[subject].access_token, subject, at)


@pytest.mark.parametrize("secret", ["a", "b"])
def test_tokens_are_the_same_for_the_same_world(secret: str) -> None:
    made = []
    for _ in range(2):
        desk, consent = TokenDesk(secret), Consent("100", "Luna", "MY", ["100"])
        desk.add(consent, NOW)
        made.append(consent.chains[SHOP].access_token)
    assert made[0] == made[1]
