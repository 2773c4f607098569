"""Canonical records as rows, their history, and how far each can be trusted.

Rows of one page of results are written together by COPY and INSERT .. ON CONFLICT, never one by one: `sync.apply` is the only
writer. `data` holds the whole canonical record as JSON (see `storeward.canon`); columns are what rules, rounds and lists ask for.

`store` has no foreign key in the database on what is written by the page: checking it row by row would be a third of the cost of
a page, and the one writer has locked the store's row set anyway. Deleting a store through Django still takes its rows along.
"""

from django.db import models

from storeward.stores.models import Store


class Origin(models.TextChoices):
    """Where a fact came from, as in the facts format."""

    API = "api"
    PUSH = "push"
    FORM = "form"
    FILE = "file"
    DERIVED = "derived", "reckoned from other facts"


class Stream(models.Model):
    """What one feed of one store last told us, and how long that may be trusted. Stale is never shown as fine.

    `name` is the stream's name in its connector (orders, packages ...), `push` for the webhooks as a whole. A value is fine only
    while now < trusted_until; past it every cell that needs the stream is unknown. `error_family` says why it fails, in the
    words of `connectors.errors` (empty: the last attempt succeeded). `origin` says who brings it: the platform, or files that
    people upload; the latter is never asked.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="streams")
    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    observed_at = models.DateTimeField(null=True, help_text="everything up to here was seen")
    trusted_until = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="when it should be asked next")
    origin = models.CharField(max_length=8, choices=Origin.choices, db_default=Origin.API, default=Origin.API)
    filled = models.BooleanField(default=False, help_text="the first fill is complete")
    position = models.JSONField(default=dict, help_text="the cursor: window, page token, overlap")
    error_family = models.CharField(max_length=40, blank=True)
    error_text = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="stream_once")]
        indexes = [models.Index(fields=["due_at"], name="stream_due")]


class Payload(models.Model):
    """What the platform sent, if it differed from what it had sent before: append-only, hashed; history, evidence, replay."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    kind = models.CharField(max_length=16)
    platform_id = models.CharField(max_length=120)
    digest = models.BinaryField()
    body = models.BinaryField()
    arrived_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["store", "kind", "platform_id", "-id"], name="payload_history")]


class Change(models.Model):
    """Something became known or different. `findings` reads these in order, and they are gone once it has."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    kind = models.CharField(max_length=16)
    platform_id = models.CharField(max_length=120)
    at = models.DateTimeField()
    told = models.BinaryField(null=True, help_text="of an order: what the rules read of it (records.steps); null: read the row")

    class Meta:
        indexes = [models.Index(fields=["store", "id"], name="change_order")]


class Problem(models.Model):
    """A record that could not be read as expected: shown, never swallowed. One bad record costs one record."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE)
    operation = models.CharField(max_length=60)
    field = models.CharField(max_length=200)
    message = models.CharField(max_length=300)
    level = models.CharField(max_length=8)
    seen_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "operation", "field", "message"], name="problem_once")]


