"""What keeps a deed on the rulebook from being done.

RulebookError
|- NotThere   no such thing in this workspace; missing and forbidden are told apart by nobody
|- Refused    it does not fit: the message names the field and the mend
"""

from storeward.lib.errors import NotDone


class RulebookError(NotDone):
    """A deed on the rulebook that was not done."""


class NotThere(RulebookError):
    """There is no such thing in this workspace."""


class Refused(RulebookError):
    """The deed does not fit; the message says why and what to do."""
