"""What is vendored is what npm gave, what is translated is what the pages say, and styles name only what exists."""

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import polib
import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from storeward.policy.terms import book
from storeward.web import words
from storeward.web.assets import asset
from storeward.web.tests import catalogue

STATIC = Path(__file__).resolve().parents[1] / "static"
VENDOR = STATIC / "vendor"


def packages() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((VENDOR / "VERSIONS.toml").read_text("utf-8"))["package"]
    return found


@pytest.mark.parametrize("package", packages(), ids=lambda package: str(package["name"]))
def test_a_vendored_package_is_as_recorded(package: dict[str, object]) -> None:
    folder, files = VENDOR / str(package["folder"]), package["files"]
    assert isinstance(files, dict)
    held = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in held.items()} == files
    assert "LICENSE" in held
    assert str(package["integrity"]).startswith("sha512-")


def test_nothing_is_vendored_that_is_not_recorded() -> None:
    folders = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert folders == {str(package["folder"]) for package in packages()}


def test_a_compressed_copy_is_the_file_itself() -> None:
    copies = list(VENDOR.rglob("*.gz"))
    assert copies
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_suffix("").read_bytes(), copy.name


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = (VENDOR / "tabler-icons" / "sprite.svg").read_text("utf-8")
    used = {
        name
        for path in (STATIC.parent / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))
    }
    missing = {name for name in used if f'<symbol id="{name}"' not in sprite}
    assert used
    assert not missing


def test_every_colour_in_use_is_a_token() -> None:
    tokens = set(re.findall(r"(--sw-[\w-]+):", (STATIC / "tokens.css").read_text("utf-8")))
    given = {"--sw-age", "--sw-bar", "--sw-left", "--sw-octagon", "--sw-octagon-edge"}
    for name in ("sw.css", "phone.css", "tokens.css"):
        used = set(re.findall(r"var\((--sw-[\w-]+)", (STATIC / name).read_text("utf-8")))
        assert used <= tokens | given, name


def test_styles_hold_no_colour_of_their_own() -> None:
    for name in ("sw.css", "phone.css"):
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (STATIC / name).read_text("utf-8")))
        assert found <= {"#fff", "#000"}, name


def test_an_address_of_a_file_carries_its_content() -> None:
    assert re.fullmatch(r"/static/sw\.css\?v=[0-9a-f]{8}", asset("sw.css"))
    with pytest.raises(FileNotFoundError):
        asset("nothing.css")


def sent(client: Client, address: str) -> HttpResponseBase:
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200, address
    return answer


def weight(answer: HttpResponseBase) -> int:
    """Bytes of an answer's body on the wire."""
    return len(b"".join(answer.streaming_content)) if answer.streaming else len(answer.content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", ["sw.css", "phone.css", "sw.js", "vendor/tabler/tabler.min.css", "vendor/tabler-icons/sprite.svg"]
)
def test_text_is_sent_compressed_and_kept_for_a_year(client: Client, name: str) -> None:
    answer = sent(client, asset(name))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert weight(answer) < (STATIC / name).stat().st_size / 2
    assert answer.headers["Cache-Control"] == "max-age=31536000, public"


def test_a_font_is_not_compressed_again(client: Client) -> None:
    answer = sent(client, "/static/vendor/inter/files/inter-latin-opsz-normal.woff2")
    assert "Content-Encoding" not in answer.headers
    assert weight(answer) == (VENDOR / "inter" / "files" / "inter-latin-opsz-normal.woff2").stat().st_size


@pytest.mark.parametrize("address", ["/", "/deadlines/", "/stores/"])
def test_the_first_page_on_a_phone_weighs_at_most_200_kb(owner: Client, address: str) -> None:
    html = owner.get(address).content.decode()
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html))
    assert any("inter-latin" in one for one in assets)
    page = weight(sent(owner, address))
    assert page + sum(weight(sent(owner, one)) for one in assets) <= 200_000


def _covered() -> set[int]:
    """The signs that the Chinese slices have between them."""
    held: set[int] = set()
    for block in re.findall(r"unicode-range:\s*([^;}]+)", (VENDOR / "noto-sans-sc" / "index.css").read_text("utf-8")):
        for span in block.split(","):
            first, _, last = span.strip().removeprefix("U+").partition("-")
            held.update(range(int(first, 16), int(last or first, 16) + 1))
    return held


def test_every_chinese_sign_that_we_say_has_a_glyph_of_ours() -> None:
    entries = polib.pofile(str(catalogue.CATALOGUE))
    said = "".join(entry.msgstr or entry.msgstr_plural[0] for entry in entries)
    said += "".join(rule.title_zh + rule.consequence_zh for _platform, rule in book())
    signs = {sign for sign in said if "\u3000" <= sign <= "\u9fff"}
    assert len(signs) > 300
    assert not {sign for sign in signs if ord(sign) not in _covered()}


def test_every_slice_that_the_style_names_is_there() -> None:
    folder = VENDOR / "noto-sans-sc"
    named = set(re.findall(r"url\(\.?/?(files/[^)]+\.woff2)\)", (folder / "index.css").read_text("utf-8")))
    assert len(named) > 90
    assert all((folder / name).is_file() for name in named)


def test_the_catalogue_holds_exactly_what_the_pages_say() -> None:
    held = {entry.msgid: entry.msgid_plural or None for entry in polib.pofile(str(catalogue.CATALOGUE))}
    assert held == catalogue.said(), "run python -m storeward.web.tests.catalogue"


def test_nothing_is_untranslated() -> None:
    entries = polib.pofile(str(catalogue.CATALOGUE))
    empty = [entry.msgid for entry in entries if not (entry.msgstr or entry.msgstr_plural.get(0))]
    assert not empty


def test_the_compiled_catalogue_is_up_to_date() -> None:
    source = {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in polib.pofile(str(catalogue.CATALOGUE))}
    compiled = polib.mofile(str(catalogue.CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in compiled} == source


def test_a_translation_keeps_every_placeholder() -> None:
    for entry in polib.pofile(str(catalogue.CATALOGUE)):
        translated = entry.msgstr or entry.msgstr_plural[0]
        wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid))
        assert set(re.findall(r"%\(\w+\)[sd]", translated)) == wanted, entry.msgid


def test_every_state_and_happening_has_a_word() -> None:
    for name in ("open", "acknowledged", "snoozed", "resolved"):
        assert words.status_word(name) not in ("", "acknowledged")
    assert words.happened("something new") == "something new"
    assert words.stream_name("a_new_stream") == "a_new_stream"
    assert words.origin_word("a_new_origin") == "a_new_origin"


@pytest.mark.parametrize("address", ["/", "/deadlines/", "/stores/", "/stores/?view=list"])
def test_a_page_in_chinese_has_no_english_left_over(owner: Client, address: str) -> None:
    owner.post("/me/language/", {"language": "zh-hans"})
    html = owner.get(address).content.decode().split("<body")[1]
    text = re.sub(r"<svg.*?</svg>", " ", html, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", text)
    for word in ("Severity", "Store ", "Next step", "Unknown", "Fine", "Today", "Deadlines", "nobody", "cannot tell"):
        assert word not in text, word


def test_pages_run_no_inline_script_and_no_inline_style_element(owner: Client) -> None:
    html = owner.get("/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r'\son\w+="', html)
