"""What a person sees and does on each page, so that tests speak of that and not of markup."""

from playwright.sync_api import Locator, Page


class Today:
    """The worklist."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def lines(self) -> Locator:
        return self.page.locator("#sw-list .sw-line")

    def line(self, text: str) -> Locator:
        return self.lines.filter(has_text=text)

    @property
    def focused(self) -> Locator:
        return self.page.locator("#sw-list .sw-line.is-on")

    def open(self, text: str) -> "Panel":
        self.line(text).locator(".sw-what").click()
        return Panel(self.page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


class Panel:
    """A finding over its list."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator("#sw-panel .sw-panel")

    @property
    def title(self) -> str:
        return self.box.locator(".sw-panel-title").inner_text()

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def menu(self, name: str) -> Locator:
        return self.box.locator("summary", has_text=name)

    def settle(self, reason: str) -> None:
        self.menu("Settle").click()
        self.box.get_by_label("Why is it settled?").fill(reason)
        self.box.locator(".sw-settle").get_by_role("button").click()
