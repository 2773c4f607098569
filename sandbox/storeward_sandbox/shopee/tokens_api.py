"""/auth: tokens for a code, and the next pair for a refresh token. Neither answer is wrapped."""

from typing import Any

from storeward_sandbox.clock import machine_now

from .call import Call
from .desk import ACCESS_SECONDS, Chain, Subject
from .errors import ApiError, bad_parameter
from .registry import PUBLIC, Payload, operation

_OTHERS = ("supplier_id", "user_id", "principal_id")


@operation("public.get_access_token", "POST", path="/api/v2/auth/token/get", level=PUBLIC, wrapped=False)
def get_access_token(call: Call) -> Payload:
    code, name = call.given_text("code"), _named(call, ("shop_id", "main_account_id"))
    _check_partner(call)
    main = name == "main_account_id"
    consent, chain = call.platform.desk.exchange(code, str(call.given_number(name)), main, machine_now())
    found = _pair(chain)
    if main:
        found |= {
            "merchant_id_list": [int(one) for one in consent.merchant_ids],
            "shop_id_list": [int(one) for one in consent.shop_ids],
            "supplier_id_list": [],
            "user_id_list": [],
        }
    return found


@operation("public.refresh_access_token", "POST", path="/api/v2/auth/access_token/get", level=PUBLIC, wrapped=False)
def refresh_access_token(call: Call) -> Payload:
    token, name = call.given_text("refresh_token"), _named(call, ("shop_id", "merchant_id", *_OTHERS))
    _check_partner(call)
    if name in _OTHERS:
        raise bad_parameter(f"There is no such {name}.")
    subject: Subject = (name.removesuffix("_id"), str(call.given_number(name)))
    chain = call.platform.desk.refresh(token, subject, machine_now())
    return _pair(chain) | {"partner_id": call.platform.app.partner_id, name: int(subject[1])}


@operation("public.get_token_by_resend_code", "POST", level=PUBLIC, wrapped=False)
def get_token_by_resend_code(call: Call) -> Payload:
    """Resend codes exist live only: none is ever good here."""
    call.given_text("resend_code")
    raise ApiError("error_param", "The resend_code is invalid or expired.")


def _named(call: Call, names: tuple[str, ...]) -> str:
    """The one of the names that the body has. Raises ApiError for none or several."""
    found = [name for name in names if call.body.get(name) not in (None, "", 0)]
    if len(found) != 1:
        raise bad_parameter(f"Exactly one of {', '.join(names)} is required.")
    return found[0]


def _check_partner(call: Call) -> None:
    if call.given_number("partner_id") != call.platform.app.partner_id:
        raise bad_parameter("partner_id of the body differs from that of the query.")


def _pair(chain: Chain) -> dict[str, Any]:
    return {"access_token": chain.access_token, "refresh_token": chain.refresh_token, "expire_in": ACCESS_SECONDS}
