"""What is owed, what is measured, and what somebody should know about.

Two clocks drive these rows: new data (`records.Change`) and time (`next_at <= now`, a partial index over what is open). The cost
of a round grows with what is open, never with history.
"""

from django.db import models

from storeward.stores.models import Store


class DutyState(models.TextChoices):
    """How an obligation ended, or that it has not."""

    OPEN = "open"
    MET = "met"
    MET_LATE = "met_late"
    VOID = "void"
    BREACHED = "breached", "past its instant and not done"


class Obligation(models.Model):
    """Something owed by an instant, about a subject. Written by `findings.evaluate`, moved on by `findings.tick`.

    A breached obligation that is still undone stays interesting, but time alone moves it no more: next_at is null. `details` is
    kept for what is not settled only. The store has no foreign key in the database: rows come by the ten thousand, and checking
    each would cost a third of writing it.
    """

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    rule = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=24, help_text="store for the store as a whole")
    subject_id = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lead_seconds = models.IntegerField(null=True, help_text="at risk from due_at minus this; null: silent until broken")
    reached_at_due = models.BooleanField(default=False, help_text="broken at the very moment (C3), else when later (C4, C5)")
    severity = models.CharField(max_length=8, help_text="of the rule; a finding at risk may be one lower")
    state = models.CharField(max_length=8, choices=DutyState.choices, default=DutyState.OPEN)
    next_at = models.DateTimeField(null=True, help_text="when time alone changes what we say of it")
    stake_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    stake_currency = models.CharField(max_length=3, null=True)
    stake_usd = models.FloatField(null=True, help_text="at the rate of the day it was written; for ranking, never for books")
    details = models.JSONField(null=True, help_text="why in each language; which terms decided")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "subject_kind", "subject_id", "rule", "starts_at"], name="obligation_once"),
            models.CheckConstraint(condition=models.Q(state__in=DutyState.values), name="obligation_state_known"),
            models.CheckConstraint(condition=models.Q(due_at__gte=models.F("starts_at")), name="obligation_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="open"), name="obligation_next"),
            models.Index(
                fields=["workspace_id", "due_at"],
                condition=models.Q(state__in=["open", "breached"]),
                name="obligation_due",
            ),
            models.Index(
                fields=["store", "rule"],
                condition=models.Q(state__in=["open", "breached"]),
                name="obligation_open",
            ),
            models.Index(
                fields=["store", "rule", "due_at"],
                condition=models.Q(state__in=["met", "met_late", "breached"]),
                name="obligation_ledger",
            ),
        ]


class Reading(models.Model):
    """The latest answer of a gauge, flag or band: ok, at_risk, breached, action, unknown or not_applicable."""

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    rule = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16)
    severity = models.CharField(max_length=8, blank=True)
    value = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    as_of = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="when it must be judged again without new data")
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "rule", "subject_kind", "subject_id"], name="reading_once")]
        indexes = [models.Index(fields=["next_at"], name="reading_next")]


class FindingStatus(models.TextChoices):
    """Where a finding stands. Severity says how bad; this says who has it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Finding(models.Model):
    """Something to tell a person: one per store, rule and subject, that opens, resolves and reopens with its history.

    `holds` says whether the facts still speak for it: one that a person has resolved and that still holds stays resolved until
    it gets worse; once it has ceased to hold it may reopen. `inhibited` hides it while a cause (a lost connection, stale facts)
    makes what it says unknown: the cause is a finding of its own.
    """

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey(Store, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    rule = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=120, blank=True)
    item = models.CharField(max_length=8, help_text="the inspection item whose cell shows it")
    state = models.CharField(max_length=16, help_text="at_risk, breached, action, unknown")
    severity = models.CharField(max_length=8)
    due_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=120, blank=True, help_text="what many findings share, e.g. connection:12")
    stake_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    stake_currency = models.CharField(max_length=3, null=True)
    stake_usd = models.FloatField(null=True)
    chance = models.FloatField(default=0, help_text="that the loss comes about if nobody acts")
    loss_usd = models.FloatField(default=0, help_text="what is lost then: stake, consequence, share of the store")
    minutes = models.FloatField(default=1, help_text="of work that settle it")
    score = models.FloatField(help_text="chance x loss / minutes: expected loss in USD per minute of work")
    details = models.JSONField(default=dict, help_text="why in each language; which terms decided; value and limit of a gauge")
    action = models.CharField(max_length=40, default="look")
    holds = models.BooleanField(default=True)
    inhibited = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=FindingStatus.choices, default=FindingStatus.OPEN)
    owner = models.CharField(max_length=200, blank=True)
    snoozed_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True, help_text="facts, or the person")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "rule", "subject_kind", "subject_id"], name="finding_once"),
            models.CheckConstraint(condition=models.Q(status__in=FindingStatus.values), name="finding_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status="snoozed") | models.Q(snoozed_until__isnull=False),
                name="finding_snooze_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "-score", "id"],
                condition=models.Q(status__in=["open", "acknowledged"], inhibited=False),
                name="finding_rank",
            ),
            models.Index(fields=["store", "item"], condition=~models.Q(status="resolved"), name="finding_cell"),
            models.Index(fields=["store", "subject_kind", "subject_id"], condition=models.Q(holds=True), name="finding_holds"),
            models.Index(fields=["store"], condition=models.Q(inhibited=True), name="finding_inhibited"),
            models.Index(fields=["snoozed_until"], condition=models.Q(status="snoozed"), name="finding_wakes"),
        ]


class TransitionKind(models.TextChoices):
    """What happened to a finding."""

    OPENED = "opened"
    WORSE = "worse"
    BETTER = "better"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    WOKE = "woke"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class Transition(models.Model):
    """A change of a finding's life. Every one is a row; alerts start from these."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="transitions")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=TransitionKind.choices)
    state = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    actor = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
