"""Every page answers."""
import pytest
from django.test import Client

@pytest.mark.parametrize("path", ["/", "/deadlines/", "/stores/", "/stores/?view=list", "/stores/?state=unknown", "/?who=me"])
def test_answers(owner: Client, path: str) -> None:
    assert owner.get(path).status_code == 200
