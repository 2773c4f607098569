"""What the platform lets an app call: section 5 of the fact sheet, the documentation's table of 2026."""

from types import MappingProxyType
from typing import Final

from storeward.connectors.contract import Limits

APP_CALLS_PER_SECOND: Final = MappingProxyType(
    {
        "order.searchList": 600,
        "order.orderDetail": 900,
        "afterSale.List": 500,
        "product.listV2": 180,
        "order.logisticsCompanyList": 500,
        "order.getShopAccountItem": 100,
    }
)
"""Of an app with all its shops together. All other methods have a limit that nobody has published."""

LIMITS: Final = Limits(calls_per_second=50, start_at_per_second=5, burst=8, app_calls_per_second=APP_CALLS_PER_SECOND)
"""A shop's own figures are ours: the platform publishes none."""
