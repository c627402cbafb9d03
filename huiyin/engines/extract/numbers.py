"""Numbers of things: identity cards, orders, parcels; and goods, cards and the like, which are none of these.

A label decides before the shape does: the same digits are an order after 订单号 and a parcel after 快递单号.
"""

import re
from collections.abc import Iterator
from typing import Any

from huiyin.engines.extract.checks import is_id_number, is_luhn, is_postal_item
from huiyin.engines.extract.found import Found
from huiyin.engines.extract.page import Page, expression

_GLUE = r"(?:\s(?:is|was))?[\s:=是为(（【\[#'\"]{0,4}"
_CODE = r"[a-z]{0,6}[-_]?[a-z]{0,4}\d[a-z0-9]{0,30}(?:[-_][a-z0-9]{1,20}){0,4}"
_NUMBER_WORD = r"(?:编号|号码|号|number|num|no\.?|id|code|#)"
_CARRIERS = (
    "顺丰|圆通|中通|申通|韵达|极兔|京东快递|京东物流|德邦|邮政|百世|天天快递|宅急送|菜鸟|"
    "ems|ups|fedex|dhl|usps"
)
_WAYBILL_LABEL = (
    rf"(?:(?:快递|运单|物流|邮寄|包裹|货运|面单|{_CARRIERS})(?:的)?(?:快递|物流|运单|寄回|退货)?(?:单号|"
    rf"编号|号码|号|单)"
    r"|tracking(?:\s(?:number|no\.?|id|code|#))?|waybill(?:\s(?:number|no\.?|id|#))?|airwaybill|awb)"
)
_ORDER_LABEL = (
    rf"(?:(?:订单|定单|交易|采购单)\s?{_NUMBER_WORD}|单号|"
    rf"(?:purchase\s)?order\s?{_NUMBER_WORD}|\bpo\s?(?:number|no\.?|#))"
)
_LOOSE_ORDER_LABEL = r"(?:订单|定单|\border(?:\sis)?)"
_OTHER_LABEL = (
    r"(?:商品|货品|产品|宝贝|sku|spu|型号|货号|款号|条码|条形码|序列号|机身号|\bsn\b|s/n|imei|iccid|"
    r"银行卡|卡号|qq|"
    r"验证码|税号|发票|合同|工单|批号|批次|营业执照|信用代码|公积金|社保|车架号|保单|密码|口令|取件码|"
    r"排队号|参考号|流水号|车牌|水表|电表|气表|读数|邮编|版本|尾号|编码|编号|"
    r"\bcase|\bticket|\binvoice|\bcontract|\bserial|\bmodel|\bitem|\bproduct|\bpart|\bcard|\bzip|"
    r"\bbarcode|\bpolicy|\bbatch|\bid|\bref|\breference|\bpassword|\bpin)"
    rf"\s?{_NUMBER_WORD}?"
)
_WAYBILL = expression(rf"{_WAYBILL_LABEL}{_GLUE}({_CODE})")
_AT_CARRIER = expression(rf"(?:{_CARRIERS}){_GLUE}({_CODE})")
_ORDER = expression(rf"{_ORDER_LABEL}{_GLUE}({_CODE})")
_LOOSE_ORDER = expression(rf"{_LOOSE_ORDER_LABEL}{_GLUE}({_CODE})")
_OTHER = expression(rf"{_OTHER_LABEL}{_GLUE}({_CODE})")
_NEXT = re.compile(r"\s?(?:[、,/;]|和|及|与|\band\b|&)\s?([a-z]{0,6}[-_]?\d[a-z0-9_-]{3,30})")
_ID_NUMBER = expression(r"[1-8]\d{5}\s?(?:18|19|20)\d{6}\s?\d{3}[\dx]")
_OLD_ID_NUMBER = expression(rf"身份证(?:号码|号)?{_GLUE}([1-8]\d{{14}})")
_SHAPES = expression(
    r"(?P<waybill>sf\d{12,15}|yt\d{13,15}|jd[a-z]{0,2}\d{11,13}|jt\d{13}|dpk\d{12}|zto\d{12}|1z[a-z0-9]{16})"
    r"|(?P<postal>[a-z]{2}\d{9}[a-z]{2})|(?P<order>[a-z]{1,5}-?20\d{2}-?\d{3,14}(?:-\d{1,6})?|\d{17,20})"
)
# 工单号, 保单号, 账单号 …: slips of paper that are no orders.
_STANDARDS = ("cve-", "gb-", "gbt-", "iso-", "iec-", "rfc-", "din-")
_DATE = re.compile(r"20\d\d-\d{1,2}-\d{1,2}")
_OTHER_SLIPS = "工保账罚表菜名清"
_MOBILE = re.compile(r"1[3-9]\d{9}")


