"""Names of people: introduced (我叫…, 联系人：…, my name is …) or with a title (王先生, Ms Example)."""

from collections.abc import Iterator

from huiyin.engines.extract.found import Found
from huiyin.engines.extract.page import Page, expression
from huiyin.engines.extract.places import CITIES, PROVINCES
from huiyin.engines.extract.surnames import DOUBLE, NOT_NAMES, SINGLE, WORDS_BEFORE

_SURNAME = rf"(?:{'|'.join(DOUBLE)}|[{SINGLE}])"
_TITLE = "先生|女士|小姐|太太|老师|经理|师傅|主任|医生|教授|同学|阿姨|总(?:监|裁|经理)?"
_TITLED = expression(rf"({_SURNAME}\p{{Han}}{{0,2}}?)({_TITLE})")
_INTRODUCED = expression(
    r"(?:姓名|联系人|收件人|收货人|寄件人|签收人|户主|业主|名字叫|我叫|本人叫|称呼)(?:是|为|改成|"
    r"改为)?[\s:：]{0,3}"
    rf"({_SURNAME}\p{{Han}}{{1,2}})"
)
_SELF = expression(rf"(?:我是|这里是|本人)({_SURNAME}\p{{Han}}{{1,2}})[\s,，。.!！:：、(（]")
_ENDS = "的在有和与跟要想说是于等你我他把被将来去这那，,"
_ENDS_A_RANK = "师人员的和与跟位是叫找给个些种"
_NOT_LAST = "的人员户店们方家"
_PLACES = frozenset({*PROVINCES, *CITIES})
_ENGLISH_TITLED = expression(
    r"\b((?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z]{1,20}(?:[ -][A-Z][a-z]{1,20}){0,2})"
)
_ENGLISH_INTRODUCED = expression(
    r"(?:\b[Mm]y name(?:'s| is)|\b(?:[Nn]ame|[Cc]ontact(?: person)?|[Rr]ecipient|[Cc]onsignee) ?:|"
    r"\b[Aa]ttn:?|"
    r"\b(?:Best|Kind|Warm)? ?[Rr]egards,\n|\bSincerely,\n|\b[Tt]his is|\bI(?:'m| am)|\b[Cc]heers,\n)\s?"
    r"([A-Z][a-z]{1,20}(?:[ -][A-Z][a-z']{1,20}){1,2})"
)
_WORDS = (
    "The A An My Your Our This That Not Very Order Customer Service Support Team Sales Technical "
    "Account World Very So Still Really"
)
_NOT_ENGLISH = frozenset(_WORDS.split())


def names(page: Page) -> Iterator[Found]:
    """Yield names; value without the label, with the title where one was written."""
    for match in page.search(_INTRODUCED):
        start, end = match.span(1)
        if end - start == 3 and page.text[end - 1] in _ENDS:
            end -= 1
        if page.text[start:end] not in NOT_NAMES:
            yield _name(page, start, end)
    for match in page.search(_SELF):
        name = match.group(1)
        if name[-1] not in _NOT_LAST and not {name, name[:2]} & (NOT_NAMES | _PLACES):
            yield _name(page, *match.span(1))
    for match in page.search(_TITLED):
        start, (name, title) = match.start(), match.groups()
        if len(name) == 3 and name[1] in _ENDS_A_RANK:
            start, name = start + 2, name[2:]
        if _is_person(page, name, title, start):
            yield _name(page, start, match.end())
    for pattern in (_ENGLISH_TITLED, _ENGLISH_INTRODUCED):
        for match in pattern.finditer(page.cased):
            words = match.group(1).replace(".", "").split()
            if page.is_free(*match.span(1)) and not _NOT_ENGLISH.intersection(words):
                yield _name(page, *match.span(1))


def _is_person(page: Page, name: str, title: str, start: int) -> bool:
    if name in NOT_NAMES or name[-1] in _ENDS or page.before(start) + name[0] in WORDS_BEFORE:
        return False
    if title == "总" and (len(name) > 1 or page.after(start + 2) not in " ,，.。:：!！?？\n您好说的要"):
        return False
    measured = name[0] in "张双支单间节" and page.before(start) in "0123456789一两二三几这那每"
    return not measured


def _name(page: Page, start: int, end: int) -> Found:
    return page.found("name", page.raw[start:end], start, end)
