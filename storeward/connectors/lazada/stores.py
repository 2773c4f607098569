"""The store as its site describes it, its notices, and its warehouses (fact sheet sections 18 and 19)."""

from collections.abc import Iterable
from typing import Final

from storeward.canon import Record, StoreProfile
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits

from .envelope import About, receipt_parser, site_of, thing_parser
from .requests import get, paged

SELLER, POLICY, NOTICES = "/seller/get", "/seller/policy/fetch", "/sellercenter/msg/list"
WAREHOUSES, WAREHOUSE, WAREHOUSE_DETAIL = "/seller/warehouse/get", "/rc/warehouse/get", "/rc/warehouse/detail/get"
FOLLOWERS: Final = "/shop/follow/status/batch/query"
NOTICES_A_PAGE: Final = 100


def seller_request() -> Request:
    """The store that the token is for, on the site that is asked."""
    return get(SELLER)


def policy_request(locale: str = "en-US") -> Request:
    return get(POLICY, {"locale": locale})


def notices_request(*, language: str = "en-US", page: int = 1, page_size: int = NOTICES_A_PAGE) -> Request:
    """Notices of Seller Center. Their time is a text such as "10 minutes ago": no instant."""
    return paged(get(NOTICES, {"language": language, "page": page, "pageSize": page_size}))


def warehouses_request() -> Request:
    """More than one module: a seller with several warehouses. Without the type of address the answer may be wrong."""
    return get(WAREHOUSES, {"addressTypes": '["warehouse"]'})


def warehouse_request() -> Request:
    return get(WAREHOUSE)


def warehouse_detail_request() -> Request:
    return get(WAREHOUSE_DETAIL)


def followers_request(buyer_ids: str) -> Request:
    """Which of those buyers (a JSON array in text) follow the store."""
    return get(FOLLOWERS, {"buyer_ids": buyer_ids})


class Seller(Wire, rename={"ease_mode": "marketplaceEaseMode"}):
    MATTERS = frozenset({"seller_id"})

    seller_id: Id = None
    name: str | None = None
    name_company: str | None = None
    short_code: str | None = None
    location: str | None = None
    status: str | None = None
    cb: bool | None = None
    verified: bool | None = None
    ease_mode: bool | None = None
    """A half-managed seller: some calls are refused."""


def build_seller(wire: Seller, notes: Notes, about: About) -> Iterable[Record]:
    seller_id = digits(wire.seller_id)
    if seller_id is None:
        notes.left_out("seller_id", "store")
        return ()
    site = site_of(about)
    flags = {"cb": wire.cb, "verified": wire.verified, "marketplaceEaseMode": wire.ease_mode}
    return (
        StoreProfile(
            platform_store_id=seller_id,
            name=wire.name or None,
            code=wire.short_code or None,
            region=site.market if site else None,
            platform_status=wire.status or None,
            seller_type=None if wire.cb is None else "cross_border" if wire.cb else "local",
            platform_more={name: str(flag).lower() for name, flag in flags.items() if flag is not None},
        ),
    )


parse_seller = thing_parser(SELLER, "data", Seller, build_seller)
parse_policy = receipt_parser(POLICY, "data")
parse_notices = receipt_parser(NOTICES, "result.data")
parse_warehouses = receipt_parser(WAREHOUSES, "result.module")
parse_warehouse = receipt_parser(WAREHOUSE, "result.module")
parse_warehouse_detail = receipt_parser(WAREHOUSE_DETAIL, "result.module")
parse_followers = receipt_parser(FOLLOWERS, "result.result")
