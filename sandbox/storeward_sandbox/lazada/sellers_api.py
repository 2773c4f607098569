"""The seller, its warehouses, who follows it, and the policy text."""

from typing import Any

from .call import Call
from .errors import ApiError
from .places import Places, Warehouse
from .registry import BOTH, Answer, data, operation

LANGUAGES = ("en-US", "zh-CN", "ms-MY", "th-TH", "vi-VN", "id-ID")


@operation("/seller/get")
def get_seller(call: Call) -> Answer:
    shop = call.shop
    return data(
        {
            "name_company": f"{shop.name} Trading Co., Ltd.",
            "logo_url": "",
            "name": shop.name,
            "verified": True,
            "location": "China" if shop.cross_border else shop.site.country.cities[0][0],
            "marketplaceEaseMode": shop.ease,
            "seller_id": int(shop.id),
            "email": shop.email,
            "short_code": shop.code,
            "cb": shop.cross_border,
            "status": shop.status,
        }
    )


@operation("/seller/policy/fetch")
def seller_policy(call: Call) -> Answer:
    """What stands in it nobody has published."""
    if call.need("locale").replace("_", "-") not in LANGUAGES:
        raise ApiError("UnknownRuntimeException", "Unknown locale")
    return {"success": "true", "data": "{}"}


# --- warehouses -------------------------------------------------------------------------------------------------------


def _module(call: Call, warehouse: Warehouse) -> dict[str, Any]:
    return {
        "country": call.shop.site.country.region,
        "default_address": warehouse.default,
        "province": warehouse.state,
        "city": warehouse.city,
        "detail_address": warehouse.street,
        "warehouse_code": warehouse.code,
        "district": "",
        "post_code": warehouse.postal_code,
        "name": warehouse.name,
        "status": "ACTIVE",
    }


def _result(module: Any) -> dict[str, Any]:
    return {"not_success": False, "success": True, "module": module, "error_code": None, "repeated": False, "retry": False}


@operation("/rc/warehouse/get", BOTH)
def default_warehouse(call: Call) -> Answer:
    return {"result": _result({"warehouse_code": call.shop.part(Places).codes[0]})}


@operation("/rc/warehouse/detail/get", BOTH)
def warehouse_detail(call: Call) -> Answer:
    module = _module(call, call.shop.part(Places).warehouses[0])
    return {"result": {**_result(module), "class_name": "com.sandbox.module.Response"}}


@operation("/seller/warehouse/get")
def warehouses(call: Call) -> Answer:
    """Warehouses are one of the address types."""
    wanted = [str(word) for word in call.json_list("addressTypes")]
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "detailAddress": one.street,
            "needToUpdate": False,
            "defaultAddress": one.default,
            "status": "ACTIVE",
        }
        for one in (call.shop.part(Places).warehouses if "warehouse" in wanted else [])
    ]
    return {"result": {"success": True, "module": rows, "error_code": {}}}


@operation("/shop/follow/status/batch/query", BOTH)
def follow_status(call: Call) -> Answer:
    """Every other buyer follows."""
    rows = [{"buyer_id": int(one), "follow": int(one) % 2 == 0} for one in call.json_ids("buyer_ids") if one.isdigit()]
    return {"result": {"success": True, "error": None, "result": rows}}
