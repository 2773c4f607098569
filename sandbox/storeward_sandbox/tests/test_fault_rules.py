"""Faults without a wire: whom each one concerns, which of them shut clients out, and how they are switched."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.faults import NAMES, SHUTTING_OUT, Fault, Faults, UnknownFault

HERE, ELSEWHERE = "tiktok_shop", "shopee"


def faults(seed: int = 1) -> Faults:
    return Faults(Random(seed))


@pytest.mark.parametrize(
    ("fault", "platform", "store", "concerned"),
    [
        (Fault("slow"), HERE, "1", True),
        (Fault("slow"), HERE, None, True),
        (Fault("slow"), ELSEWHERE, "1", True),
        (Fault("slow", platform=HERE), HERE, "1", True),
        (Fault("slow", platform=HERE), HERE, None, True),
        (Fault("slow", platform=HERE), ELSEWHERE, "1", False),
        (Fault("slow", stores=frozenset({"1"})), HERE, "1", True),
        (Fault("slow", stores=frozenset({"1", "2"})), HERE, "2", True),
        (Fault("slow", stores=frozenset({"1"})), HERE, "2", False),
        (Fault("slow", stores=frozenset({"1"})), HERE, None, False),
        (Fault("slow", platform=HERE, stores=frozenset({"1"})), HERE, "1", True),
        (Fault("slow", platform=ELSEWHERE, stores=frozenset({"1"})), HERE, "1", False),
    ],
)
def test_a_fault_concerns_its_platform_and_its_stores(fault: Fault, platform: str, store: str | None, concerned: bool) -> None:
    assert fault.concerns(platform, store) is concerned


@pytest.mark.parametrize(
    ("name", "rate", "seconds", "shut"),
    [
        ("slow", 1.0, 60, False),
        ("throttle", 1.0, 0, True),
        ("throttle", 0.99, 0, False),
        ("throttle", 0.0, 0, False),
        ("server_error", 1.0, 0, True),
        ("server_error", 0.5, 0, False),
        ("timeout", 1.0, 60, True),
        ("truncated", 1.0, 0, True),
        ("garbage", 1.0, 0, True),
        ("token_expired", 1.0, 0, True),
        ("revoked", 1.0, 0, True),
        ("revoked", 0.9, 0, False),
        ("clock_skew", 1.0, 600, True),
        ("clock_skew", 1.0, 301, True),
        ("clock_skew", 1.0, 300, False),
        ("clock_skew", 1.0, 5, False),
        ("clock_skew", 0.5, 600, False),
        ("duplicate_webhook", 1.0, 0, False),
        ("reorder_webhook", 1.0, 0, False),
        ("drop_webhook", 1.0, 0, False),
        ("forged_webhook", 1.0, 0, False),
        ("replay_webhook", 1.0, 0, False),
        ("blocked_address", 1.0, 0, True),
        ("timeout_before", 1.0, 60, True),
        ("wrong_types", 1.0, 0, False),
        ("empty_page", 1.0, 0, False),
        ("repeated_page", 1.0, 0, False),
    ],
)
def test_only_what_hits_every_answer_for_good_shuts_clients_out(name: str, rate: float, seconds: float, shut: bool) -> None:
    on = faults()
    on.switch_on(name, rate=rate, seconds=seconds)
    assert on.keeps_out(HERE, "1", tolerated_skew=300) is shut


def test_every_fault_that_shuts_out_is_one_that_exists() -> None:
    assert set(NAMES) >= SHUTTING_OUT
    assert len(set(NAMES)) == len(NAMES) == 20


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("slow", 1.0), ("timeout", 60.0), ("clock_skew", 600.0), ("throttle", 0.0), ("truncated", 0.0), ("drop_webhook", 0.0)],
)
def test_a_measure_that_is_not_given_has_its_default(name: str, seconds: float) -> None:
    assert faults().switch_on(name).seconds == seconds
    assert faults().switch_on(name, seconds=2).seconds == 2.0
    assert faults().switch_on(name, seconds=0).seconds == 0.0


@pytest.mark.parametrize("rate", [-0.1, 1.1, 7, -1, math.inf, -math.inf, math.nan])
def test_a_rate_is_a_share(rate: float) -> None:
    on = faults()
    with pytest.raises(UnknownFault, match="from 0 to 1"):
        on.switch_on("slow", rate=rate)
    assert on.on == []


@pytest.mark.parametrize("seconds", [-1, -0.001, math.inf, -math.inf, math.nan])
def test_a_measure_can_be_waited_for(seconds: float) -> None:
    on = faults()
    with pytest.raises(UnknownFault, match="give a number from 0"):
        on.switch_on("slow", seconds=seconds)
    assert on.on == []


@pytest.mark.parametrize("name", ["", "SLOW", "slow ", "fire", "timeouts", "webhook"])
def test_a_name_is_one_of_the_known(name: str) -> None:
    for switch in (faults().switch_on, faults().switch_off):
        with pytest.raises(UnknownFault, match="known are slow, throttle, server_error, timeout, truncated, garbage"):
            switch(name)


@pytest.mark.parametrize(
    ("rate", "low", "high"), [(0.0, 0, 0), (0.1, 60, 140), (0.5, 440, 560), (0.9, 860, 940), (1.0, 1_000, 1_000)]
)
def test_a_rate_is_the_share_of_answers_hit(rate: float, low: int, high: int) -> None:
    """Four standard deviations of a thousand draws on either side."""
    on = faults()
    on.switch_on("throttle", rate=rate)
    hits = sum(on.strikes("throttle", HERE, "1") is not None for _ in range(1_000))
    assert low <= hits <= high
    assert on.hits.get("throttle", 0) == hits


def test_a_fault_that_does_not_concern_an_answer_neither_hits_nor_counts() -> None:
    on = faults()
    on.switch_on("throttle", platform=ELSEWHERE)
    on.switch_on("server_error", stores=frozenset({"2"}))
    for name in NAMES:
        assert on.strikes(name, HERE, "1") is None
    assert on.hits == {}


def test_of_two_faults_of_a_name_each_has_its_own_stores() -> None:
    on = faults()
    on.switch_on("slow", seconds=1, stores=frozenset({"1"}))
    on.switch_on("slow", seconds=2, stores=frozenset({"2"}))
    struck = [on.strikes("slow", HERE, store) for store in ("1", "2", "3")]
    assert [fault.seconds if fault else None for fault in struck] == [1.0, 2.0, None]


def all_of(on: Faults) -> list[tuple[str, list[str]]]:
    return [(fault.name, sorted(fault.stores)) for fault in on.on]


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"1"}, [("slow", ["2"]), ("slow", ["3"]), ("throttle", ["1"])]),
        ({"2"}, [("slow", ["1"]), ("slow", ["3"]), ("throttle", ["1"])]),
        ({"1", "2"}, [("slow", ["3"]), ("throttle", ["1"])]),
        ({"1", "2", "3"}, [("throttle", ["1"])]),
        ({"2", "3"}, [("slow", ["1"]), ("throttle", ["1"])]),
        ({"9"}, [("slow", ["1", "2"]), ("slow", ["3"]), ("throttle", ["1"])]),
        (set(), [("throttle", ["1"])]),
    ],
)
def test_a_fault_can_be_switched_off_for_some_of_its_stores(off: set[str], left: list[tuple[str, list[str]]]) -> None:
    on = faults()
    on.switch_on("slow", stores=frozenset({"1", "2"}))
    on.switch_on("slow", seconds=5, stores=frozenset({"3"}))
    on.switch_on("throttle", stores=frozenset({"1"}))
    on.switch_off("slow", stores=frozenset(off))
    assert all_of(on) == left


def test_a_fault_of_all_stores_cannot_be_switched_off_for_one() -> None:
    on = faults()
    on.switch_on("slow")
    with pytest.raises(UnknownFault, match="on for all stores"):
        on.switch_off("slow", stores=frozenset({"1"}))
    assert all_of(on) == [("slow", [])]


def test_switching_off_what_is_not_on_is_no_harm() -> None:
    on = faults()
    on.switch_on("throttle")
    on.switch_off("slow")
    on.switch_off("slow", platform=HERE)
    on.switch_off("throttle", platform=ELSEWHERE)
    assert all_of(on) == [("throttle", [])]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=30))
def test_what_is_on_is_what_was_switched_on_last(switches: list[tuple[str, bool]]) -> None:
    on, expected = faults(), dict[str, bool]()
    for name, wanted in switches:
        on.switch_on(name) if wanted else on.switch_off(name)
        expected[name] = wanted
    assert sorted(fault.name for fault in on.on) == sorted(name for name, wanted in expected.items() if wanted)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_the_same_chance_hits_the_same_answers(seed: int, rate: float) -> None:
    def struck() -> list[bool]:
        on = faults(seed)
        on.switch_on("truncated", rate=rate)
        return [on.strikes("truncated", HERE, "1") is not None for _ in range(20)]

    assert struck() == struck()
