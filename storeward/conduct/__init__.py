"""The conduct guard: is a text to a buyer free of what platforms forbid about reviews, contact, privacy and manners?

Pure: no database, no network, no clock. `check` answers for one text; docs/conduct.md tells how it was made and measured.
"""

from .guard import check
from .types import FORMS, LANGUAGES, Context, Outcome, Span, Verdict

__all__ = ["FORMS", "LANGUAGES", "Context", "Outcome", "Span", "Verdict", "check"]
