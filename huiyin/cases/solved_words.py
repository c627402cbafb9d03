"""Whether a customer's words say that their matter is solved, and nothing else: a short sentence of known words."""

import re
import unicodedata

import re2  # type: ignore[import-untyped] # the package ships no types

LONGEST = 60
_KIND_SIGNS = "👍🙏👌😊😄🌹"
_ENDS = re.compile(r"[,，。.!！;；、~～\n]+")
_DOUBTS = re.compile(r"[?…]|\.\.")

# In linear time, whatever is written: many words of the one part may stand in the other, too.
_BEFORE_ZH = (
    r"(?:嗯|好的|是的|对|您好|你好|我这边|这边|我这里|我的|我们|我|现在|目前|刚刚|刚才|今天"
    r"|这个|问题|事情|故障|电脑|手机|设备|软件|账号|网络|功能|系统|都|全部|全|完全|终于|确实|真的|的确|确认)*"
)
_NOW_ZH = r"(?:现在|已经|已|都|终于|全)"
_SOLVED_ZH = (
    rf"{_BEFORE_ZH}(?:{_NOW_ZH}+(?:好|可以|行)(?:了|啦)"
    rf"|{_NOW_ZH}*(?:解决|处理好|处理完|修好|弄好|搞好|搞定|恢复|恢复正常|正常|能用|可以用|可以正常使用|能正常使用|能正常用)(?:了|啦))"
)
_THANKS_ZH = (
    r"(?:好的|好|收到|嗯|太好了|太棒了|很满意|非常满意|您好|你好"
    r"|(?:非常|十分|太|真的|很)?(?:谢谢|多谢|感谢|谢了|辛苦|麻烦)"
    r"(?:您|你们|你|大家|各位|客服|了|啦|哈|哦|啊|的|帮忙|帮助|耐心|支持|处理)*)"
)
_THINGS = r"(?:the|my|this) (?:problem|issue|matter|error|fault)"
_SUBJECT = rf"(?:it|this|that|everything|all|problem|issue|{_THINGS})"
_IS = r"(?:'s| is| has been)"
_HOW = r"(?:again|now|fine|perfectly|well|great|properly)"
_SOLVED_EN = (
    rf"{_SUBJECT} (?:now )?works(?: {_HOW})*|works(?: {_HOW})+"
    rf"|(?:{_SUBJECT}{_IS} )?(?:all )?(?:now )?working(?: {_HOW})+"
    rf"|(?:{_SUBJECT}{_IS}? )?(?:(?:now|all|already|completely|finally) )*(?:solved|fixed|resolved|sorted)"
    r"(?: (?:now|out|already))*"
    rf"|{_SUBJECT}{_IS} (?:all )?(?:fine|ok|okay|good)(?: again)? now|all (?:good|fine) now"
    rf"|{_SUBJECT}{_IS} back to normal(?: now)?"
)
_THANKS_EN = (
    r"(?:thank you|many thanks|thanks|thx|cheers)(?: (?:so much|very much|a lot|again|all|everyone|team"
    r"|for (?:your|the|all your) (?:quick |kind |great )?(?:help|support|assistance|patience)))*"
    r"|great|perfect|excellent|wonderful|awesome|hi|hello|yes|ok|okay"
)
_ZH = re2.compile(rf"(?:{_SOLVED_ZH}|{_THANKS_ZH})+")
_EN = re2.compile(rf"(?:{_SOLVED_EN}|{_THANKS_EN})(?:(?: and)? (?:{_SOLVED_EN}|{_THANKS_EN}))*")
_SOLVED = re2.compile(rf"(?:{_SOLVED_ZH})|\b(?:{_SOLVED_EN})\b")


def says_solved(text: str) -> bool:
    """Say whether these words confirm a result, in Chinese or English.

    Every word must be known, and one part must say that it is solved now. A negation, a question, a doubt, a demand,
    a figure, another matter or more than LONGEST characters confirms nothing: wrongly waiting costs a reminder, wrongly
    closing costs a customer.
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'").strip()
    if len(folded) > LONGEST or _DOUBTS.search(folded):
        return False
    folded = folded.translate({ord(sign): " " for sign in _KIND_SIGNS}).replace("\ufe0f", "")
    parts = [part for part in map(_close_up, _ENDS.split(folded)) if part]
    known = all(_ZH.fullmatch(part) or _EN.fullmatch(part) for part in parts)
    return known and any(_SOLVED.search(part) for part in parts)


def _close_up(part: str) -> str:
    """Return the part with single spaces, and none between Chinese characters."""
    spaced = " ".join(part.split())
    return re.sub(r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])", "", spaced)
