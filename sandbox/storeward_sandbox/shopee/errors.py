"""How the platform says no: an error key and a sentence. The odd spellings are the platform's.

The HTTP status is not documented; as seen, 403 for what the gateway refuses and 200 for what the business behind it refuses.
"""

from collections.abc import Mapping

GATEWAY = 403


class ApiError(Exception):
    """A refusal, as it goes on the wire. `response` holds per-row reasons where a batch failed as a whole."""

    def __init__(self, error: str, message: str, status: int = 200, response: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{error} {message}")
        self.error = error
        self.message = message
        self.status = status
        self.response = response


def bad_parameter(message: str, module: str = "") -> ApiError:
    """A parameter that a module refuses."""
    return ApiError(f"{module}.error_param" if module else "error_param", message)


def bad_request(message: str) -> ApiError:
    """A common parameter that the gateway refuses."""
    return ApiError("error_param", message, GATEWAY)


def unknown_partner() -> ApiError:
    return ApiError("invalid_partner_id", "Invalid partner_id.", GATEWAY)


def wrong_sign() -> ApiError:
    return ApiError("error_sign", "Wrong sign.", GATEWAY)


def invalid_token() -> ApiError:
    return ApiError("invalid_acceess_token", "Invalid access_token, please have a check.", GATEWAY)


def not_linked() -> ApiError:
    return ApiError("partner_shop_no_link", "The partner and the shop are not linked.", GATEWAY)


def invalid_refresh_token() -> ApiError:
    return ApiError("error_auth", "Invalid refresh_token.", GATEWAY)


def api_not_permitted() -> ApiError:
    return ApiError("error_api_permission", "app type may not call this API", GATEWAY)


def no_permission(message: str = "no permission") -> ApiError:
    return ApiError("error_permission", message, GATEWAY)


def too_many_requests(status: int = 200) -> ApiError:
    return ApiError("error_rate_limit", "too many requests", status)


def server_error() -> ApiError:
    return ApiError("error_server", "Something wrong. Please try later.", 500)


def blocked_address() -> ApiError:
    return ApiError("source_ip_undeclared", "The source IP is not declared in the IP whitelist of the app.", GATEWAY)


def not_found(message: str = "The information you queried is not found.", module: str = "") -> ApiError:
    return ApiError(f"{module}.error_not_found" if module else "error_not_found", message)
