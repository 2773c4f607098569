"""Tracking: what has happened to the parcels of an order."""

from typing import Any

from .call import Call
from .dates import ms
from .packages import Package, TraceEvent
from .registry import BOTH, Answer, operation


@operation("/logistic/order/trace", BOTH)
def order_trace(call: Call) -> Answer:
    order = call.shop.orders.get(call.need("order_id"))
    wanted = set(call.json_words("ofcPackageIdList"))
    parcels = [
        package
        for package in call.shop.packages.values()
        if order is not None and package.order is order and (not wanted or package.id in wanted)
    ]
    if order is None:
        return {"result": _refused("LD_INPUT_PARAM_VALID")}
    if not any(package.trace for package in parcels):
        return {"result": _refused("LD_INVOKE_DOWNSTREAM_RESPONSE_BLANK")}
    module = {
        "warehouse_detail_info": None,
        "ofc_order_id": None,
        "package_detail_info_list": [_parcel(package) for package in parcels if package.trace],
    }
    return {"result": {**_flags(True), "error_code": None, "module": [module]}}


def _flags(success: bool) -> dict[str, bool]:
    return {"repeated": False, "retry": False, "not_success": not success, "success": success}


def _refused(message: str) -> dict[str, Any]:
    return {**_flags(False), "error_code": {"displayMessage": message}, "module": []}


def _parcel(package: Package) -> dict[str, Any]:
    return {
        "order_line_info_list": [],
        "tracking_number": package.tracking_number,
        "ofc_package_id": package.id,
        "logistic_detail_info_list": [_event(one) for one in package.trace],
    }


def _event(event: TraceEvent) -> dict[str, Any]:
    return {
        "package_location_name": event.place,
        "event_date": None,
        "detail_type": event.kind,
        "proof_images": [],
        "receive_time": 0,
        "status_code": event.code,
        "icon": None,
        "event_time": ms(event.at),
        "description": event.text,
        "title": event.title,
    }
