"""Stores, the authorisations we hold for them, and the apps that hold these."""

from django.db import models

from storeward.accounts.models import Workspace


class App(models.Model):
    """A registered app on a platform. Several per platform are possible; the secret is sealed by `lib.crypto`."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    platform = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    app_key = models.CharField(max_length=80)
    service_id = models.CharField(max_length=80, blank=True, help_text="what the consent page calls the app, where not its key")
    sealed_secret = models.TextField()
    sealed_push_key = models.TextField(blank=True, help_text="what webhooks are signed with, where that is another key")
    base_url = models.URLField()
    auth_url = models.URLField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "app_key", "base_url"], name="app_once")]


class ConnectionState(models.TextChoices):
    """Whether the authorisation can be used. Everything but `active` makes the store's facts unknown in time."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused", "refused by the platform"


class Connection(models.Model):
    """An authorisation: one token pair of one seller for one app; it can cover several stores."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    app = models.ForeignKey(App, on_delete=models.CASCADE)
    platform_user_id = models.CharField(max_length=120, help_text="open_id on TikTok Shop")
    sealed_access_token = models.TextField()
    sealed_refresh_token = models.TextField()
    access_expires_at = models.DateTimeField()
    refresh_expires_at = models.DateTimeField(null=True)
    granted_scopes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ConnectionState.choices, default=ConnectionState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    state_since = models.DateTimeField()
    refreshed_at = models.DateTimeField(null=True)
    probed_at = models.DateTimeField(null=True, help_text="when a lost one was last tried again")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "platform_user_id"], name="connection_once"),
            models.CheckConstraint(condition=models.Q(state__in=ConnectionState.values), name="connection_state_known"),
        ]


class StoreGroup(models.Model):
    """Stores that are looked at together; its colour is the bar before each store's name."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    colour = models.PositiveSmallIntegerField(default=0, help_text="index into the eight group colours")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="store_group_once")]


class StoreStatus(models.TextChoices):
    """The platform's state of a store, named as in the policy facts."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED_BY_SELLER = "closed_by_seller"
    CLOSED_BY_PLATFORM = "closed_by_platform"
    NOT_OPENED = "not_opened"


class Store(models.Model):
    """A seller's store on a platform, in one market. `key` is our short name of it, as in addresses and commands."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="stores")
    group = models.ForeignKey(StoreGroup, on_delete=models.SET_NULL, null=True, related_name="stores")
    key = models.SlugField(max_length=60, unique=True)
    platform = models.CharField(max_length=20)
    platform_store_id = models.CharField(max_length=64)
    platform_handle = models.CharField(max_length=200, blank=True, help_text="opaque key some calls want, e.g. shop_cipher")
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=2, help_text="site, as policies name it: MY PH TH VN SG ID US UK CN")
    timezone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    seller_type = models.CharField(max_length=12, default="local")
    programme = models.CharField(max_length=20, default="none")
    state = models.CharField(max_length=40, blank=True, help_text="part of the country where it matters (Malaysia)")
    status = models.CharField(max_length=20, choices=StoreStatus.choices, default=StoreStatus.OPEN)
    settings = models.JSONField(default=dict, help_text="working_days, holiday_mode, chatbot_on, as in the policy facts")
    opened_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "platform_store_id", "workspace"], name="store_once"),
            models.CheckConstraint(condition=models.Q(status__in=StoreStatus.values), name="store_status_known"),
        ]

    def __str__(self) -> str:
        return self.key


class CallBudget(models.Model):
    """What is left of a platform's call limit, shared by all workers: a token bucket per app, store and endpoint.

    Claimed by one conditional update; `tokens` is what was left at `updated_at`, refilled at `rate`. Platforms document a limit
    and enforce less: the rate starts low, grows while all goes well, and halves when the platform says 'too many requests'.
    Where a limit holds for an app with all its stores, one more row without a store is shared by all of them.
    """

    app = models.ForeignKey(App, on_delete=models.CASCADE)
    platform_store_id = models.CharField(max_length=64, blank=True)
    endpoint = models.CharField(max_length=120)
    tokens = models.FloatField()
    rate = models.FloatField(help_text="calls a second at present")
    updated_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, help_text="set when the platform answers 'too many requests'")
    calls = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "platform_store_id", "endpoint"], name="call_budget_once")]
