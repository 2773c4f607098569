"""Where goods are and go back to: warehouses and the address book. Look-ups, asked when something is to be done."""

from typing import Final

from storeward.connectors.contract import Parsed, Request

from .envelope import About, keep_answer, members_of, open_answer
from .paging import by_number
from .requests import read as ask

PAGE_SIZE: Final = 100


def warehouses_request(page: int = 0) -> Request:
    """All warehouses; their own codes (`out_warehouse_id`) are what stock is kept by."""
    return ask("warehouse.list", {"page": page, "size": PAGE_SIZE}, about={"page": str(page), "size": str(PAGE_SIZE)})


def addresses_request(page: int = 1) -> Request:
    """The address book: agreeing to a return names one of them."""
    told = {"page_no": page, "page_size": PAGE_SIZE, "order_by": "desc", "order_field": "create_time"}
    return ask("address.list", told, about={"page": str(page), "size": str(PAGE_SIZE)})


def parse_warehouses(body: bytes, about: About) -> Parsed:
    return _look_up(body, "warehouse.list", "warehouses", 0, about)


def parse_addresses(body: bytes, about: About) -> Parsed:
    """Keys are as the platform misspells them (`receiver_provinc`); times are seconds as text."""
    return _look_up(body, "address.list", "address_list", 1, about)


def _look_up(body: bytes, method: str, field: str, first: int, about: About) -> Parsed:
    parsed, data = open_answer(body, method)
    if data is None:
        return parsed
    keep_answer(data, parsed, ("total",))
    rows = parsed.answer.get(field) if isinstance(parsed.answer, dict) else None
    count = len(rows) if isinstance(rows, list) else 0
    parsed.next_page = by_number(first)(members_of(data, parsed), parsed, count, about)
    return parsed
