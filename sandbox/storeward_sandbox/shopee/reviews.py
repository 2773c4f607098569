"""Reviews: what buyers say after an order, and the one reply that a shop can give."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR, Instant

from .hooks import on
from .orders import Order
from .shop import Shop

SHARE = 0.4
EDITABLE_FOR = 30 * DAY
WORDS = {
    5: ("Great quality, arrived early!", "Love it 👍", "", "As described, will buy again."),
    4: ("Good, but the box was dented.", "", "Nice for the price."),
    3: ("It is okay.", "Colour is a bit different from the picture."),
    2: ("Smaller than I thought.", "Took long to arrive."),
    1: ("Broken when it came 😠", "Wrong item sent.", ""),
}
REPLIES = ("Thank you for your review!", "Sorry to hear that, please write to us by chat.", "Terima kasih, see you again!")


@dataclass(eq=False)
class Review:
    id: int
    order_sn: str
    item_id: int
    model_ids: tuple[int, ...]
    username: str
    stars: int
    text: str
    created: Instant
    pictures: int = 0
    reply: str = ""
    replied_at: Instant = 0

    def editable(self, now: Instant) -> str:
        return "EDITABLE" if now - self.created < EDITABLE_FOR else "EXPIRED"


@dataclass
class Reviews:
    """The reviews of a shop by id, the oldest first."""

    known: dict[int, Review] = field(default_factory=dict)

    def of_item(self, item_id: int) -> list[Review]:
        return [one for one in self.known.values() if one.item_id == item_id]


@on("order_completed")
def perhaps(shop: Shop, order: Order) -> None:
    """Some buyers say something, some days later."""
    chance = shop.chance("reviews")
    if shop.buyers_on and chance.random() < SHARE and not order.returned:
        shop.after(chance.uniform(1, 60) * HOUR, lambda now: review(shop, order))


def review(shop: Shop, order: Order) -> list[Review]:
    """The buyer reviews each item of the order."""
    chance = shop.chance("reviews")
    lowered = 2 if order.late or shop.has("unanswered") else 0
    made = []
    for item_id in dict.fromkeys(line.good.item_id for line in order.lines):
        stars = max(1, chance.choices((5, 4, 3, 2, 1), (66, 18, 8, 4, 4))[0] - (lowered if chance.random() < 0.4 else 0))
        one = Review(
            id=shop.new_number("comment"),
            order_sn=order.sn,
            item_id=item_id,
            model_ids=tuple(line.good.model_id for line in order.lines if line.good.item_id == item_id),
            username=f"{order.buyer.username[0]}***{order.buyer.username[-1]}",
            stars=stars,
            text=chance.choice(WORDS[stars]),
            created=shop.now,
            pictures=chance.choice((0, 0, 0, 1, 2)),
        )
        shop.part(Reviews).known[one.id] = one
        made.append(one)
        if chance.random() < shop.persona.reply_share * 0.7:
            _answer_later(shop, one)
    return made


def _answer_later(shop: Shop, one: Review) -> None:
    chance = shop.chance("reviews")
    shop.after(chance.uniform(2, 40) * HOUR, lambda now: seller_answers(shop, one))


def seller_answers(shop: Shop, one: Review) -> None:
    """The scripted seller replies, unless somebody has."""
    if shop.seller_works() and not one.reply:
        answer(shop, one, REPLIES[0] if one.stars > 3 else REPLIES[1])


def answer(shop: Shop, one: Review, words: str) -> None:
    one.reply, one.replied_at = words, shop.now


@on("settled")
def at_least_one(shop: Shop) -> None:
    """Every shop has a review that waits."""
    done = [order for order in shop.orders.values() if order.status == "COMPLETED"]
    if done and all(one.reply for one in shop.part(Reviews).known.values()):
        for one in review(shop, done[-1]):
            one.reply = ""
