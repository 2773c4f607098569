"""Which addresses a person may have us ask: by IANA's registries of special-purpose addresses, one by one."""

import ipaddress

import pytest

from storeward.lib import http
from storeward.lib.errors import NotDone


@pytest.mark.parametrize(
    ("address", "public"),
    [
        # IPv4: the first and last of each special range, and its neighbours outside
        ("0.0.0.0", False),
        ("1.0.0.1", True),
        ("9.255.255.255", True),
        ("10.0.0.0", False),
        ("10.255.255.255", False),
        ("11.0.0.0", True),
        ("100.63.255.255", True),
        ("100.64.0.0", False),  # carriers' shared addresses
        ("100.127.255.255", False),
        ("100.128.0.0", True),
        ("126.255.255.255", True),
        ("127.0.0.0", False),
        ("127.255.255.255", False),
        ("128.0.0.0", True),
        ("169.253.255.255", True),
        ("169.254.0.0", False),
        ("169.254.169.254", False),  # the clouds' metadata
        ("169.255.0.0", True),
        ("172.15.255.255", True),
        ("172.16.0.0", False),
        ("172.31.255.255", False),
        ("172.32.0.0", True),
        ("192.0.2.1", False),  # documentation
        ("192.167.255.255", True),
        ("192.168.0.0", False),
        ("192.168.255.255", False),
        ("192.169.0.0", True),
        ("198.18.0.1", False),  # measuring
        ("198.51.100.7", False),  # documentation
        ("203.0.113.7", False),  # documentation
        ("224.0.0.1", False),  # many at once
        ("239.255.255.255", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("8.8.8.8", True),
        # IPv6
        ("::", False),
        ("::1", False),
        ("fc00::1", False),
        ("fdff:ffff::1", False),
        ("fe80::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("2606:4700::1111", True),
        ("2a00:1450:4001::1", True),
        # IPv4 in disguise
        ("::ffff:8.8.8.8", True),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b::192.168.0.1", False),
        ("2002:0808:0808::1", True),  # 6to4 of 8.8.8.8
        ("2002:7f00:0001::1", False),  # 6to4 of 127.0.0.1
        ("2002:0a00:0001::1", False),  # 6to4 of 10.0.0.1
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert http.is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "is no web address"),
        ("shop.example/hook", "is no web address"),
        ("//shop.example/hook", "is no web address"),
        ("https:///hook", "is no web address"),
        ("ws://shop.example/", "is no web address"),
        ("gopher://shop.example/", "is no web address"),
        ("javascript:alert(1)", "is no web address"),
        ("https://ann@shop.example/", "carries a name or password"),
        ("https://ann:word@shop.example/", "carries a name or password"),
        ("https://localhost/", "localhost is a private address"),
        ("https://LOCALHOST/", "localhost is a private address"),
        ("https://a.localhost/", "a.localhost is a private address"),
        ("https://nas.local/", "nas.local is a private address"),
        ("https://db.internal:5432/", "db.internal is a private address"),
        ("https://127.0.0.1:8400/", "127.0.0.1 is a private address"),
        ("https://017700000001/", "017700000001 is a private address"),  # octal of 127.0.0.1
        ("https://[fe80::1]/", "fe80::1 is a private address"),
    ],
)
def test_what_is_refused_is_named_with_the_reason(url: str, told: str) -> None:
    with pytest.raises(NotDone) as caught:
        http.refuse_private(url)
    assert told in caught.value.message
    assert "word@" not in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hook?x=1",
        "http://shop.example:8080/",
        "https://local.example/",
        "https://localhost.example/",
        "https://134744072/",  # 8.8.8.8 as one number
        "https://[2606:4700::1111]:443/x",
        "https://店铺.example/",
    ],
)
def test_what_is_public_by_number_or_name_may_be_asked(url: str) -> None:
    http.refuse_private(url)  # that it raises nothing is the answer
