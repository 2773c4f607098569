"""Files that people brought: what was in them, what became of it, and who answers for it."""

from django.db import models


class UploadState(models.TextChoices):
    """A file is looked at first; nothing of it counts until somebody takes it over."""

    PREVIEWED = "previewed"
    TAKING = "taking"
    TAKEN = "taken"
    DISCARDED = "discarded"


class Upload(models.Model):
    """A table that somebody uploaded. `verdict` is what the preview shows: rows good and bad, and why each bad one is."""

    workspace_id = models.BigIntegerField()
    sheet = models.CharField(max_length=20)
    name = models.CharField(max_length=200, help_text="of the file")
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    as_of = models.DateTimeField(help_text="when the facts were true, where a row does not say it")
    uploaded_by = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PREVIEWED)
    verdict = models.JSONField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(taken_at__isnull=False), name="upload_taken_when"
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "-uploaded_at"], name="upload_latest")]


class NoticeState(models.TextChoices):
    """What became of a notice. Only an entered one has made facts."""

    ENTERED = "entered"
    LOOK = "look", "somebody must look at it"
    ELSEWHERE = "elsewhere", "a mail that no platform sent"
    DONE = "done", "looked at; nothing to enter"


class Notice(models.Model):
    """A notice that somebody pasted or that came by mail, kept whole, so that none is lost and none is entered twice.

    `digest` is that of the words and the store for a pasted one, that of the Message-ID for a mail.
    """

    workspace_id = models.BigIntegerField()
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    words = models.CharField(max_length=64, help_text="digest of the words: the same notice by another way")
    kind = models.CharField(max_length=60, blank=True)
    sender = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    sent_at = models.DateTimeField(null=True, help_text="the mail's own date")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState.choices)
    why = models.CharField(max_length=300, blank=True, help_text="why somebody must look at it")
    entered = models.JSONField(default=list, help_text="what was entered, in words")
    entered_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, help_text="who entered it or set it aside")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "digest"], name="notice_once"),
            models.CheckConstraint(condition=models.Q(state__in=NoticeState.values), name="notice_state_known"),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-received_at"], name="notice_latest"),
            models.Index(fields=["workspace_id", "words"], name="notice_words"),
        ]


class Mailbox(models.Model):
    """The mailbox that notices come from: when it was last looked at, and why it cannot be read. One row a mail server."""

    host = models.CharField(max_length=255, unique=True)
    address = models.CharField(max_length=600, help_text="user, folder and server, as a person knows it")
    workspace_id = models.BigIntegerField(null=True, help_text="whose notices these are; none while that cannot be told")
    looked_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="when it was last read whole")
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
