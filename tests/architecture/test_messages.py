import polib
import pytest

from scripts.message_sources import Text, in_python, in_template
from scripts.messages import merge, problems


def catalogue(**translations: str) -> polib.POFile:
    known = polib.POFile()
    for msgid, msgstr in translations.items():
        known.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    return known


def wanted(*msgids: str) -> dict[tuple[str | None, str], Text]:
    return {(None, msgid): Text(msgid, files={"huiyin/desk/a.py"}) for msgid in msgids}


def test_texts_of_python_are_found_under_every_name() -> None:
    source = """
        [_("Open"), t.gettext_lazy("Close"), ngettext("A case", "%(n)s cases", n), pgettext("move", "Open")]
    """.strip()
    assert [(text.context, text.msgid, text.plural) for text in in_python(source)] == [
        (None, "Open", None),
        (None, "Close", None),
        (None, "A case", "%(n)s cases"),
        ("move", "Open", None),
    ]


def test_a_text_that_is_put_together_is_not_collected() -> None:
    assert not list(in_python('_(f"Open {number}")\n_(label)\nother("Open")'))


def test_texts_of_templates_are_found_in_tags_blocks_and_arguments() -> None:
    source = """{% load i18n %}<p title="{{ _("Who") }}">
        {% translate "It's open" %}{% translate "Open" context "move" %}
        {% blocktranslate count n=n %}One {{ n }}{% plural %}Many {{ n }}{% endblocktranslate %}</p>"""
    assert [(text.context, text.msgid, text.plural) for text in in_template(source)] == [
        (None, "Who", None),
        (None, "It's open", None),
        ("move", "Open", None),
        (None, "One %(n)s", "Many %(n)s"),
    ]


def test_merging_keeps_translations_adds_texts_and_drops_what_is_gone() -> None:
    merged = merge(catalogue(Open="打开", Gone="没了"), wanted("Open", "Close"))
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [("Close", ""), ("Open", "打开")]


def test_merging_twice_changes_nothing() -> None:
    once = merge(catalogue(Open="打开"), wanted("Open", "Close"))
    assert str(merge(once, wanted("Open", "Close"))) == str(once)


def test_a_complete_catalogue_has_no_problem() -> None:
    known = merge(catalogue(**{"Open %(n)s": "打开 %(n)s"}), wanted("Open %(n)s"))
    assert not list(problems(known, wanted("Open %(n)s")))


@pytest.mark.parametrize(
    ("known", "texts"),
    [
        (catalogue(), wanted("Open")),
        (catalogue(Open=""), wanted("Open")),
        (catalogue(Open="打开"), wanted()),
        (catalogue(**{"Open %(n)s": "打开"}), wanted("Open %(n)s")),
        (catalogue(**{"Open {n}": "打开 {m}"}), wanted("Open {n}")),
    ],
    ids=["missing", "empty", "unused", "placeholder left out", "placeholder renamed"],
)
def test_what_is_wrong_is_named(known: polib.POFile, texts: dict[tuple[str | None, str], Text]) -> None:
    (line,) = problems(known, texts)
    assert line.startswith("huiyin/")


def test_an_unsure_translation_is_a_problem() -> None:
    known = catalogue(Open="打开")
    known[0].flags.append("fuzzy")
    (line,) = problems(known, wanted("Open"))
    assert "fuzzy" in line


def test_a_plural_without_its_number_is_right() -> None:
    text = Text("One case", plural="%(n)s cases", files={"huiyin/desk/a.py"})
    known = polib.POFile()
    known.append(polib.POEntry(msgid=text.msgid, msgid_plural=text.plural, msgstr_plural={0: "%(n)s 个工单"}))
    assert not list(problems(known, {text.key: text}))
