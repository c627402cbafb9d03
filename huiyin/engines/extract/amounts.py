"""Sums of money: ¥1,299.00, 三百五十元, 12 块 5, 1.2 万元, USD 20, 20 dollars."""

from collections.abc import Iterator
from decimal import Decimal

from huiyin.engines.extract import numerals
from huiyin.engines.extract.found import Amount
from huiyin.engines.extract.page import Page, expression, is_code_char

_FIGURES = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?"
_BEFORE = {
    "¥": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "us$": "USD", "usd": "USD", "hk$": "HKD",
    "hkd": "HKD", "$": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
}  # fmt: skip
_AFTER = {
    "人民币": "CNY", "元": "CNY", "块钱": "CNY", "块": "CNY", "圆": "CNY", "rmb": "CNY", "cny": "CNY",
    "yuan": "CNY", "美元": "USD", "美金": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD",
    "bucks": "USD",
    "港币": "HKD", "港元": "HKD", "hkd": "HKD", "欧元": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR",
    "€": "EUR", "英镑": "GBP", "gbp": "GBP", "日元": "JPY",
}  # fmt: skip
_SCALES = {"百": 100, "千": 1000, "k": 1000, "万": 10_000, "亿": 100_000_000}


def _either(words: dict[str, str]) -> str:
    return "|".join(word.replace("$", r"\$") for word in sorted(words, key=len, reverse=True))


_PREFIXED = expression(rf"({_either(_BEFORE)})\s?({_FIGURES})(?:\s?([千万亿k]))?")
_SUFFIXED = expression(
    rf"({_FIGURES}|{numerals.CHINESE}{{1,12}}|"
    rf"\b{numerals.ENGLISH}\b)\s?(?:[多余几])?([百千万亿k])?\s?({_either(_AFTER)})"
    r"([1-9一二两三四五六七八九])?([毛角])?"
)
_DIMES = expression(rf"({_FIGURES}|{numerals.CHINESE})[毛角]钱?")
_NOT_MONEY_AFTER = {"元": "旦素件宵气器首老桥", "块": ""}
# 块 also counts pieces of these; of anything else nobody counts so many by 块.
_COMES_IN_PIECES = "电手表布砖地石板屏肉糖蛋硬巧毛瓷木玻面饼豆积拼香肥主显内芯"
_MANY_PIECES = 10
_LOOSE_ENDS = " \n,.，。!！?？、;；:：)）的多左呢吧啊吗运以钱~"


def amounts(page: Page) -> Iterator[Amount]:
    """Yield sums with their currency; a bare number is none, nor are 3 块电池 or 元旦."""
    for match in page.search(_PREFIXED):
        start, end = match.span()
        cut_off = is_code_char(page.before(start)) and match.group(1)[0].isascii()
        if not cut_off and not is_code_char(page.after(end)):
            yield _amount(page, (start, end), _value(match.group(2), match.group(3)), _BEFORE[match.group(1)])
    for match in page.search(_SUFFIXED):
        start, end = match.span()
        if not _is_money(page, match.group(1), match.group(3), start, match.end(3)):
            continue
        value = _value(match.group(1), match.group(2))
        if match.group(4) and match.group(3) in ("元", "块") and not is_code_char(page.after(end)):
            value += numerals.number(match.group(4)) / 10
        else:
            end = match.end(3)
        yield _amount(page, (start, end), value, _AFTER[match.group(3)])
    for match in page.search(_DIMES):
        start, end = match.span()
        is_money = match.group().endswith("钱") or page.after(end) in _LOOSE_ENDS
        if is_money and page.begins_alone(start) and page.before(start) not in "第三五":
            yield _amount(page, (start, end), numerals.number(match.group(1)) / 10, "CNY")


def _value(figures: str, scale: str | None) -> Decimal:
    return numerals.number(figures) * _SCALES.get(scale or "", 1)


def _is_money(page: Page, figures: str, unit: str, start: int, end: int) -> bool:
    before, after = page.before(start), page.after(end)
    if not page.begins_alone(start) or before == "第" or figures[0] in "百千万亿":
        return False
    if before == "," and page.raw[start - 1] == "," and is_code_char(page.before(start - 1)):
        return False
    if unit.isascii() and unit.isalpha():
        return not is_code_char(after)
    if unit == "块":
        follows_change = after in "123456789一二两三四五六七八九" and not is_code_char(page.after(end + 1))
        many = numerals.number(figures) >= _MANY_PIECES and after not in _COMES_IN_PIECES
        return figures != "一" and (after in _LOOSE_ENDS or follows_change or many)
    return after not in _NOT_MONEY_AFTER.get(unit, "")


def _amount(page: Page, span: tuple[int, int], value: Decimal, currency: str) -> Amount:
    page.take(*span)
    raw = page.raw[span[0] : span[1]]
    return Amount("amount", f"{value} {currency}", *span, raw, amount=value, currency=currency)
