"""Ids as the platform makes them: digits only, fitting 63 bits, never rising in an order that one could rely on."""

from dataclasses import dataclass, field

# kind -> (first digits, length). Five digits name the shop, the rest is the scrambled count.
_SHAPES = {
    "order": ("576", 18),
    "line": ("577", 18),
    "product": ("1729", 19),
    "sku": ("1730", 19),
    "package": ("1153", 19),
    "after_sale": ("4035", 19),
    "statement": ("7231", 19),
    "payment": ("3458", 19),
    "withdrawal": ("7412", 19),
    "adjustment": ("7321", 19),
    "transaction": ("7346", 19),
    "conversation": ("7501", 19),
    "message": ("7502", 19),
    "session": ("7503", 19),
    "im_user": ("7504", 19),
    "buyer": ("7195", 19),
    "warehouse": ("7000", 19),
    "entity": ("7001", 19),
    "delivery_option": ("7200", 19),
    "notification": ("7327", 19),
    "aftersales": ("4036", 19),
    "rma": ("4037", 19),
}
# Odd and not a multiple of five, so that count * STEP runs through every remainder of a power of ten.
_STEP = 761_293_847


@dataclass
class Ids:
    """The ids of one shop, told apart from other shops' by its number."""

    shop_number: int
    counts: dict[str, int] = field(default_factory=dict)

    def new(self, kind: str) -> str:
        """The next id of this kind. KeyError for an unknown kind."""
        prefix, length = _SHAPES[kind]
        count = self.counts[kind] = self.counts.get(kind, 0) + 1
        digits = length - len(prefix) - 5
        scrambled = (count * _STEP + 123_457) % 10**digits
        return f"{prefix}{self.shop_number:05d}{scrambled:0{digits}d}"
