"""The benchmark of the conduct guard measures what it says."""

from bench.conduct import bare_pass, milliseconds


def test_every_call_is_timed() -> None:
    called: list[str] = []
    assert len(milliseconds(called.append, ["a", "b"], 3)) == 6
    assert called == ["a", "b"] * 3


def test_the_bare_pass_finds_words_of_the_lexicon() -> None:
    found = bare_pass()("Please delete your review")
    assert isinstance(found, list)
    assert {"delete", "review"} <= set(found)
