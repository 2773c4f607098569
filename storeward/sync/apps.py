from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "storeward.sync"
    default_auto_field = "django.db.models.BigAutoField"
