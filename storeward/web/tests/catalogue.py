"""The catalogue of translations: what the pages say, taken from templates and code, and the compiled file beside it.

    python -m storeward.web.tests.catalogue        brings locale/zh_Hans up to date and compiles it

Nothing but polib is needed for it, so that a test can hold the catalogue to the pages on any machine.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[1]
CATALOGUE = WEB / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SINGLE, PLURAL = {"gettext", "_", "gettext_lazy"}, {"ngettext"}
_CALL = re.compile(r"(?P<call>n?gettext)\((?P<args>.*?)\)(?=\s|$)", re.S)

Message = tuple[str, str | None]
"""What is said of one, and of several where that differs."""


def in_code(path: Path) -> Iterator[Message]:
    """Calls of gettext and ngettext in a Python file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in SINGLE and texts:
            yield texts[0], None
        elif name in PLURAL and len(texts) > 1:
            yield texts[0], texts[1]


def in_template(path: Path) -> Iterator[Message]:
    """`translate` and `blocktranslate` of a template."""
    said = templatize(path.read_text("utf-8"), origin=str(path))
    for match in _CALL.finditer(said):
        arguments = match["args"] + (")" if match["args"].count("(") > match["args"].count(")") else "")
        parsed = ast.parse(f"f({arguments})", mode="eval").body
        assert isinstance(parsed, ast.Call)
        texts = [one.value for one in parsed.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        yield (texts[0], texts[1]) if match["call"] == "ngettext" else (texts[0], None)


def said() -> dict[str, str | None]:
    """Everything that the pages say."""
    found: dict[str, str | None] = {}
    for path in sorted(WEB.rglob("*.py")):
        if "tests" not in path.parts:
            found.update(in_code(path))
    for path in sorted((WEB / "templates").rglob("*.html")):
        found.update(in_template(path))
    return found


def updated() -> polib.POFile:
    """The catalogue with exactly what is said: kept where translated, empty where new."""
    held = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in held}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Language": "zh_Hans",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text, many in sorted(said().items()):
        old = known.get(text)
        entry = polib.POEntry(msgid=text, flags=["python-format"] if re.search(r"%\(\w+\)", text) else [])
        if many is None:
            entry.msgstr = old.msgstr if old else ""
        else:
            entry.msgid_plural = many
            entry.msgstr_plural = {0: (old.msgstr_plural.get(0, "") if old else "")}
        fresh.append(entry)
    return fresh


def main() -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh = updated()
    fresh.save(str(CATALOGUE))
    fresh.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


if __name__ == "__main__":
    main()
