"""Ids as the platform makes them: digits that pass 2^53 and fit 63 bits."""

from storeward_sandbox.ids import Shapes

SHAPES: Shapes = {
    "order": ("478", 17),  # and two digits more: the goods orders of an order count on from its number
    "product": ("3488", 19),
    "sku": ("17291", 17),
    "package": ("7258", 19),
    "case": ("6959", 19),
    "arbitration": ("7259", 19),
    "settlement": ("6945", 19),
    "movement": ("JY2026", 21),
    "warehouse": ("6853", 19),
    "message": ("7260", 19),
    "room": ("7157", 19),
    "author": ("9513", 17),
    "address": ("9", 10),
    "ticket": ("1", 14),
    "track": ("", 17),
}
