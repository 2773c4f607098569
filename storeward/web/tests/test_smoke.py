"""Every page answers."""
import pytest
from django.test import Client

@pytest.mark.parametrize("path", ["/", "/deadlines/", "/stores/", "/stores/?view=list", "/stores/?state=unknown", "/?who=me", "/search/?q=luna", "/s/tt-my-acme-0/", "/s/tt-my-acme-0/today/", "/s/tt-my-acme-0/deadlines/", "/s/tt-vn-acme-12/", "/s/tt-us-acme-8/"])
def test_answers(owner: Client, path: str) -> None:
    assert owner.get(path).status_code == 200
