"""Reads of stores and connections."""

from collections.abc import Sequence

from django.db.models import QuerySet

from storeward.lib.errors import NotDone
from storeward.stores.models import Connection, ConnectionState, Store


def by_key(key: str) -> Store:
    """The store of that key; NotDone with the nearest names where there is none."""
    store = Store.objects.filter(key=key).first()
    if store is not None:
        return store
    known = list(Store.objects.order_by("key").values_list("key", flat=True)[:5])
    hint = f"Known stores: {', '.join(known)}{' ...' if len(known) == 5 else ''}." if known else "No store is connected yet."
    raise NotDone(f"There is no store {key!r}. {hint}")


def all_stores(keys: Sequence[str] = ()) -> QuerySet[Store]:
    """Every store, or those of `keys`, by key."""
    stores = Store.objects.order_by("key")
    return stores.filter(key__in=keys) if keys else stores


def askable() -> QuerySet[Store]:
    """Stores whose authorisation is in force, so that asking makes sense."""
    return Store.objects.filter(connection__state=ConnectionState.ACTIVE)


def lost_connections() -> QuerySet[Connection]:
    """Authorisations that cannot be used: each is one cause, however many stores it covers."""
    return Connection.objects.exclude(state=ConnectionState.ACTIVE).prefetch_related("stores")
