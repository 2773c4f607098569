"""A team's register (rights, costs, own figures), and what a look at each listing has found.

Of the register nothing is edited: rights end, costs and figures are followed by newer ones. `Look` and `PricePoint` are written
in bulk by `looking`; their stores have no foreign key in the database, as in `records`.
"""

from uuid import uuid4

from django.db import models

from storeward.stores.models import Store


class Revision(models.Model):
    """A mark that is new with every change of a workspace's register: what was looked at by an older one is looked at again."""

    workspace_id = models.BigIntegerField(primary_key=True)
    mark = models.UUIDField(default=uuid4)


class RightKind(models.TextChoices):
    """Why a team may use a brand's name."""

    OWN = "own", "own trade mark"
    LICENCE = "licence", "licence"
    LETTER = "letter", "letter of authorisation"


class Right(models.Model):
    """A right to use a brand's name. Without stores it holds for all of the team's, without markets everywhere."""

    workspace_id = models.BigIntegerField()
    brand = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=RightKind.choices)
    store_ids = models.JSONField(default=list)
    markets = models.JSONField(default=list)
    document = models.URLField(max_length=500, blank=True, help_text="where the paper lies")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="last day; null: until further notice")
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="taken off the register")
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=RightKind.values), name="right_kind_known"),
            models.CheckConstraint(
                condition=models.Q(valid_from=None) | models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="right_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["workspace_id"], condition=models.Q(ended_at=None), name="right_held")]


class Cost(models.Model):
    """What a unit costs the team, by its own code of the SKU, from a day on until the next row. Without a store: in all."""

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True)
    sku = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "store", "sku", "valid_from"], nulls_distinct=False, name="cost_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="cost_not_negative"),
        ]
        indexes = [models.Index(fields=["workspace_id", "sku"], name="cost_of_sku")]


class OwnLimits(models.Model):
    """The team's own figures for listings; the newest row counts. Null: not set, so nobody can tell."""

    workspace_id = models.BigIntegerField()
    least_of_cost = models.DecimalField(max_digits=6, decimal_places=2, null=True, help_text="per cent of the cost")
    least_of_usual = models.DecimalField(max_digits=6, decimal_places=2, null=True, help_text="per cent of the usual price")
    usual_days = models.PositiveSmallIntegerField(null=True)
    also_demanded = models.JSONField(default=list, help_text="parts beyond what the platform demands")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-at", "-id"], name="own_limits_newest")]


class Look(models.Model):
    """The last look at a listing. `digest` is of everything it was judged by; an equal one is not judged again."""

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    platform_id = models.CharField(max_length=120)
    digest = models.BinaryField()
    twin = models.BinaryField(null=True, help_text="equal in two listings that say the same; null: never compared")
    twin_of = models.CharField(max_length=120, null=True, help_text="the listing of the same store that it repeats")
    counts = models.BooleanField(help_text="buyers see it or will: what is wrong with it is a finding")
    prices = models.JSONField(default=dict, help_text="SKU -> price, as last seen")
    problems = models.JSONField(default=list)
    unknown = models.JSONField(default=dict)
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "platform_id"], name="look_once")]
        indexes = [
            models.Index(fields=["store"], condition=~models.Q(problems=[]) | models.Q(twin_of__isnull=False), name="look_wrong"),
            models.Index(fields=["store", "twin"], condition=models.Q(twin__isnull=False), name="look_twins"),
        ]


class PricePoint(models.Model):
    """A price of a SKU from an instant on: its own history, one row for each time it was different."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    platform_id = models.CharField(max_length=120)
    sku = models.CharField(max_length=120)
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "platform_id", "sku", "at"], name="price_point_once")]


class Standing(models.Model):
    """By what a whole store was last looked through: phrases, register and rules as one digest."""

    store = models.OneToOneField(Store, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    digest = models.BinaryField()
    looked_at = models.DateTimeField()
