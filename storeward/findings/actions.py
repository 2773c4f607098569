"""What would settle a finding: the act, what it is called, and how long it takes a practised person.

An act here is a word and its price in minutes; doing it (batches, receipts) is the business of the actions stage. The least act
is `look`: open the store and see.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """`label` is the text of a button (20 letters fit on one line); `minutes` of work for one thing."""

    id: str
    label: str
    label_zh: str
    minutes: float

    def say(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label


_ALL = (
    Action("ship", "Arrange shipment", "安排发货", 0.5),
    Action("hand_over", "Hand over parcels", "交接包裹", 0.5),
    Action("track_package", "Chase the carrier", "催促物流", 2.0),
    Action("answer_request", "Answer the request", "处理售后申请", 2.0),
    Action("check_return", "Check the return", "查验退回商品", 4.0),
    Action("reply", "Reply to the buyer", "回复买家", 1.5),
    Action("answer_queue", "Clear the messages", "清理待回复消息", 15.0),
    Action("restock", "Correct the stock", "修正库存", 2.0),
    Action("top_up", "Top up the balance", "充值补足余额", 5.0),
    Action("request_unfreeze", "File unfreeze ticket", "提交解冻工单", 8.0),
    Action("pay_deposit", "Pay the deposit", "补缴保证金", 8.0),
    Action("log_in", "Log in and confirm", "登录并确认", 2.0),
    Action("reactivate", "Reactivate store", "重新激活店铺", 6.0),
    Action("appeal", "File an appeal", "提交申诉", 25.0),
    Action("answer_violation", "Answer violation", "处理违规通知", 15.0),
    Action("take_quiz", "Take the quiz", "参加答题", 20.0),
    Action("lower_rate", "Work off causes", "整改指标原因", 30.0),
    Action("fix_listing", "Correct the listing", "修改商品页", 8.0),
    Action("report_review", "Report the review", "举报评价", 5.0),
    Action("withdraw_message", "Rewrite the message", "改写消息", 2.0),
    Action("turn_on_2sv", "Turn on two-step", "开启两步验证", 6.0),
    Action("review_access", "Review sub-accounts", "检查子账号权限", 8.0),
    Action("attest", "Check and confirm", "检查并确认", 5.0),
    Action("enter_value", "Enter the value", "录入最新数值", 1.0),
    Action("renew_right", "Renew the right", "续签品牌授权", 20.0),
    Action("renew", "Renew authorisation", "重新授权", 4.0),
    Action("connect", "Connect the store", "连接店铺", 6.0),
    Action("look", "Look into it", "查看详情", 3.0),
)

ACTIONS: dict[str, Action] = {action.id: action for action in _ALL}
LOOK = ACTIONS["look"]

_BY_PREFIX: tuple[tuple[str, str], ...] = (
    ("TTS-SEA-AUTOCANCEL-COLLECT", "hand_over"),
    ("TTS-US-SHIP-INTRANSIT", "hand_over"),
    ("TTS-US-DELIVER", "track_package"),
    ("SHP-AUTOCANCEL-SCAN", "hand_over"),
    ("SHP-PH-AUTOCANCEL", "hand_over"),
    ("SHP-DTS", "hand_over"),
    ("LZD-COLLECT", "hand_over"),
    ("LZD-RTS", "ship"),
    ("LZD-MY-N0", "ship"),
    ("LZD-CANCEL-BY", "answer_request"),
    ("SHP-INACTIVE", "log_in"),
    ("SHP-CHAT-12H", "reply"),
    ("LZD-CHAT-CYCLE", "reply"),
    ("SHP-CHAT-CONDUCT", "withdraw_message"),
    ("SHP-CHAT", "answer_queue"),
    ("SHP-TH-CHAT", "answer_queue"),
    ("LZD-CHAT", "answer_queue"),
    ("SHP-PREORDER", "fix_listing"),
    ("SHP-LISTING-VIOL", "fix_listing"),
    ("SHP-PP-", "appeal"),
    ("LZD-NCP-", "appeal"),
    ("LZD-BRUSHING", "withdraw_message"),
    ("DY-SETTLE-FREEZE", "request_unfreeze"),
    ("DY-COLLECT", "hand_over"),
    ("DY-REPLY", "answer_queue"),
    ("DY-EXPERIENCE", "lower_rate"),
    ("SHP-FREEZE", "lower_rate"),
    ("LZD-INACTIVE", "log_in"),
    ("TTS-SEA-INACT-REACT", "reactivate"),
    ("TTS-SEA-INACT", "log_in"),
    ("INT-INACT", "log_in"),
    ("TTS-SEA-NEGBAL-UNFREEZE", "request_unfreeze"),
    ("TTS-SEA-DEPOSIT", "pay_deposit"),
    ("TTS-SEA-2SV", "turn_on_2sv"),
    ("TTS-SEA-RETURN-RECEIVED", "check_return"),
    ("TTS-SEA-REVIEW-REPORT", "report_review"),
    ("TTS-SEA-REVIEW-STOP-APPEAL", "appeal"),
    ("INT-NEGBAL", "top_up"),
    ("INT-AHR", "enter_value"),
    ("INT-", "attest"),
    ("SW-LISTING-", "fix_listing"),
    ("SW-RIGHT-ENDS", "renew_right"),
    ("SW-CONNECTION-LOST", "renew"),
    ("SW-AUTHORISATION-ENDS", "renew"),
    ("SW-NEVER-CONNECTED", "connect"),
)
"""Rules whose act differs from their subject's, most special first."""

