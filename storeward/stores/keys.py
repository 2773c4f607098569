"""Our short key of a store, e.g. `tt-my-luna3`: what people type and what stands in addresses."""

import re
from collections.abc import Container

from django.utils.text import slugify

LONGEST = 40
_NUMBER = re.compile(r"(\d+)$")


def short_name(name: str, platform_store_id: str) -> str:
    """First word and closing number of the name (`Luna Home 3` is `luna3`); the id's last digits where nothing is left."""
    words = slugify(name).split("-")
    first = words[0]
    number = _NUMBER.search(words[-1]) if len(words) > 1 else None
    return (first + (number.group(1) if number else ""))[:LONGEST] or slugify(platform_store_id)[-6:]


def store_key(*, short: str, region: str, name: str, platform_store_id: str, taken: Container[str]) -> str:
    """A key that is not `taken`: platform, region, short name, and a counter where two stores share all of that."""
    base = f"{short}-{region.lower()}-{short_name(name, platform_store_id)}"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
