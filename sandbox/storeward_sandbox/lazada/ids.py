"""The platform's kinds of ids: first digits and length of each."""

from storeward_sandbox.ids import Shapes

SHAPES: Shapes = {
    "order": ("71", 15),
    "line": ("72", 15),
    "reverse": ("65", 15),
    "reverse_line": ("66", 15),
    "package": ("09", 15),
    "tracking": ("6", 12),
    "item": ("2", 12),
    "sku": ("12", 13),
    "buyer": ("1", 12),
    "review": ("122", 15),
    "notice": ("66", 19),
    "transaction": ("1", 14),
    "message": ("7", 16),
}
