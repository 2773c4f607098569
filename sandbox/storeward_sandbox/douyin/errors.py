"""How the platform says no: a code, a sub code that names the reason, and a sentence for each. The HTTP status stays 200."""

MESSAGES = {
    10001: "部分失败",
    20000: "服务不可用",
    30001: "操作权限不足",
    30002: "请求来源IP不可信，请检查IP白名单",
    40001: "缺少必选参数",
    40002: "缺少必选参数",
    40003: "非法的参数",
    40004: "非法的参数",
    50001: "平台处理失败",
    50002: "业务处理失败",
    60000: "触发限流，请稍后重试",
    70000: "接口服务已下线",
}
UNPUBLISHED = 1
"""Stands for the numbers after `isv.parameter-invalid:` and the like that nobody has published."""


class ApiError(Exception):
    """A refusal, as it goes on the wire."""

    def __init__(self, code: int, sub_code: str = "", sub_msg: str = "", *, status: int = 200) -> None:
        super().__init__(f"{code} {sub_code} {sub_msg}")
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg
        self.status = status

    @property
    def msg(self) -> str:
        return MESSAGES[self.code]


# --- the gateway ------------------------------------------------------------------------------------------------------


def field_missing(what: str) -> ApiError:
    """`what`: signature, app-id, access-token or parameter."""
    return ApiError(40001, f"isv.{what}-missing", f"{what}缺失")


def bad_field(what: str, sentence: str) -> ApiError:
    """`what`: signature-invalid, access-token-expired, timestamp-invalid and so on."""
    return ApiError(40003, f"isv.{what}", sentence)


def bad_signature() -> ApiError:
    return bad_field("signature-invalid", "签名校验失败")


def expired_token() -> ApiError:
    return bad_field("access-token-expired", "access_token已过期")


def unknown_token() -> ApiError:
    return bad_field("access-token-no-existed", "access_token不存在，请使用最新的access_token访问")


def consent_gone() -> ApiError:
    return ApiError(30001, "dop.authorization-no-existed", "店铺授权已失效，请重新授权")


def consent_closed() -> ApiError:
    return ApiError(30001, "dop.authorization-closed", "店铺授权已关闭")


def no_permission() -> ApiError:
    return ApiError(30001, "isv.app-permissions-insufficient", "应用无权限调用该接口，请先申请接口权限包")


def blocked_address() -> ApiError:
    return ApiError(30002)


def too_many_requests(status: int = 200) -> ApiError:
    return ApiError(60000, status=status)


def method_off() -> ApiError:
    return ApiError(70000, "isp.api-service-off", "API不存在或API已下线")


def service_error(status: int = 200) -> ApiError:
    return ApiError(20000, "isp.service-error:10005", "系统繁忙，请稍后重试", status=status)


def token_failed(reason: str, sentence: str) -> ApiError:
    """`reason`: code-expired, code-invalid, grant-type-invalid, no-authorization, token-expired, token-invalid …"""
    return ApiError(50001, f"dop.token-generate-failed:{reason}", f"生成token失败，{sentence}")


# --- the business behind it -------------------------------------------------------------------------------------------


def missing(name: str, number: int = UNPUBLISHED) -> ApiError:
    return ApiError(40002, f"isv.missing-parameter:{number}", f"缺少参数{name}")


def invalid(name: str, number: int = UNPUBLISHED) -> ApiError:
    return ApiError(40004, f"isv.parameter-invalid:{number}", f"参数不合法：{name}")


def failed(number: int, sentence: str) -> ApiError:
    """The business says no."""
    return ApiError(50002, f"isv.business-failed:{number}", sentence)
