"""How the platform says no: a code, a sentence, an HTTP status.

Statuses other than 429 and 503 are not documented; these follow what was seen: 401 for credentials, 403 for scopes, 400 for
parameters, 404 for an unknown path, 200 for a refusal by the business behind the gateway.
"""


class ApiError(Exception):
    """A refusal, as it goes on the wire."""

    def __init__(self, code: int, message: str, status: int = 200) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.status = status


# The bundle code: credentials, clock and parameters; only the message tells which.
BUNDLE = 36009004


def bad_parameter(message: str) -> ApiError:
    """A parameter that the gateway refuses."""
    return ApiError(BUNDLE, message, 400)


def bad_credentials(message: str) -> ApiError:
    return ApiError(BUNDLE, message, 401)


def invalid_path() -> ApiError:
    return ApiError(36009009, "Invalid path", 404)


def invalid_method() -> ApiError:
    return ApiError(36009010, "Invalid method", 405)


def retired_version() -> ApiError:
    return ApiError(36009014, "Invalid API version, please check the API version in the path", 400)


def too_many_requests() -> ApiError:
    return ApiError(36009002, "Too many requests. Please try again later", 429)


def internal_error() -> ApiError:
    return ApiError(36009003, "Internal error. Please try again", 500)


def blocked_address() -> ApiError:
    return ApiError(36009033, "The IP address is not in the IP allow list of the app", 403)


def invalid_token() -> ApiError:
    return ApiError(105001, "Invalid access token", 401)


def expired_token() -> ApiError:
    return ApiError(105002, "Expired credentials. The access_token has expired, please refresh it", 401)


def scope_missing() -> ApiError:
    return ApiError(105005, "Access denied. The required scope has not been granted", 403)


def bad_signature() -> ApiError:
    return ApiError(106001, "The sign is invalid", 401)


def cipher_missing() -> ApiError:
    return ApiError(106013, "The shop_cipher is missing", 400)


def cipher_mismatch() -> ApiError:
    return ApiError(101000, "The shop does not match the shop_cipher", 401)


def cipher_unexpected() -> ApiError:
    return bad_parameter("unexpected identifier: shop_cipher")


def chat_quota_spent() -> ApiError:
    return ApiError(45101004, "The customer service API quota of today has been used up")
