"""Why things are cancelled, sent back or refused. Ids differ by country."""

from dataclasses import dataclass

from .sites import Site


@dataclass(frozen=True)
class Reason:
    """`number` is added to the site's own base."""

    number: int
    text: str
    local: tuple[tuple[str, str], ...] = ()

    def id_on(self, site: Site) -> int:
        return site.reason_base + self.number

    def text_on(self, site: Site) -> str:
        """In the site's language where we have it, else in English."""
        return dict(self.local).get(site.country.language, self.text)


SOLD_OUT = (("th", "สินค้าหมด"), ("vi", "Hết hàng"), ("id", "Stok habis"), ("ms", "Stok habis"))
SELLER_CANCELS = (
    Reason(19, "Sourcing Delay"),
    Reason(21, "Out of Stock", SOLD_OUT),
    Reason(23, "Wrong Price or Pricing Error"),
)
BUYER_CANCELS = (Reason(31, "Change of mind"), Reason(32, "Found a cheaper price"), Reason(33, "Delivery takes too long"))
BUYER_RETURNS = (
    Reason(41, "Item does not match description", (("th", "สินค้าไม่ตรงตามคำอธิบาย"), ("vi", "Không đúng mô tả"))),
    Reason(42, "Damaged item"),
    Reason(43, "Wrong item"),
    Reason(44, "Change of mind"),
)
SELLER_REFUSES = (
    Reason(51, "item is not damaged", (("th", "สินค้าไม่ชำรุด"), ("vi", "Hàng không bị hư hỏng"))),
    Reason(52, "item was used"),
    Reason(53, "wrong item sent back"),
)


def seller_cancel_reason(site: Site, given: str) -> Reason | None:
    return next((one for one in SELLER_CANCELS if str(one.id_on(site)) == given), None)


def refusal_reason(site: Site, given: str) -> Reason | None:
    return next((one for one in SELLER_REFUSES if str(one.id_on(site)) == given), None)
