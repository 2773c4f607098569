"""/push: the app's push configuration, and the messages that nobody took."""

from typing import Any

from .call import Call
from .errors import bad_parameter
from .pushes import CODES, SWITCHABLE
from .registry import PUBLIC, Payload, operation

MOST_LOST = 100
MOST_BLOCKED = 500


@operation("push.get_app_push_config", "GET", level=PUBLIC)
def get_app_push_config(call: Call) -> Payload:
    mailbox = call.platform.mailbox
    return {
        "callback_url": mailbox.callback_url,
        "live_push_status": mailbox.status,
        "suspended_time": mailbox.suspended_at,
        "blocked_shop_id": sorted(mailbox.blocked),
        "push_config_on_list": [code for code in CODES if code not in mailbox.off],
        "push_config_off_list": sorted(mailbox.off),
    }


@operation("push.set_app_push_config", "POST", level=PUBLIC)
def set_app_push_config(call: Call) -> Payload:
    mailbox = call.platform.mailbox
    address = call.body_text("callback_url")
    if address and not address.startswith(("http://", "https://")):
        raise bad_parameter("callback_url is no address.")
    on, off = _codes(call, "set_push_config_on"), _codes(call, "set_push_config_off")
    if on & off:
        raise bad_parameter("A code cannot be switched on and off at once.")
    blocked = _numbers(call, "blocked_shop_id_list")
    if len(blocked) > MOST_BLOCKED:
        raise bad_parameter("At most 500 shops can be blocked.")
    mailbox.callback_url = address or mailbox.callback_url
    mailbox.resume()
    mailbox.off = (mailbox.off - on) | off
    if "blocked_shop_id_list" in call.body:
        mailbox.blocked = set(blocked)
    return {"result": "success"}


def _numbers(call: Call, name: str) -> list[int]:
    given: Any = call.body.get(name) or []
    if not isinstance(given, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in given):
        raise bad_parameter(f"{name} should be a list of integers.")
    return given


def _codes(call: Call, name: str) -> set[int]:
    codes = set(_numbers(call, name))
    if codes - set(SWITCHABLE):
        raise bad_parameter(f"{name} holds a code that can only be switched in the console.")
    return codes


@operation("push.get_lost_push_message", "GET", level=PUBLIC)
def get_lost_push_message(call: Call) -> Payload:
    """The oldest hundred of three days that have not been confirmed; each as text, whole."""
    unread = call.platform.mailbox.unread(call.now)
    rows = [
        {"code": one.code, "timestamp": one.timestamp, "data": one.body} | ({"shop_id": one.shop_id} if one.shop_id else {})
        for one in unread[:MOST_LOST]
    ]
    last = unread[:MOST_LOST][-1].id if unread else 0
    return {"push_message_list": rows, "has_next_page": len(unread) > MOST_LOST, "last_message_id": last}


@operation("push.confirm_consumed_lost_push_message", "POST", level=PUBLIC)
def confirm_consumed_lost_push_message(call: Call) -> Payload:
    call.platform.mailbox.confirm(call.given_number("last_message_id"))
    return None
