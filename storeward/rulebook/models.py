"""What a team adds to the rules that come with the product. Figures and versions are history: they end, none is edited."""

from uuid import uuid4

from django.db import models


class Revision(models.Model):
    """A mark that is new with every change of a workspace's rulebook: whoever has assembled it can tell whether it is still true.

    A number would do until a transaction is rolled back: then two different states would have the same.
    """

    workspace_id = models.BigIntegerField(primary_key=True)
    mark = models.UUIDField(default=uuid4)


class OwnFigure(models.Model):
    """A figure of the workspace's own for one rule, from a day on until the next row for it; null: the platform's counts."""

    workspace_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    name = models.CharField(max_length=40, help_text="of the figure, as the rule's terms call it")
    figure = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    platform_figure = models.DecimalField(max_digits=18, decimal_places=6, null=True, help_text="then; null: none is known")
    from_day = models.DateField()
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "rule", "name", "at"], name="own_figure_history")]


class AnnouncementState(models.TextChoices):
    """An announcement is looked at by a person; nothing follows from it by itself."""

    WAITING = "waiting"
    TAKEN = "taken", "a version or a task came of it"
    DISMISSED = "dismissed", "looked at; nothing to do"


class Announcement(models.Model):
    """What a platform announced, kept whole: pasted, or from a mail or a feed.

    `concerns` are the rules that it seems to speak of, each with what it was found by.
    """

    workspace_id = models.BigIntegerField()
    platform = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    source = models.CharField(max_length=500, blank=True, help_text="address of the page, or sender of the mail")
    dated = models.DateField(null=True, help_text="of the announcement, as it says itself")
    origin = models.CharField(max_length=8, help_text="paste, mail, feed")
    concerns = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=AnnouncementState.choices, default=AnnouncementState.WAITING)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "digest"], name="announcement_once"),
            models.CheckConstraint(condition=models.Q(state__in=AnnouncementState.values), name="announcement_state_known"),
        ]
        indexes = [models.Index(fields=["workspace_id", "state", "-at"], name="announcement_latest")]


class VersionState(models.TextChoices):
    """A draft counts nowhere; a withdrawn version has counted and does no more."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Version(models.Model):
    """New terms of one rule or more. `text` is the draft as written (TOML), `changes` what was read of it when it was saved.

    `questions` are three, for those who read it: asked in each language, with choices of which one is right.
    """

    workspace_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    changes = models.JSONField(default=list)
    note = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, null=True, related_name="versions")
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    drafted_by = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=VersionState.values), name="version_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False), name="version_published_when"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | models.Q(withdrawn_at__isnull=False), name="version_withdrawn_when"
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "state", "-drafted_at"], name="version_latest")]


class Task(models.Model):
    """Something to do because of a version or an announcement, with an owner and a day."""

    workspace_id = models.BigIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="tasks")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, null=True, related_name="tasks")
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    done_by = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=False) | models.Q(announcement__isnull=False), name="policy_task_of_something"
            )
        ]
        indexes = [models.Index(fields=["workspace_id", "due_at"], condition=models.Q(done_at=None), name="policy_task_open")]


class Reading(models.Model):
    """One attempt of a person at the questions of a version; `passed` where every answer was right, or nothing was asked."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="readings")
    person = models.CharField(max_length=200)
    at = models.DateTimeField()
    answers = models.JSONField(default=list)
    right = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], condition=models.Q(passed=True), name="reading_confirmed_once")
        ]


class RuleReview(models.Model):
    """Somebody looked a rule up again at its source, and says what came of it."""

    workspace_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    day = models.DateField()
    note = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "rule", "-day"], name="rule_review_latest")]


class Feed(models.Model):
    """An RSS or Atom feed of announcements."""

    workspace_id = models.BigIntegerField()
    platform = models.CharField(max_length=20)
    url = models.URLField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True, help_text="of the last try; empty: it was read")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "url"], name="policy_feed_once")]


class Rehearsal(models.Model):
    """A version tried over the team's own history: asked for by a person, reckoned by a worker, kept as it was told.

    `changes` are those that were tried: where the version says something else now, the answer is of an older text. `result` is
    what `storeward.replay.tell.replayed` says; null until it is done, or where `failure` says why there is none.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="rehearsals")
    changes = models.JSONField(default=list)
    days = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=models.Q(done_at=None), name="rehearsal_of_a_version_runs_once")
        ]
        indexes = [models.Index(fields=["version", "-at"], name="rehearsal_latest")]
