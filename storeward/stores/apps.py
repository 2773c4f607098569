from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "storeward.stores"
    default_auto_field = "django.db.models.BigAutoField"
