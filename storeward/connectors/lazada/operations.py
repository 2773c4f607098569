"""Every operation that we can read, under its path as the platform's documents give it.

An `example` is a request with made-up ids: `connector probe` sends one for every read that the connector uses.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from storeward.connectors.contract import Operation, Parse, Parsed

from . import (
    after_sales,
    conversations,
    decisions,
    finance,
    frame,
    lines,
    listings,
    metrics,
    oauth,
    orders,
    packages,
    push,
    reviews,
    stock,
    stores,
)
from .envelope import KIND, WRITE, About

ORDER: Final = "711433089564242"
ITEM: Final = "711433089764242"
PACKAGE: Final = "FP094612143977611"
PRODUCT: Final = "6718170187"
REVERSE: Final = "658960600102006"
REVERSE_LINE: Final = "663790000102006"
SESSION: Final = "100094063_2_1011822749_1_103"
REVIEW: Final = "122598400472942"
SELLER: Final = "100072361"
BUYERS: Final = "[100112802242]"
SINCE: Final = datetime(2025, 12, 1, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
FIRST_DAY: Final = date(2025, 12, 1)
LAST_DAY: Final = date(2025, 12, 7)


_read = Operation.read


def _write(name: str, parse: Parse, *records: str) -> Operation:
    def parse_write(body: bytes, about: About) -> Parsed:
        """A code that we do not know is worth another try of a read, but not of a write."""
        return parse(body, {**about, KIND: WRITE})

    return Operation.write(name, parse_write, *records)


STORES: Final = (
    _write(oauth.CREATE, oauth.parse_token_answer, "store"),
    _write(oauth.REFRESH, oauth.parse_token_answer, "store"),
    _read(stores.SELLER, stores.parse_seller, "store", example=stores.seller_request),
    _read(stores.POLICY, stores.parse_policy, example=stores.policy_request),
    _read(stores.NOTICES, stores.parse_notices, example=stores.notices_request),
    _read(stores.WAREHOUSES, stores.parse_warehouses, example=stores.warehouses_request),
    _read(stores.WAREHOUSE, stores.parse_warehouse, example=stores.warehouse_request),
    _read(stores.WAREHOUSE_DETAIL, stores.parse_warehouse_detail, example=stores.warehouse_detail_request),
    _read(stores.FOLLOWERS, stores.parse_followers, example=lambda: stores.followers_request(BUYERS)),
    _read("push", push.parse_push_answer, "push"),
)

ORDERS: Final = (
    _read(orders.LIST, orders.parse_orders, "order", example=lambda: orders.list_orders_request(updated_since=SINCE)),
    _read(orders.ONE, orders.parse_order, "order", example=lambda: orders.order_request(ORDER)),
    _read(lines.OF_ONE, lines.parse_items, "order_lines", example=lambda: lines.items_request(ORDER)),
    _read(lines.OF_MANY, lines.parse_items_of_orders, "order_lines", example=lambda: lines.items_of_orders_request([ORDER])),
    _read(orders.DOCUMENT, orders.parse_document, example=lambda: orders.document_request([ITEM])),
    _write(orders.INVOICE, orders.parse_invoice),
)

PACKAGES: Final = (
    _read(packages.PROVIDERS, packages.parse_providers, example=lambda: packages.providers_request({ORDER: [ITEM]})),
    _read(packages.LABEL, packages.parse_label, example=lambda: packages.label_request([PACKAGE])),
    _read(packages.TRACE, packages.parse_traced, "package", example=lambda: packages.trace_request(ORDER)),
    _write(packages.PACK, packages.parse_packed, "package"),
    _write(packages.READY, packages.parse_ready, "package"),
    _write(packages.REPACK, packages.parse_repacked, "package"),
    _write(packages.DELIVERED, packages.parse_delivered, "package"),
    _write(packages.FAILED_DELIVERY, packages.parse_failed_delivery, "package"),
    _write(packages.DIGITAL, packages.parse_digital),
)

AFTER_SALES: Final = (
    _read(
        after_sales.LIST,
        after_sales.parse_reverse_orders,
        "return",
        "cancellation",
        example=lambda: after_sales.list_request(after_sales.RETURNS, updated_since=SINCE),
    ),
    _read(
        after_sales.DETAIL,
        after_sales.parse_reverse_order,
        "return",
        "cancellation",
        example=lambda: after_sales.detail_request(REVERSE),
    ),
    _read(decisions.HISTORY, decisions.parse_history, example=lambda: decisions.history_request(REVERSE_LINE)),
    _read(decisions.REASONS, decisions.parse_reasons, example=lambda: decisions.reasons_request(REVERSE_LINE)),
    _read(decisions.VALIDATE, decisions.parse_validate, example=lambda: decisions.validate_cancel_request(ORDER, [ITEM])),
    _write(frame.CANCEL, decisions.parse_cancelled),
    _write(decisions.DECIDE, decisions.parse_answered),
    _write(decisions.UPDATE, decisions.parse_return_answered, "return"),
    _write(decisions.ONLY_REFUND, decisions.parse_refund_answered),
)

LISTINGS: Final = (
    _read(listings.LIST, listings.parse_products, "listing", example=listings.list_products_request),
    _read(listings.ONE, listings.parse_product, "listing", example=lambda: listings.product_request(PRODUCT)),
    _read(listings.ALERTS, listings.parse_alerts, "listing", example=listings.alerts_request),
    _write(stock.UPDATE, stock.parse_updated),
    _write(stock.PRICE, stock.parse_priced),
    _write(stock.SET, stock.parse_set),
    _write(stock.ADJUST, stock.parse_adjusted),
    _write(stock.DEACTIVATE, stock.parse_deactivated),
    _write(stock.IMAGE, stock.parse_image),
)

FINANCE: Final = (
    _read(finance.PAYOUTS, finance.parse_payouts, "statement", example=finance.payouts_request),
    _read(finance.LINES, finance.parse_lines, "transaction", example=lambda: finance.lines_request(FIRST_DAY, LAST_DAY)),
    _read(finance.MOVEMENTS, finance.parse_movements, "transaction", example=finance.movements_request),
    _read(
        finance.LOGISTICS,
        finance.parse_logistics_fees,
        "transaction",
        example=lambda: finance.logistics_fees_request(SELLER),
    ),
)

METRICS: Final = (
    _read(metrics.PERFORMANCE, metrics.parse_performance, "metric", example=metrics.performance_request),
    _read(metrics.FIGURES, metrics.parse_figures, "metric", example=metrics.figures_request),
    _read(metrics.ITEM_LIMIT, metrics.parse_item_limit, "metric", example=metrics.item_limit_request),
)

CONVERSATIONS: Final = (
    _read(
        conversations.SESSIONS,
        conversations.parse_sessions,
        "conversation",
        example=conversations.list_sessions_request,
    ),
    _read(
        conversations.SESSION,
        conversations.parse_session,
        "conversation",
        example=lambda: conversations.session_request(SESSION),
    ),
    _read(
        conversations.MESSAGES,
        conversations.parse_messages,
        "message",
        example=lambda: conversations.list_messages_request(SESSION),
    ),
    _write(conversations.SEND, conversations.parse_sent, "message"),
    _write(conversations.READ, conversations.parse_read),
    _write(conversations.OPEN, conversations.parse_opened, "conversation"),
    _write(conversations.RECALL, conversations.parse_recalled),
)

REVIEWS: Final = (
    _read(
        reviews.HISTORY,
        reviews.parse_ids,
        "review",
        example=lambda: reviews.review_ids_request(PRODUCT, SINCE, SINCE + WEEK),
    ),
    _read(reviews.BODIES, reviews.parse_bodies, "review", example=lambda: reviews.reviews_request([REVIEW])),
    _write(reviews.REPLY, reviews.parse_reply),
)

ALL: Final = (*STORES, *ORDERS, *PACKAGES, *AFTER_SALES, *LISTINGS, *FINANCE, *METRICS, *CONVERSATIONS, *REVIEWS)
OPERATIONS: Final = {operation.name: operation for operation in ALL}
