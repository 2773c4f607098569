"""The platform's kinds of ids: first digits and length of each."""

from storeward_sandbox.ids import Shapes

SHAPES: Shapes = {
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
