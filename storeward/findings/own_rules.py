"""The product's own rules: what it must say about itself. Each answers *cannot tell*, never *fine*; the one about an
authorisation that ends has a deadline instead, and so has the one about rules that nobody has looked up for long.

They are no platform's policy, so they are not among the terms of `storeward.policy`; their ids begin with `SW-`.
"""

from dataclasses import dataclass

from storeward.policy.types import Severity

CONNECTION_LOST = "SW-CONNECTION-LOST"
NEVER_CONNECTED = "SW-NEVER-CONNECTED"
FACTS_STALE = "SW-FACTS-STALE"
PUSH_SILENT = "SW-PUSH-SILENT"
UNREADABLE = "SW-UNREADABLE"
AUTHORISATION_ENDS = "SW-AUTHORISATION-ENDS"
RULE_REVIEW = "SW-RULE-REVIEW"
RIGHT_ENDS = "SW-RIGHT-ENDS"
LISTING_CLAIMS = "SW-LISTING-CLAIMS"
LISTING_PROHIBITED = "SW-LISTING-PROHIBITED"
LISTING_TERMS = "SW-LISTING-TERMS"
LISTING_CONTACT = "SW-LISTING-CONTACT"
LISTING_BRAND = "SW-LISTING-BRAND"
LISTING_MISSING = "SW-LISTING-MISSING"
LISTING_PRICE = "SW-LISTING-PRICE"
LISTING_DUPLICATE = "SW-LISTING-DUPLICATE"
LISTINGS = "INS-16"
"""The inspection item of product pages."""


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule about our own sight of a store."""

    id: str
    severity: Severity
    weight: Severity
    """The severity by which it is ranked: of what may go wrong unseen."""
    title: str
    title_zh: str
    consequence: str
    consequence_zh: str
    remedy: str
    remedy_zh: str
    item: str = ""
    """The inspection item whose cell shows it; none: whole stores, whose cells are unknown by the cause itself."""
    stake: str = "sight of the store and of its deadlines"
    stake_zh: str = "对该店铺及其截止时间的掌握"
    of_listings: bool = False
    """It judges listings, so that it knows nothing while these are not seen."""


def _of_listing(
    rule: str, severity: Severity, title: tuple[str, str], consequence: tuple[str, str], remedy: tuple[str, str]
) -> OwnRule:
    """What is wrong with a listing where no row of its platform says so."""
    return OwnRule(
        id=rule,
        severity=severity,
        weight=severity,
        title=title[0],
        title_zh=title[1],
        consequence=consequence[0],
        consequence_zh=consequence[1],
        remedy=remedy[0],
        remedy_zh=remedy[1],
        item=LISTINGS,
        stake="the listing",
        stake_zh="该商品",
        of_listings=True,
    )


_REMOVED = ("The platform may take the listing down and count points", "商品可能被下架并扣分")
_REWRITE = ("Rewrite the listing in the seller centre", "在卖家中心修改商品文案")

_ALL = (
    OwnRule(
        id=CONNECTION_LOST,
        severity=Severity.CRITICAL,
        weight=Severity.FATAL,
        title="Connection lost",
        title_zh="店铺连接已断开",
        consequence="Nothing of this store is seen: deadlines may pass unnoticed",
        consequence_zh="系统看不到该店铺的任何数据,截止时间可能在无人察觉中错过",
        remedy="Renew the authorisation in the platform's seller center",
        remedy_zh="在平台卖家中心重新授权",
    ),
    OwnRule(
        id=NEVER_CONNECTED,
        severity=Severity.WARNING,
        weight=Severity.CRITICAL,
        title="Never connected",
        title_zh="尚未连接",
        consequence="Nothing of this store has ever been seen",
        consequence_zh="系统从未看到过该店铺的数据",
        remedy="Connect the store, or take it off the list",
        remedy_zh="连接该店铺,或将其移出列表",
    ),
    OwnRule(
        id=FACTS_STALE,
        severity=Severity.WARNING,
        weight=Severity.CRITICAL,
        title="Facts older than their limit",
        title_zh="数据已超过可信期限",
        consequence="What was last known may no longer be true; nothing is judged by it",
        consequence_zh="最后已知的数据可能已不准确,系统不再据此判断",
        remedy="Wait for the next good answer, or enter the value by hand",
        remedy_zh="等待下一次成功同步,或手动录入最新数值",
    ),
    OwnRule(
        id=PUSH_SILENT,
        severity=Severity.WARNING,
        weight=Severity.WARNING,
        title="No notices from the platform",
        title_zh="平台推送中断",
        consequence="New orders and messages are seen only when we ask, minutes later",
        consequence_zh="新订单和消息只能靠定时查询发现,会晚几分钟",
        remedy="Check the webhook address in the platform's app settings",
        remedy_zh="检查平台应用设置里的推送地址",
    ),
    OwnRule(
        id=UNREADABLE,
        severity=Severity.WARNING,
        weight=Severity.WARNING,
        title="Records that could not be read",
        title_zh="有数据无法读取",
        consequence="These records are left out of every check",
        consequence_zh="这些记录未纳入任何检查",
        remedy="Look at the records in the platform's seller center and report the payload",
        remedy_zh="在平台卖家中心查看这些记录,并反馈原始数据",
    ),
    OwnRule(
        id=AUTHORISATION_ENDS,
        severity=Severity.WARNING,
        weight=Severity.CRITICAL,
        title="Authorise again",
        title_zh="需要重新授权",
        consequence="When the authorisation ends nothing of its stores is seen any more",
        consequence_zh="授权到期后,系统将看不到相关店铺的任何数据",
        remedy="Agree once more on the platform's page, with the main account",
        remedy_zh="用主账号在平台页面上再次授权",
    ),
    OwnRule(
        id=RULE_REVIEW,
        severity=Severity.WARNING,
        weight=Severity.WARNING,
        title="Rules to look up again",
        title_zh="规则需要复核",
        consequence="Findings go by figures that the platform may have changed since they were read",
        consequence_zh="判断所依据的数值可能已被平台修改",
        remedy="Look the rules up at their source, and write down what you found or draft the new terms",
        remedy_zh="到来源页面核对规则,记录结果或起草新条款",
    ),
    OwnRule(
        id=RIGHT_ENDS,
        severity=Severity.WARNING,
        weight=Severity.CRITICAL,
        title="Right to a brand ends",
        title_zh="品牌授权即将到期",
        consequence="Listings that name the brand have no right on file any more",
        consequence_zh="使用该品牌名的商品将没有授权记录",
        remedy="Renew the authorisation and enter it, or take the brand out of the listings",
        remedy_zh="续签授权并登记,或从商品中删去该品牌",
        item=LISTINGS,
        stake="the listings that name the brand",
        stake_zh="使用该品牌名的商品",
    ),
    _of_listing(LISTING_CLAIMS, Severity.WARNING, ("Claims in a listing", "商品宣传用语违规"), _REMOVED, _REWRITE),
    _of_listing(
        LISTING_PROHIBITED,
        Severity.CRITICAL,
        ("Goods that may not be sold", "疑似禁售商品"),
        _REMOVED,
        ("Take it off sale, or say in the title what it is", "立即下架,或在标题中写明商品性质"),
    ),
    _of_listing(LISTING_TERMS, Severity.WARNING, ("Unfair terms in a listing", "商品页含不公平条款"), _REMOVED, _REWRITE),
    _of_listing(LISTING_CONTACT, Severity.WARNING, ("Contact details in a listing", "商品页含站外联系方式"), _REMOVED, _REWRITE),
    _of_listing(
        LISTING_BRAND,
        Severity.CRITICAL,
        ("Brand without a right on file", "品牌没有授权记录"),
        ("Infringement complaint, points, removal", "侵权投诉、扣分、下架"),
        ("Enter the authorisation in the register of rights, or take the name out", "在权利登记中录入授权,或删去品牌名"),
    ),
    _of_listing(
        LISTING_MISSING,
        Severity.WARNING,
        ("Listing lacks a part", "商品信息不完整"),
        ("The listing may be refused, ranked low or taken down", "商品可能被拒绝、降权或下架"),
        ("Add the part in the seller centre", "在卖家中心补充"),
    ),
    _of_listing(
        LISTING_PRICE,
        Severity.CRITICAL,
        ("Price below cost", "价格低于成本"),
        ("Every unit sold at this price loses money", "以此价格每售出一件都会亏损"),
        ("Correct the price, or the cost in the register", "修正价格,或更正登记的成本"),
    ),
    _of_listing(
        LISTING_DUPLICATE,
        Severity.INFO,
        ("Same listing twice", "重复商品"),
        ("The platform may count it as spam and hide one of them", "平台可能判定为重复铺货并隐藏其一"),
        ("Keep one of them and take the other off sale", "保留一个,下架另一个"),
    ),
)

OWN_RULES: dict[str, OwnRule] = {rule.id: rule for rule in _ALL}
"""By id."""
