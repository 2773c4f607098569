"""What a person sets for themselves. Nobody else sees it, so it is not audited."""

from storeward.accounts.models import User


def set_language(person: User, language: str) -> None:
    """`language` is one of settings.LANGUAGES, or empty for the browser's."""
    person.language = language
    person.save(update_fields=["language"])


def set_theme(person: User, theme: str) -> None:
    """`light`, `dark`, or empty for what the system does."""
    person.theme = theme
    person.save(update_fields=["theme"])
