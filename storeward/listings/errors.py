"""What keeps an entry out of the register.

RegisterError
|- NotThere   no such thing in this workspace; missing and forbidden are told apart by nobody
|- Refused    it does not fit: `field` names the place, the message the mend
"""


class RegisterError(Exception):
    """Something was not entered."""


class NotThere(RegisterError):
    """There is no such entry."""


class Refused(RegisterError):
    """It does not fit."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message
