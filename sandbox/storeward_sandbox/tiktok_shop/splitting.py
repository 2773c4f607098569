"""Splitting an order into packages, and combining packages of one buyer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .call import Call, as_objects, as_texts
from .errors import ApiError
from .orders import WEBHOOK_PACKAGE, Line, Order, new_package, orders_of
from .orders_api import order_of
from .packages import Package
from .paging import page_size, paged
from .registry import operation
from .shipping import package_of
from .shop import Shop

WRITE = "seller.fulfillment.package.write"


@dataclass
class Drafts:
    """Package ids given out for groups that could be combined, by the orders they hold."""

    ids: dict[tuple[str, ...], str] = field(default_factory=dict)


def tell_packages(shop: Shop, kind: str, packages: Iterable[Package]) -> None:
    """Webhook 4: package ids of orders have changed."""
    rows = [{"package_id": package.id, "order_id_list": list(package.order_ids)} for package in packages]
    shop.emit(WEBHOOK_PACKAGE, {"sc_type": kind, "role_type": "SELLER", "package_list": rows, "update_time": shop.now})


def _open_package(shop: Shop, order: Order) -> Package | None:
    """The order's only package, where it still waits to be shipped."""
    if len(order.package_ids) != 1:
        return None
    package = shop.packages[order.package_ids[0]]
    return package if package.status == "TO_FULFILL" else None


def _why_not_split(shop: Shop, order: Order) -> str:
    if order.status == "CANCELLED":
        return "Order has been canceled"
    if order.status != "AWAITING_SHIPMENT" or order.by_platform:
        return "Order status does not allow splitting"
    if len(order.open_lines()) < 2:
        return "Order has only one item"
    package = _open_package(shop, order)
    if package is not None and len(package.order_ids) > 1:
        return "Order has been combined"
    return ""


@operation("getOrderSplitAttributes", "GET", "/fulfillment/202309/orders/split_attributes", scope=WRITE)
def get_split_attributes(call: Call) -> dict[str, Any]:
    rows = []
    for order_id in call.listed("order_ids", most=50):
        reason = _why_not_split(call.shop, order_of(call, order_id))
        row: dict[str, Any] = {"order_id": order_id, "can_split": not reason, "must_split": False}
        rows.append(row | ({"reason": reason} if reason else {}))
    return {"split_attributes": rows}


@operation("confirmOrderSplit", "POST", "/fulfillment/202309/orders/{order_id}/split", scope=WRITE)
def split_order(call: Call) -> dict[str, Any]:
    """One package for each group; lines in no group share one more."""
    shop, order = call.shop, order_of(call, call.ids["order_id"])
    if _why_not_split(shop, order):
        raise ApiError(21011035, "split order not allowed")
    groups = _groups(call)
    chosen = [line_id for ids in groups.values() for line_id in ids]
    lines = {line.id: line for line in order.open_lines()}
    if len(set(chosen)) != len(chosen) or any(line_id not in lines for line_id in chosen) or not all(groups.values()):
        raise ApiError(21011005, "Invalid parameters. Please ensure you are passing the correct request parameter(s).")
    _retire(shop, [order])
    made = {name: _tagged(shop, [order], [lines[one] for one in ids], "SPLIT") for name, ids in groups.items()}
    rest = [line for line in order.open_lines() if line.id not in chosen]
    left = [_tagged(shop, [order], rest, "SPLIT")] if rest else []
    order.split_or_combine_tag = "SPLIT"
    tell_packages(shop, "SPLIT", [*made.values(), *left])
    return {"packages": [{"splittable_group_id": name, "id": package.id} for name, package in made.items()]}


def _groups(call: Call) -> dict[str, list[str]]:
    """Line ids by group, in the newer or the older way of writing."""
    newer = call.body_objects("splittable_groups_v2")
    if newer:
        return {str(group.get("id")): _newer_lines(group) for group in newer}
    groups = call.body_objects("splittable_groups", required=True)
    return {str(group.get("id")): as_texts(group.get("order_line_item_ids"), "order_line_item_ids") for group in groups}


def _newer_lines(group: dict[str, Any]) -> list[str]:
    return [str(one.get("order_line_id")) for one in as_objects(group.get("order_line_list"), "order_line_list")]


def _retire(shop: Shop, orders: Iterable[Order]) -> None:
    """The waiting packages of these orders are replaced by others."""
    for order in orders:
        for package_id in list(order.package_ids):
            package = shop.packages[package_id]
            if package.status == "TO_FULFILL":
                package.moved(shop.now, "CANCELLED", "CANCELLED")
            if package.status == "CANCELLED":
                order.package_ids.remove(package_id)