_BY_WORD: tuple[tuple[str, str], ...] = (
    ("-SHIP-", "ship"),
    ("AUTOCANCEL", "ship"),
    ("-SDD", "ship"),
    ("PREORDER-SHIP", "ship"),
    ("UK-LDR", "ship"),
    ("CANCELREQ", "answer_request"),
    ("RETURN-RATE", "lower_rate"),
    ("-RETURN-", "answer_request"),
    ("DISPUTE", "answer_request"),
    ("-MSG", "reply"),
    ("RESP", "answer_queue"),
    ("STOCK", "restock"),
    ("NEGBAL", "top_up"),
    ("WITHHOLD", "request_unfreeze"),
    ("FUNDS", "appeal"),
    ("QUIZ", "take_quiz"),
    ("APPEAL", "appeal"),
    ("PENDING", "answer_violation"),
    ("VPCAT", "answer_violation"),
    ("AHR", "answer_violation"),
    ("-VP-", "appeal"),
    ("LDR", "lower_rate"),
    ("SFCR", "lower_rate"),
    ("SFRR", "lower_rate"),
    ("NRR", "lower_rate"),
    ("VTR", "lower_rate"),
    ("OTDR", "lower_rate"),
    ("FDR", "lower_rate"),
    ("OVL", "lower_rate"),
    ("OVC", "lower_rate"),
    ("LSR", "lower_rate"),
    ("-NFR", "lower_rate"),
    ("-FHR", "lower_rate"),
    ("-APT", "lower_rate"),
    ("-SOT", "lower_rate"),
    ("-FFR", "lower_rate"),
    ("METRICS-API", "lower_rate"),
    ("LZD-POSITIVE", "lower_rate"),
    ("REVIEW", "withdraw_message"),
    ("COMM", "withdraw_message"),
    ("SUBACCT", "review_access"),
    ("LOGINLOG", "review_access"),
    ("PASSWORD", "attest"),
    ("FALSE-AD", "fix_listing"),
    ("IP-CHECK", "fix_listing"),
    ("UNFAIR", "fix_listing"),
)


def action_for(rule: str, *, entered: bool = False) -> Action:
    """What settles a finding of that rule; `entered` says that it only lacks a value somebody must type."""
    if entered:
        return ACTIONS["enter_value"]
    for prefix, action in _BY_PREFIX:
        if rule.startswith(prefix):
            return ACTIONS[action]
    for word, action in _BY_WORD:
        if word in rule:
            return ACTIONS[action]
    return LOOK