class RecordRow(models.Model):
    """What every canonical row has."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    workspace_id = models.BigIntegerField()
    platform_id = models.CharField(max_length=120)
    platform_status = models.CharField(max_length=80, null=True)
    status = models.CharField(max_length=24, null=True)
    updated_at = models.DateTimeField(null=True, help_text="last changed on the platform, as it says")
    observed_at = models.DateTimeField()
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.API)
    digest = models.BinaryField(help_text="of the payload; an equal one changes nothing")
    data = models.JSONField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["store", "platform_id"], name="%(class)s_once")]


class Order(RecordRow):
    """An order. The step columns are those of the policy facts (C20); what `data` also holds is not repeated."""

    type = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, null=True)
    placed_at = models.DateTimeField(null=True)
    ship_by_at = models.DateTimeField(null=True)
    open = models.BooleanField(help_text="the seller still owes a step")

    class Meta(RecordRow.Meta):
        indexes = [
            models.Index(fields=["store", "placed_at"], name="order_placed"),
            models.Index(fields=["store", "ship_by_at"], condition=models.Q(open=True), name="order_open"),
        ]


class Package(RecordRow):
    """A package."""


class AfterSale(RecordRow):
    """A return, refund or cancellation request. `platform_id` is unique over both kinds on every platform we know."""

    kind = models.CharField(max_length=12)
    requested_at = models.DateTimeField(null=True)
    answer_by_at = models.DateTimeField(null=True)
    open = models.BooleanField()

    class Meta(RecordRow.Meta):
        indexes = [models.Index(fields=["store"], condition=models.Q(open=True), name="after_sale_open")]


class Listing(RecordRow):
    """A listing with its SKUs in `data`."""

    title = models.CharField(max_length=300, null=True)
    live = models.BooleanField()
    available = models.IntegerField(null=True, help_text="units of all SKUs that can be sold")
    lowest = models.IntegerField(null=True, help_text="units of the SKU that has least")


class Conversation(RecordRow):
    """A conversation. Who waits for whom is reckoned from its messages when these are written."""

    buyer_waits_since = models.DateTimeField(null=True, help_text="first buyer message that no human has answered")
    answered_at = models.DateTimeField(null=True, help_text="last human answer")
    messages_seen_at = models.DateTimeField(null=True)

    class Meta(RecordRow.Meta):
        indexes = [
            models.Index(
                fields=["store"],
                condition=models.Q(buyer_waits_since__isnull=False),
                name="conversation_waits",
            )
        ]


class Message(RecordRow):
    """One message of a conversation."""

    platform_conversation_id = models.CharField(max_length=120)
    role = models.CharField(max_length=10)
    position = models.BigIntegerField(null=True)
    visible = models.BooleanField(default=True, help_text="an invisible one answers nobody and waits for nobody")
    sent_at = models.DateTimeField(null=True)

    class Meta(RecordRow.Meta):
        indexes = [models.Index(fields=["store", "platform_conversation_id", "position"], name="message_order")]


class Review(RecordRow):
    """A review."""

    stars = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    posted_at = models.DateTimeField(null=True)


class Statement(RecordRow):
    """A statement."""

    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, null=True)
    at = models.DateTimeField(null=True)


class Transaction(RecordRow):
    """A movement of money within one ledger."""

    ledger = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, null=True)
    balance = models.DecimalField(max_digits=18, decimal_places=4, null=True, help_text="after it, where the platform says so")
    at = models.DateTimeField(null=True)

    class Meta(RecordRow.Meta):
        indexes = [models.Index(fields=["store", "ledger", "at"], name="transaction_time")]


class Metric(RecordRow):
    """A figure of the platform's own."""

    as_of = models.DateTimeField(null=True)


class PointsEntry(RecordRow):
    """An entry of violation or penalty points."""

    points = models.DecimalField(max_digits=8, decimal_places=2)
    issued_at = models.DateTimeField()


class Violation(RecordRow):
    """A recorded violation."""

    notified_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)


class BalanceEvent(models.Model):
    """An observed or reckoned balance; it holds until the next one."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False)
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "at", "currency", "origin"], name="balance_event_once")]


class StoreEvent(models.Model):
    """Something that happened to a store as a whole: an activity, a platform notice, an attestation by a person.

    `family` is `activity`, `notice` or `attestation`; `type` the word of the facts format (login, INS-16 ...).
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False)
    family = models.CharField(max_length=12)
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=12, blank=True, help_text="main, sub, api, buyer, system")
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    entered_by = models.CharField(max_length=200, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "family", "type", "at", "actor"], name="store_event_once")]
        indexes = [models.Index(fields=["store", "family", "-at"], name="store_event_latest")]


class StoreFact(models.Model):
    """A single value about a store, typed, imported or told: ahr, withdrawal_frozen, two_step_verification, deposit ...

    `name` and the shape of `value` are those of the facts format; `as_of` is when it was true. Old values stay.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    as_of = models.DateTimeField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    entered_by = models.CharField(max_length=200, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name", "as_of"], name="store_fact_once")]
