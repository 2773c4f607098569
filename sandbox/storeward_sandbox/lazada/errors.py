"""Refusals with the platform's codes. `kind` ISV: the caller's fault, ISP: the service's, SYSTEM: the gateway's."""

from typing import Any


class ApiError(Exception):
    """A refusal; the server puts it into the platform's envelope. HTTP status 200 but for outages."""

    def __init__(
        self, code: str, message: str, kind: str = "ISP", *, status: int = 200, detail: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.kind, self.status, self.detail = code, message, kind, status, detail


class ResultError(Exception):
    """A refusal of the fulfilment family: under code 0, inside `result`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def missing(name: str) -> ApiError:
    text = f'The input parameter "{name}" that is mandatory for processing this request is not supplied'
    return ApiError("MissingParameter", text, "ISV")


def bad_signature() -> ApiError:
    return ApiError("IncompleteSignature", "The request signature does not conform to lazada standards", "ISV")


def bad_app_key() -> ApiError:
    return ApiError("InvalidAppKey", "The specified App Key is invalid", "ISV")


def bad_path() -> ApiError:
    return ApiError("InvalidApiPath", "The specified api path is invalid", "ISV")


def bad_timestamp() -> ApiError:
    return ApiError("IllegalTimestamp", "The specified timestamp has expired or is not in the accepted form", "ISV")


def bad_token() -> ApiError:
    return ApiError("IllegalAccessToken", "The specified access token is invalid or expired", "ISV")


def bad_refresh_token() -> ApiError:
    return ApiError("IllegalRefreshToken", "The specified refresh token is invalid or expired", "ISV")


def bad_code() -> ApiError:
    return ApiError("InvalidCode", "Invalid authorization code", "ISV")


def refresh_unsupported(app_key: str) -> ApiError:
    return ApiError("AUTH_TYPE_UNSUPPORTED", f"{app_key} can only be authorized by market, not support refresh", "ISV")


def call_limit(seconds: int = 1, *, code: str = "ApiCallLimit", status: int = 200) -> ApiError:
    """`code`: ApiCallLimit, or SellerCallLimit where one store alone is meant."""
    text = f"Api access frequency exceeds the limit. this ban will last {seconds} seconds"
    return ApiError(code, text, "ISV", status=status)


def blocked_address() -> ApiError:
    return ApiError("AppWhiteIpLimit", "The source IP address is not in the white list of the app", "ISV")


def remote_error() -> ApiError:
    return ApiError("15", "Remote service error", "ISP", status=500)


def switched_off() -> ApiError:
    return ApiError("998", "E0998: The call is switched off for the time being", "ISP")


def bad_date(text: str) -> ApiError:
    return ApiError("17", f'E017: "{text}" Invalid Date Format')


def bad_order_id(text: str) -> ApiError:
    return ApiError("16", f'E016: "{text}" Invalid Order ID')


def bad_offset(text: str) -> ApiError:
    return ApiError("14", f'E014: "{text}" Invalid Offset')


def bad_limit(text: str) -> ApiError:
    return ApiError("19", f'E019: "{text}" Invalid Limit')


def bad_status(text: str) -> ApiError:
    return ApiError("36", f'E036: Invalid status filter "{text}"')


def malformed(name: str) -> ApiError:
    return ApiError("5", f'E005: Invalid Request Format: "{name}"')


def half_managed(path: str) -> ApiError:
    return ApiError("Mp3SellerApiLimit", f"Mp3 Seller not support the api -{path}")


def not_active() -> ApiError:
    return ApiError("SellerNotActive", "The seller is not active")
