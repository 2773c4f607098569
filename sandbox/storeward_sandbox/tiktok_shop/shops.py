"""Who has given consent: /authorization, /seller and the webhook addresses of /event."""

from typing import Any

from .call import Call
from .errors import bad_parameter
from .platform_events import EVENT_TYPES
from .registry import operation

LONGEST_ADDRESS = 255


@operation("getAuthorizedShops", "GET", "/authorization/202309/shops", scope="seller.authorization.info", cipher=False)
def get_authorized_shops(call: Call) -> dict[str, Any]:
    shops = [call.platform.by_id[shop_id] for shop_id in call.authorization.shop_ids]
    return {
        "shops": [
            {
                "id": shop.id,
                "name": shop.name,
                "region": shop.region,
                "seller_type": "CROSS_BORDER" if shop.cross_border else "LOCAL",
                "cipher": shop.cipher,
                "code": shop.code,
            }
            for shop in shops
        ]
    }


@operation("getActiveShops", "GET", "/seller/202309/shops", scope="seller.shop.info", cipher=False)
def get_active_shops(call: Call) -> dict[str, Any]:
    shops = [call.platform.by_id[shop_id] for shop_id in call.authorization.shop_ids]
    return {"shops": [{"id": shop.id, "region": shop.region} for shop in shops]}


@operation("getGlobalProductPermission", "GET", "/seller/202309/permissions", scope="seller.shop.info", cipher=False)
def get_permissions(call: Call) -> dict[str, Any]:
    shops = [call.platform.by_id[shop_id] for shop_id in call.authorization.shop_ids]
    abroad = any(shop.cross_border for shop in shops)
    return {"permissions": ["MANAGE_GLOBAL_PRODUCT"] if abroad else []}


@operation("getShopWebhooks", "GET", "/event/202309/webhooks", scope="seller.authorization.info")
def get_webhooks(call: Call) -> dict[str, Any]:
    hooks = [call.shop.webhooks[name] for name in sorted(call.shop.webhooks)]
    return {"webhooks": hooks, "total_count": len(hooks)} if hooks else {"total_count": 0}


@operation("updateShopWebhook", "PUT", "/event/202309/webhooks", scope="seller.authorization.info")
def put_webhook(call: Call) -> dict[str, Any]:
    name, address = _event_type(call), call.given_text("address")
    if len(address) > LONGEST_ADDRESS or not address.startswith(("http://", "https://")):
        raise bad_parameter("Request body address must be a URL of at most 255 characters")
    before = call.shop.webhooks.get(name)
    call.shop.webhooks[name] = {
        "event_type": name,
        "address": address,
        "create_time": before["create_time"] if before else call.now,
        "update_time": call.now,
    }
    return {}


@operation("deleteWebhookForAnEvent", "DELETE", "/event/202309/webhooks", scope="seller.authorization.info")
def delete_webhook(call: Call) -> dict[str, Any]:
    """Succeeds even where none was set."""
    call.shop.webhooks.pop(_event_type(call), None)
    return {}


def _event_type(call: Call) -> str:
    name = call.given_text("event_type")
    if name not in EVENT_TYPES:
        raise bad_parameter(f"Request body event_type must be one of {', '.join(EVENT_TYPES)}")
    return name
