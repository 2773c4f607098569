"""Workspaces, people, and who belongs where."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Workspace(models.Model):
    """A team with its stores. Workspaces share nothing."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="USD", help_text="what money at risk is summed up in")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates people; the address is stored in lower case, so that it signs in however it is typed."""

    def create_user(self, email: str, password: str | None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Language, time zone and theme are the person's own; empty means: as the browser says."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, blank=True, choices=[("light", "light"), ("dark", "dark")])
    is_active = models.BooleanField(default=True)
    workspaces = models.ManyToManyField(Workspace, through="Membership", related_name="people")

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person may do; the least right is the default."""

    OWNER = "owner"
    OPERATIONS = "operations"
    ORDERS = "orders"
    SERVICE = "service"
    FINANCE = "finance"
    VIEWER = "viewer"


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]
