"""Which platforms there are: ours, and those that an installed package adds.

A package adds one by an entry point of the group `storeward.connectors`, named by the platform's id, that names its `CONNECTOR`:

    [project.entry-points."storeward.connectors"]
    example_mall = "example_mall.connector:CONNECTOR"
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Final

from .contract import Connector
from .douyin import CONNECTOR as DOUYIN
from .errors import NotSupported
from .lazada import CONNECTOR as LAZADA
from .shopee import CONNECTOR as SHOPEE
from .tiktok_shop import CONNECTOR as TIKTOK_SHOP

GROUP: Final = "storeward.connectors"
OWN: Final = (TIKTOK_SHOP, DOUYIN, LAZADA, SHOPEE)


@cache
def connectors() -> dict[str, Connector]:
    """All platforms by id. One of ours cannot be replaced by a plug-in: raises TypeError for that, and for no connector."""
    found = {connector.id: connector for connector in OWN}
    for entry in entry_points(group=GROUP):
        connector = entry.load()
        if not isinstance(connector, Connector) or connector.id in found:
            raise TypeError(f"the plug-in {entry.name} ({entry.value}) offers no connector, or one for a platform we have")
        found[connector.id] = connector
    return found


def connector_for(platform: str) -> Connector:
    """The connector of that platform; raises NotSupported naming those that there are."""
    try:
        return connectors()[platform]
    except KeyError:
        known = ", ".join(sorted(connectors()))
        raise NotSupported(f"no platform of this name; there are: {known}", platform=platform) from None
