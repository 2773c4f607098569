"""What is wrong with a row or a file, in the person's language: the intake says it in English, one sentence a mistake."""

import re

from django.utils.translation import gettext as _

_ANY = r"(?P<said>.+)"


def _table() -> tuple[tuple[str, str], ...]:
    """Pattern of the English sentence -> the same in the person's language; what a pattern names stands in it again."""
    return (
        (r"is missing; write the store's key, e\.g\. (?P<eg>.+)", _("is missing; write the store's key, e.g. %(eg)s")),
        (r"is missing; e\.g\. (?P<eg>.*)", _("is missing; e.g. %(eg)s")),
        (
            r"there is no store (?P<said>.+) that you may see; write its key, e\.g\. (?P<eg>.+)",
            _("there is no store %(said)s that you may see; write its key, e.g. %(eg)s"),
        ),
        (
            r".+ of (?P<key>\S+) come from the platform itself; leave its rows out",
            _("the platform itself brings this of %(key)s; leave its rows out"),
        ),
        (r"lies before (?P<name>\w+); check both instants", _("lies before %(name)s; check both instants")),
        (r"is longer than (?P<most>\d+) characters; shorten it", _("is longer than %(most)s characters; shorten it")),
        ("holds a character that cannot be kept; type it anew", _("holds a character that cannot be kept; type it anew")),
        ("is no id: at most 120 characters without blanks", _("is no id: at most 120 characters without blanks")),
        ("is no id; format the column as text", _("is no id; format the column as text")),
        ("is no number; write it like (?P<eg>.+)", _("is no number; write it like %(eg)s")),
        (f"{_ANY} is no number; write it like (?P<eg>.+)", _("%(said)s is no number; write it like %(eg)s")),
        (
            f"{_ANY} can be read in two ways; write it like (?P<eg>.+)",
            _("%(said)s can be read in two ways; write it like %(eg)s"),
        ),
        (f"{_ANY} cannot be right; check the number", _("%(said)s cannot be right; check the number")),
        (
            f"{_ANY} cannot be right; expected (?P<least>.+) to (?P<most>.+)",
            _("%(said)s cannot be right; expected %(least)s to %(most)s"),
        ),
        (f"{_ANY} is no count; expected a whole number from 0", _("%(said)s is no count; expected a whole number from 0")),
        (
            f"{_ANY} is no currency; write three letters, e\\.g\\. MYR",
            _("%(said)s is no currency; write three letters, e.g. MYR"),
        ),
        (f"{_ANY} is none of (?P<hint>.+)", _("%(said)s is none of %(hint)s")),
        (f"{_ANY} is neither yes nor no", _("%(said)s is neither yes nor no")),
        (
            f"{_ANY} is no score; expected a whole number from 0 to (?P<most>.+)",
            _("%(said)s is no score; expected a whole number from 0 to %(most)s"),
        ),
        ("lies in the future; enter when it was true", _("lies in the future; enter when it was true")),
        ("is no instant; write it like (?P<eg>.+)", _("is no instant; write it like %(eg)s")),
        (f"{_ANY} is no instant; write it like (?P<eg>.+)", _("%(said)s is no instant; write it like %(eg)s")),
        ("cannot be right; check the year", _("cannot be right; check the year")),
        (f"{_ANY} is empty; choose the file again", _("%(said)s is empty; choose the file again")),
        (r"(?P<name>.+) is larger than (?P<size>\d+) MB; split it", _("%(name)s is larger than %(size)s MB; split it")),
        (f"{_ANY} has more than (?P<most>.+) rows; split it", _("%(said)s has more than %(most)s rows; split it")),
        (
            f"{_ANY} is no XLSX file that can be read; save it anew, or as CSV",
            _("%(said)s is no XLSX file that can be read; save it anew, or as CSV"),
        ),
        (
            f"{_ANY} cannot be read from row (?P<row>\\d+) on .*; save it anew as CSV",
            _("%(said)s cannot be read from row %(row)s on; save it anew as CSV"),
        ),
        (
            f"{_ANY} is neither UTF-8 nor GB18030 text; save it as 'CSV UTF-8'",
            _("%(said)s is neither UTF-8 nor GB18030 text; save it as 'CSV UTF-8'"),
        ),
        (
            f"{_ANY}: the column (?P<name>\\w+) stands there twice; keep one",
            _("%(said)s: the column %(name)s stands there twice; keep one"),
        ),
        (
            f"{_ANY}: row 1 has no column (?P<names>.+); take the template for .+",
            _("%(said)s: row 1 has no column %(names)s; take the template"),
        ),
        (f"{_ANY} has headings and no row below them", _("%(said)s has headings and no row below them")),
    )


def mend(message: str) -> str:
    """The sentence in the person's language; as it came where we have no words for it."""
    for pattern, words in _table():
        found = re.fullmatch(pattern, message)
        if found:
            return words % found.groupdict()
    return message


def mends(messages: list[str]) -> list[str]:
    """The same of many: files repeat their mistakes, so each sentence is looked up once."""
    known = {message: mend(message) for message in set(messages)}
    return [known[message] for message in messages]
