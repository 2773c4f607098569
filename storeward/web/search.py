"""Search: a store by its name or key, an order by its number. One hit is opened; several are listed."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from storeward.stores.models import Store
from storeward.web import reads, words
from storeward.web.frame import Visit, draw, page

MOST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the answer."""

    store: Store
    text: str
    href: str


def stores_named(visit: Visit, query: str) -> list[Hit]:
    wanted = query.casefold()
    return [
        Hit(store, "", f"/s/{store.key}/")
        for store in visit.stores
        if wanted in store.name.casefold() or wanted in store.key or query == store.platform_store_id
    ]


def orders_numbered(visit: Visit, query: str) -> list[Hit]:
    """The order's finding where one speaks of it, else its store."""
    order = reads.store_of_order(list(visit.by_id), query)
    if order is None:
        return []
    finding = reads.finding_about(order.store_id, "order", query)
    href = f"/f/{finding}/?only=1" if finding else f"/s/{visit.by_id[order.store_id].key}/"
    return [Hit(visit.by_id[order.store_id], words.subject("order", query), href)]


@require_GET
@page
def search(visit: Visit) -> HttpResponse:
    """The answer to `?q=`."""
    query = visit.request.GET.get("q", "").strip()[:120]
    hits = stores_named(visit, query) + orders_numbered(visit, query) if query else []
    if len(hits) == 1:
        return redirect(hits[0].href)
    context = {"title": query, "query": query, "hits": hits[:MOST], "count": len(hits)}
    return draw(visit, "frame/search.html", context, name="search")
