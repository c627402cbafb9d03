"""What the pages of a case offer, read from their HTML as a person finds it."""

from html.parser import HTMLParser

from django.test import Client

PAGES = ("", "change", "relations", "unwanted", "finishing", "promises", "together", "around")


def offered(client: Client, number: str, promise: str) -> set[str]:
    """Return every act that the pages of this case offer: the form's path below the case, and what its button says."""
    found: set[str] = set()
    for page in PAGES:
        answer = client.get(f"/desk/cases/{number}/{page}".rstrip("/"))
        assert answer.status_code == 200, page
        reader = _Reader(f"/desk/cases/{number}/", promise)
        reader.feed(answer.content.decode())
        found |= reader.found
    return found


class _Reader(HTMLParser):
    def __init__(self, case: str, promise: str) -> None:
        super().__init__()
        self.case, self.promise = case, f"/desk/promises/{promise}"
        self.form, self.act = "", ""
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form, self.act = ("", "") if given.get("id") == "composer" else (given.get("action", ""), "")
        elif "data-may" in given:  # what the composer below it may be used for
            self.found |= {f"may:{word}" for word in given["data-may"].split()}
        elif tag == "a" and given.get("href", "").startswith(self.case):
            self._read_link(given["href"].removeprefix(self.case).split("/"))
        elif tag == "input" and given.get("name") == "act":
            self.act = given["value"]
        elif tag in ("input", "select") and self.act == "edit":
            self.found.add(f"edit:{given.get('name')}")
        elif tag == "button" and self.form and given.get("type") == "submit":
            self._read_button(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ""

    def _read_link(self, parts: list[str]) -> None:
        if parts[-1] == "redact":
            self.found.add("entries/redact")
        elif parts == ["macros"]:
            self.found.add("macros")

    def _read_button(self, given: dict[str, str]) -> None:
        act = given.get("value", "") or self.act
        if self.form == self.promise:
            self.found.add(f"promise:{act}")
        elif self.form.startswith(self.case):
            below = self.form.removeprefix(self.case)
            below = "entries/recall" if below.endswith("/recall") else below
            self.found.add(f"{below}:{act}" if act else below)
