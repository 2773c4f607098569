"""What the listings benchmark plants is found, and nothing else of what it makes."""

from datetime import date

from bench.listings_product import EVERY, MARKETS, PLANTED, _listing
from storeward.findings.listings import OWN
from storeward.policy.listing_check.check import check
from storeward.policy.listing_check.shapes import Goods
from storeward.stores.models import Store


def test_planted_listings_break_one_rule_each_and_the_others_none() -> None:
    for number in (*range(12), *(EVERY * nth for nth in range(len(PLANTED)))):
        region, _, currency = MARKETS[number % len(MARKETS)]
        record, rule = _listing(number, Store(platform="lazada", region=region, currency=currency))
        assert record.content is not None
        goods = Goods(
            platform="lazada",
            market=region,
            title=record.title,
            description=record.content.description,
            brand=record.content.brand,
            images=record.content.images,
            weighed=True,
            attributes=record.content.attributes,
        )
        found = [OWN[problem.form] for problem in check(goods, day=date(2026, 11, 22)).problems]
        assert found == ([rule] if rule else []), number
