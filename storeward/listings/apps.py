from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "storeward.listings"
    default_auto_field = "django.db.models.BigAutoField"
