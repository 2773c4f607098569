"""What happens to items by themselves: orders take stock, sellers restock, promotions run, the platform bans."""

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.timeline import Event

from .hooks import on
from .items import LIVE, Item, Model, Promotion, Violation, items_of, show, stock_up
from .orders import Line, Order
from .pushes import RESERVED_STOCK, VIOLATION_ITEM
from .shop import Shop

VIOLATIONS = (
    ("Prohibited Listing", "License Reason", "Upload the licence.", 1),
    ("Spam", "Wrong Category", "Move it to a fitting category.", 3),
    ("Insufficient Information", "Missing size chart", "Add the size chart.", 5),
)


def fill(shop: Shop) -> None:
    """Stock a new shop, and put everything on its shelves."""
    stock_up(shop)
    for item in items_of(shop).values():
        show(shop, item)


@on("seed")
def seed(shop: Shop) -> None:
    fill(shop)
    chance = shop.chance("stock")
    for position, item in enumerate(items_of(shop).values()):
        if position >= 2 and chance.random() < 0.2:
            item.status, item.updated = chance.choice(("UNLIST", "REVIEWING")), shop.now
            show(shop, item)
        if position >= 2 and chance.random() < 0.25:
            shop.after(chance.uniform(40, 75) * DAY, _banning(shop, item))
        if position == 1:
            shop.after(chance.uniform(50, 59) * DAY, _promoting(shop, item))


def _banning(shop: Shop, item: Item) -> Event:
    return lambda now: violate(shop, item)


def _promoting(shop: Shop, item: Item) -> Event:
    return lambda now: promote(shop, item)


def violate(shop: Shop, item: Item) -> None:
    """The platform finds fault: the item is banned, or shown less."""
    if item.status != LIVE:
        return
    chance = shop.chance("stock")
    kind, reason, suggestion, number = chance.choice(VIOLATIONS)
    item.violation = Violation(kind, reason, suggestion, shop.now + 2 * DAY, shop.now, number)
    item.deboosted = number == 3
    if not item.deboosted and len([one for one in items_of(shop).values() if one.status == LIVE]) > 2:
        item.status = "BANNED"
    item.updated = shop.now
    show(shop, item)
    shop.emit(VIOLATION_ITEM, violation_data(item))
    if shop.seller_works() and chance.random() < 0.7:
        shop.after(chance.uniform(6, 70) * HOUR, lambda now: mend(shop, item))


def violation_data(item: Item) -> dict[str, object]:
    """Push 16; the two lists have different names, as in the platform's own messages."""
    found: dict[str, object] = {
        "item_id": item.id,
        "item_name": item.name,
        "item_status": item.status,
        "deboost": item.deboosted,
    }
    flaw = item.violation
    if flaw is not None:
        details = {
            "violation_type": flaw.kind,
            "violation_reason": flaw.reason,
            "suggestion": flaw.suggestion,
            "fix_deadline_time": flaw.fix_by,
            "update_time": flaw.since,
        }
        extra = {"suggested_category": [{"category_id": 100716, "category_name": "Home Organizers"}]} if item.deboosted else {}
        found["deboosted_details" if item.deboosted else "item_status_details"] = [{**details, **extra}]
    return found


def mend(shop: Shop, item: Item) -> None:
    """The scripted seller has done what was asked."""
    if item.violation is not None and shop.seller_works():
        item.violation, item.deboosted, item.updated = None, False, shop.now
        if item.status == "BANNED":
            item.status = LIVE
        show(shop, item)


def promote(shop: Shop, item: Item) -> None:
    """A discount runs for two weeks; its price cannot be changed, some of its stock is locked."""
    chance = shop.chance("stock")
    item.promotion = Promotion(shop.new_number("promotion"), chance.choice((10, 15, 20)), shop.now, shop.now + 14 * DAY)
    for model in item.models:
        model.reserved = min(model.stock, 5)
    show(shop, item)
    shop.at(item.promotion.end, lambda now: end_promotion(shop, item))


def end_promotion(shop: Shop, item: Item) -> None:
    item.promotion = None
    for model in item.models:
        model.reserved = 0
    show(shop, item)


@on("order_ready")
def take(shop: Shop, order: Order) -> None:
    """The units of a confirmed order are gone from the shelf."""
    _change(shop, order, -1)


@on("order_cancelled")
def give_back(shop: Shop, order: Order) -> None:
    if order.ready_time:
        _change(shop, order, +1)


def _change(shop: Shop, order: Order, sign: int) -> None:
    for line in order.lines:
        item = items_of(shop).get(line.good.item_id)
        model = item.model(line.good.model_id) if item else None
        if item is None or model is None:
            continue
        model.stock = max(0, model.stock + sign * line.quantity)
        if line.good.promotion_id:
            _promised(shop, order, line, model, sign)
        item.sold += -sign * line.quantity
        show(shop, item)
        if model.stock <= 5 and sign < 0:
            _restock_soon(shop, item)


def _promised(shop: Shop, order: Order, line: Line, model: Model, sign: int) -> None:
    """Units of a promotion's own stock; push 8 tells how many are left."""
    before = model.reserved
    model.reserved = max(0, model.reserved + sign * line.quantity)
    if model.reserved == before:
        return
    shop.emit(
        RESERVED_STOCK,
        {
            "shop_id": shop.number_id,
            "item_id": line.good.item_id,
            "variation_id": line.good.model_id,
            "changed_values": [{"name": "reserved_stock", "old": before, "new": model.reserved}],
            "promotion_type": "product_promotion",
            "promotion_id": line.good.promotion_id,
            "action": "place_order" if sign < 0 else "cancel_order",
            "ordersn": order.sn,
            "update_time": shop.now,
        },
    )


def _restock_soon(shop: Shop, item: Item) -> None:
    """Most sellers notice; where goods run out, nobody does in time. Something stays on sale in any case."""
    chance = shop.chance("stock")
    pause = chance.uniform(4, 12) * DAY if shop.has("low_stock") else chance.uniform(2, 30) * HOUR
    shop.after(pause, lambda now: restock(shop, item))


def restock(shop: Shop, item: Item) -> None:
    if not shop.seller_works() and any(one.available > 3 for one in items_of(shop).values() if one.status == LIVE):
        return
    for model in item.models:
        if model.stock <= 5:
            model.stock += shop.chance("stock").randint(20, 90)
    item.updated = shop.now
    show(shop, item)


@on("day")
def new_day(shop: Shop) -> None:
    """People look around."""
    chance = shop.chance("views")
    for item in items_of(shop).values():
        if item.status == LIVE:
            item.views += chance.randint(0, 60)
            item.likes += chance.random() < 0.2
