"""Payloads of product calls: XML or JSON within one parameter, both read into the same nested maps of texts."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from .errors import ApiError

Json = dict[str, Any]
LISTS = ("Sku", "Image", "MultiWarehouseInventory")
LONGEST = 200_000


def parsed(text: str) -> Json:
    """What stands under `Request`. Raises ApiError 5 or 1001 for what is neither XML nor JSON, or has no Request."""
    stripped = text.strip()
    if len(stripped) > LONGEST or "<!DOCTYPE" in stripped or "<!ENTITY" in stripped:
        raise ApiError("5", "E005: Invalid Request Format")
    found = _from_xml(stripped) if stripped.startswith("<") else _from_json(stripped)
    request = found.get("Request")
    if not isinstance(request, dict):
        raise ApiError("30", "E030: Empty Request")
    return request


def _from_xml(text: str) -> Json:
    try:
        root = ET.fromstring(text)  # noqa: S314  # no entities: refused above
        return {root.tag: _element(root)}
    except (ET.ParseError, RecursionError) as error:
        raise ApiError("5", "E005: Invalid Request Format") from error


def _element(element: ET.Element) -> Any:
    """Text for a leaf; a map for the rest, members that repeat as lists."""
    if not len(element):
        return (element.text or "").strip()
    found: Json = {}
    for child in element:
        value = _element(child)
        if child.tag in LISTS:
            found.setdefault(child.tag, []).append(value)
        else:
            found[child.tag] = value
    return found


def _from_json(text: str) -> Json:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ApiError("1001", "E1001: The payload is not JSON") from error
    if not isinstance(found, dict):
        raise ApiError("5", "E005: Invalid Request Format")
    return found


def product_in(request: Json) -> Json:
    product = request.get("Product")
    if not isinstance(product, dict):
        raise ApiError("30", "E030: Empty Request")
    return product


def skus_in(product: Json) -> list[Json]:
    """The SKU maps of a product. Raises ApiError 5 where they are in another form."""
    skus = product.get("Skus")
    rows = skus.get("Sku") if isinstance(skus, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ApiError("5", "E005: Invalid Request Format")
    return rows


def rows_in(row: Mapping[str, Any], outer: str, inner: str) -> list[Json]:
    """The maps of a nested list; [] where it is absent."""
    container = row.get(outer)
    rows = container.get(inner) if isinstance(container, dict) else []
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
