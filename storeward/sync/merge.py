"""Records of which several calls tell parts: what an answer leaves out it does not deny.

A product search gives titles, an inventory search stock; a list of conversations shows each one's latest message in a shorter
form; a session search knows of a conversation only its session. Without merging, each poll would undo the other for ever.
"""

from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from psycopg import sql

from storeward import canon
from storeward.stores.database import Connection

S = TypeVar("S", bound=msgspec.Struct)
Items = list[tuple[canon.Record, bytes]]
TYPES: Final = {"listing": canon.Listing, "conversation": canon.Conversation, "message": canon.Message}
HELD: Final = "SELECT platform_id, data FROM {} WHERE store_id = %s AND platform_id = ANY(%s)"


async def merged(conn: Connection, *, table: str, kind: str, store_id: int, items: Items) -> Items:
    """The items completed by what is held of each; in their order, a later one of the same page on top of the earlier."""
    ids = [record.platform_id for record, _ in items]
    found = await conn.execute(_held_in(table), (store_id, ids))
    held = {platform_id: msgspec.convert(data, TYPES[kind]) for platform_id, data in await found.fetchall()}
    whole: Items = []
    for record, raw in items:
        held[record.platform_id] = merge(held.get(record.platform_id), record)
        whole.append((held[record.platform_id], raw))
    return whole


@cache
def _held_in(table: str) -> bytes:
    return sql.SQL(HELD).format(sql.Identifier(table)).as_bytes()


def merge(held: Any, told: canon.Record) -> canon.Record:
    """`told` on top of `held`."""
    if held is None:
        return told
    if isinstance(told, canon.Listing):
        return _listing(held, told)
    if isinstance(told, canon.Conversation):
        return _conversation(held, told)
    whole: canon.Record = completed(held, told)
    return whole


def _listing(held: canon.Listing, told: canon.Listing) -> canon.Listing:
    """SKUs go only with an answer that names all of them."""
    skus = {sku.platform_sku_id: sku for sku in held.skus}
    known = [_sku(skus.pop(sku.platform_sku_id, None), sku) for sku in told.skus]
    if not told.skus_complete:
        known += skus.values()
    known.sort(key=lambda sku: sku.platform_sku_id)
    whole = completed(held, told)
    complete = told.skus_complete or held.skus_complete
    return msgspec.structs.replace(whole, skus=tuple(known), skus_complete=complete, content=_content(held.content, told.content))


def _content(held: canon.ListingContent | None, told: canon.ListingContent | None) -> canon.ListingContent | None:
    """The answer to an edit tells a part of the page. What is told to be empty is empty, other than elsewhere."""
    if held is None or told is None:
        return told or held
    silent = {name: getattr(held, name) for name in told.__struct_fields__ if getattr(told, name) is None}
    return msgspec.structs.replace(told, **silent)


def _sku(held: canon.Sku | None, told: canon.Sku) -> canon.Sku:
    """One answer gives what a warehouse can sell, another also what it has sold."""
    if held is None:
        return told
    stock = {one.platform_warehouse_id: one for one in held.warehouses}
    warehouses = tuple(completed(stock.get(one.platform_warehouse_id), one) for one in told.warehouses)
    return completed(held, msgspec.structs.replace(told, warehouses=warehouses))


def _conversation(held: canon.Conversation, told: canon.Conversation) -> canon.Conversation:
    """A session's answer brings the session, and nothing else; of several sessions the latest counts."""
    session = _later(held.session, told.session)
    if not told.complete:
        return msgspec.structs.replace(held, session=session)
    return msgspec.structs.replace(completed(held, told), session=session)


def _later(held: canon.ChatSession | None, told: canon.ChatSession | None) -> canon.ChatSession | None:
    if held is None or told is None:
        return held or told
    if held.platform_session_id == told.platform_session_id:
        return completed(held, told)
    earlier = told.began_at is not None and held.began_at is not None and told.began_at < held.began_at
    return held if earlier else told


def completed(held: S | None, told: S) -> S:
    """`told` with its silent fields (None, nothing in a list or under names, or a status without its word) taken from `held`."""
    if held is None:
        return told
    silent = {name: getattr(held, name) for name in told.__struct_fields__ if getattr(told, name) in (None, (), {})}
    for word, reading in (("platform_status", "status"), ("platform_role", "role")):
        if word in silent and hasattr(told, reading):
            silent[reading] = getattr(held, reading)
    return msgspec.structs.replace(told, **silent)