def _tagged(shop: Shop, orders: list[Order], lines: list[Line], tag: str) -> Package:
    package = new_package(shop, orders, lines)
    package.tag = tag
    return package


def _combinable(shop: Shop) -> list[tuple[str, ...]]:
    """Orders of one buyer to one address, of one warehouse, each waiting with a package of its own."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for order in shop.orders.values():
        package = _open_package(shop, order)
        ready = order.status == "AWAITING_SHIPMENT" and not order.by_platform and not order.is_buyer_request_cancel
        if package is None or not ready or len(package.order_ids) > 1:
            continue
        key = (order.buyer.user_id, order.street, order.warehouse_id, order.shipping_type)
        groups.setdefault(key, []).append(order.id)
    return [tuple(ids) for ids in groups.values() if len(ids) > 1]


def _draft_id(shop: Shop, order_ids: tuple[str, ...]) -> str:
    drafts = shop.part(Drafts).ids
    if order_ids not in drafts:
        drafts[order_ids] = shop.ids.new("package")
    return drafts[order_ids]


@operation("searchCombinablePackages", "GET", "/fulfillment/202309/combinable_packages/search", scope=WRITE)
def search_combinable(call: Call) -> dict[str, Any]:
    size = page_size(call, 1, 50)
    rows = [{"id": _draft_id(call.shop, ids), "order_ids": list(ids)} for ids in _combinable(call.shop)]
    page = paged(call, rows, key=lambda row: (0, str(row["id"])), size=size)
    found: dict[str, Any] = {"next_page_token": page.next_page_token, "total_count": page.total_count}
    return found | ({"combinable_packages": list(page.rows)} if page.rows else {})


@operation("combinePackage", "POST", "/fulfillment/202309/packages/combine", scope=WRITE)
def combine(call: Call) -> dict[str, Any]:
    """Each group on its own: refusals are listed under code 0."""
    made, refused = [], []
    for wish in call.body_objects("combinable_packages", required=True):
        draft_id = str(wish.get("id", ""))
        try:
            made.append(_combined(call, draft_id, as_texts(wish.get("order_ids"), "order_ids")))
        except ApiError as refusal:
            refused.append({"code": refusal.code, "message": refusal.message, "detail": {"package_id": draft_id}})
    if made:
        tell_packages(call.shop, "COMBINE", made)
    rows = [{"id": package.id, "order_ids": list(package.order_ids)} for package in made]
    return ({"packages": rows} if rows else {}) | ({"errors": refused} if refused else {})


def _combined(call: Call, draft_id: str, order_ids: list[str]) -> Package:
    shop = call.shop
    group = next((ids for ids, known in shop.part(Drafts).ids.items() if known == draft_id), None)
    if group is None:
        raise ApiError(21011028, "The package does not belong to the current shop.")
    chosen = list(dict.fromkeys(order_ids or group))
    free = next((ids for ids in _combinable(shop) if set(chosen) <= set(ids)), None)
    if free is None or len(chosen) < 2:
        raise ApiError(21011031, "Order does not belong to pre_pkg.")
    orders = [shop.orders[order_id] for order_id in chosen]
    _retire(shop, orders)
    for order in orders:
        order.split_or_combine_tag = "COMBINED"
    return _tagged(shop, orders, [line for order in orders for line in order.open_lines()], "COMBINE")


@operation("uncombinePackages", "POST", "/fulfillment/202309/packages/{package_id}/uncombine", scope=WRITE)
def uncombine(call: Call) -> dict[str, Any]:
    """The named orders (or all) leave the package and get one each."""
    shop, package = call.shop, package_of(call, call.ids["package_id"])
    leaving = list(dict.fromkeys(call.body_texts("order_ids") or package.order_ids))
    if any(order_id not in package.order_ids for order_id in leaving):
        raise ApiError(21011029, "order does not belong to fulfill unit")
    if package.status != "TO_FULFILL" or len(package.order_ids) < 2:
        raise ApiError(21011005, "An invalid request parameter was passed.")
    staying = [order for order in orders_of(shop, package) if order.id not in leaving]
    _retire(shop, orders_of(shop, package))
    parts = [[shop.orders[order_id]] for order_id in leaving] + ([staying] if staying else [])
    made = [_loosened(shop, part) for part in parts]
    tell_packages(shop, "CANCEL_COMBINE", made)
    return {"packages": [{"id": one.id, "order_ids": list(one.order_ids)} for one in made]}


def _loosened(shop: Shop, orders: list[Order]) -> Package:
    for order in orders:
        order.split_or_combine_tag = "COMBINED" if len(orders) > 1 else ""
    lines = [line for order in orders for line in order.open_lines()]
    return _tagged(shop, orders, lines, "COMBINE" if len(orders) > 1 else "DEFAULT")
