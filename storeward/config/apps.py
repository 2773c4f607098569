"""The wiring as an app, so that its system checks are found."""

from django.apps import AppConfig
from django.core.checks import register

from storeward.config import checks


class ConfigConfig(AppConfig):
    name = "storeward.config"
    label = "storeward_config"

    def ready(self) -> None:
        register(checks.lasting_secret_key, deploy=True)
        register(checks.public_address_is_allowed)
        register(checks.secret_key_is_long_enough, deploy=True)
