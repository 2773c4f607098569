"""What platforms call their feeds, in words that people know: on the store's page and in the sentence of what is stale."""

import pytest
from django.utils import translation

from storeward.connectors.registry import connectors
from storeward.findings import causes
from storeward.web import words

STREAMS = {name for connector in connectors().values() for name in connector.streams}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_stream_of_every_platform_has_an_everyday_name(language: str) -> None:
    with translation.override(language):
        assert [name for name in sorted(STREAMS) if words.stream_name(name) == name] == []


def test_every_stream_is_named_in_the_sentence_of_what_is_stale() -> None:
    assert sorted(STREAMS - causes._NAMES.keys()) == []