def id_numbers(page: Page) -> Iterator[Found]:
    """Yield resident identity numbers whose check digit holds; old ones of 15 digits need their label."""
    for match in page.search(_ID_NUMBER):
        start, end = match.span()
        value = re.sub(r"\s", "", match.group())
        if is_id_number(value) and page.is_number_alone(start, end):
            yield page.found("id_number", value.upper(), start, end)
    for match in page.search(_OLD_ID_NUMBER):
        if page.is_number_alone(*match.span(1)):
            yield page.found("id_number", match.group(1), *match.span(1))


def orders_and_waybills(page: Page) -> Iterator[Found]:
    """Yield order numbers and parcel numbers; numbers of goods, cards and tickets are taken, not yielded.

    Labelled ones first, then a carrier's own shape, dated orders (HY-2024-0031), and rows of 17 to 20
    digits that are no card.
    """
    yield from _labelled(page, _WAYBILL, "waybill", fewest_digits=8)
    yield from _labelled(page, _AT_CARRIER, "waybill", fewest_digits=10)
    yield from _labelled(page, _ORDER, "order_number", fewest_digits=4)
    yield from _labelled(page, _LOOSE_ORDER, "order_number", fewest_digits=6)
    for match in page.search(_OTHER):
        page.take(*match.span(1))
    for match in page.search(_SHAPES):
        kind = _kind_by_shape(match)
        if kind and page.is_number_alone(*match.span()):
            yield page.found(kind, match.group().upper(), *match.span())


def _kind_by_shape(match: Any) -> str | None:
    text = match.group()
    if match.group("waybill") or (match.group("postal") and is_postal_item(text)):
        return "waybill"
    is_card = text.isdecimal() and text.startswith("62") and is_luhn(text)
    if is_card or text.startswith(_STANDARDS) or not match.group("order"):
        return None
    return "order_number"


def _labelled(page: Page, pattern: Any, kind: str, *, fewest_digits: int) -> Iterator[Found]:
    for match in page.search(pattern):
        start, end = match.span(1)
        if match.group().startswith("单号") and page.before(match.start()) in _OTHER_SLIPS:
            continue
        while _is_number(page, start, end, fewest_digits):
            if (
                kind == "order_number"
                and pattern is _LOOSE_ORDER
                and _reads_as_phone_or_count(page, start, end)
            ):
                break
            code = page.text[start:end]
            by_shape = _SHAPES.fullmatch(code)
            is_parcel = by_shape is not None and _kind_by_shape(by_shape) == "waybill"
            yield page.found("waybill" if is_parcel else kind, code.upper(), start, end)
            following = _NEXT.match(page.text, end)
            if following is None or not page.is_free(*following.span(1)):
                break
            start, end = following.span(1)
            fewest_digits = max(fewest_digits, 6)


def _is_number(page: Page, start: int, end: int, fewest_digits: int) -> bool:
    code = page.text[start:end]
    if sum(char.isdigit() for char in code) < fewest_digits or _DATE.fullmatch(code):
        return False
    return page.is_number_alone(start, end)


def _reads_as_phone_or_count(page: Page, start: int, end: int) -> bool:
    return bool(_MOBILE.fullmatch(page.text, start, end)) or page.after(end) in "元块年件个"
