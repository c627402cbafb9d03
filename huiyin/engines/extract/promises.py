"""What an agent's text commits to, so that it can be proposed as a promise."""

import re
from bisect import bisect_right
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from huiyin.engines import businesstime
from huiyin.engines.extract.everything import extract
from huiyin.engines.extract.found import PromiseFound, Time
from huiyin.engines.extract.page import lay_out

_DEEDS = (
    ("call_back", r"回电|回拨|致电|去电|来电|打电话|电话联系|电话回复|电话回访|回个?电话|给您电话|(?:和|"
                  r"与)您通话|\bcall(?:s|ing)?\b|\bphone you|\bring you"),
    ("refund", r"退款|退还|退到|退回到|退给|退费|到账|原路退回|返还|\brefund|\breimburse|\bcredited"),
    ("visit", r"上门|登门|现场|到府|\bvisit|\bcome (?:over|by|out)|\bon site|\bon-site|"
              r"\btechnician will (?:come|arrive|be)"),
    ("exchange", r"换货|换新|更换|换一[台个件]|\breplace|\bexchange"),
    ("ship", r"发货|发出|寄出|补发|补寄|寄给|安排发|送达|送到|配送|派送|出库|\bship|\bdispatch|\bdeliver"),
    ("resolve", r"解决|修好|修复|处理完|处理好|恢复|办好|办妥|办完|完成|\bfix(?:ed)?\b|\bresolv|"
                r"\brepair|\bsort (?:this|it) out|\brestor"),
    ("send", r"发给您|发送|发您|提供给?您|开具|开好|寄送|\bsend\b|\bemail you|\bprovide\b"),
    ("reply", r"回复|答复|回应|反馈|回音|结果|联系您|与您联系|和您联系|跟您联系|给您联系|告知|通知您|"
              r"给您消息|给您信息|核实|跟进|处理|查询|"
              r"\breply\b|\brespond|\bget back to\b|\bcontact you|\bbe in touch|\blet you know|"
              r"\bupdate you|\banswer\b|\bhear (?:back )?from us|\breach out|\bwill update"),
)  # fmt: skip
_DEED = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _DEEDS))
_SENTENCE = re.compile(r"(?:[^。！？!?；;\n.]|\.(?!\s|$)){1,600}[。！？!?；;\n.]?")
_CLAUSE_ENDS = "，,：:"
_CONDITION = re.compile(
    r"[?？]\s*$|吗|如果|如需|如有|如您|若是|若您|假如|倘若|一旦|\bif\b|\bunless\b|\bin case\b|"
    r"\bshould you\b|^\s*(?:can|could|will|would) (?:you|i|we)\b"
)
_NO_PLEDGE = re.compile(
    r"(?:烦请|麻烦您|请)(?!放心|稍等|稍候|耐心|等待|等候|谅解|留意|注意|保持|相信)|您可|您需|需要您|"
    r"您应|您得|您[^,，]{0,4}申请|您先|"
    r"要求我们|不能|无法|没法|不会|没有|未能|不保证|不一定|尽量|争取|希望能|支持|无理由|已经|已于|已在|"
    r"之前已|"
    r"\bplease (?!be assured|rest assured|note|bear|wait|allow)|\byou (?:can|may|must|need|should|"
    r"have to)\b|\bcannot\b|\bcan't\b|"
    r"\bunable\b|\bnot able\b|\bwon't\b|\bwill not\b|\bdon't\b|\btry to\b|\bhope to\b|\bhave already\b|"
    r"\bnot guarantee\b"
)
_DONE = re.compile(r"已(?:经|为您|给您|帮您|替您|全部)?$")
_VAGUE = frozenset({"完成", "处理", "核实", "跟进", "查询", "结果", "通知您", "处理完", "处理好"})
_SAYS_LITTLE = 70
_WRONG_SIDE = 50
_OTHER_CLAUSE = 200


def promise_in(
    text: str, *, at: datetime, zone: ZoneInfo, calendar: businesstime.Calendar | None = None
) -> PromiseFound | None:
    """Return the first thing that an agent's text promises by a moment still to come, else None.

    A sentence promises when it names such a moment and a deed of ours, and is no question, condition,
    request, denial or hope. Raises ValueError as extract does.
    """
    times = extract(text, at=at, zone=zone, calendar=calendar).times
    ahead = [time for time in times if time.sense != "ago" and time.due > at]
    if not ahead:
        return None
    folded = lay_out(text).text
    sentences = [match.span() for match in _SENTENCE.finditer(folded)]
    starts = [start for start, _ in sentences]
    for number, times_in_it in groupby(ahead, key=lambda time: bisect_right(starts, time.start) - 1):
        span = sentences[number]
        deeds = [] if _CONDITION.search(folded[slice(*span)]) else list(_DEED.finditer(folded, *span))
        for time in times_in_it if deeds else ():
            promise = _promise(folded, text, (span[0], max(span[1], time.end)), deeds, time)
            if promise:
                return promise
    return None


def _promise(
    folded: str, text: str, sentence: tuple[int, int], deeds: list[re.Match[str]], time: Time
) -> PromiseFound | None:
    start, end = _clause(folded, sentence, time)
    if _NO_PLEDGE.search(folded, start, end):
        return None
    deed = min(deeds, key=lambda deed: _distance(deed, time, (start, end)))
    if _NO_PLEDGE.search(folded, *_clause(folded, sentence, time, deed.start())):
        return None
    if _DONE.search(folded[max(0, deed.start() - 3) : deed.start()]):
        return None
    start, end = min(start, deed.start()), max(end, deed.end())
    return PromiseFound(deed.lastgroup or "reply", time.due, start, end, text[start:end], time)


def _distance(deed: re.Match[str], time: Time, clause: tuple[int, int]) -> int:
    """Chinese says the moment first (2 小时内回电), English last; a deed in the same clause is meant "
    "first."""
    before = deed.end() <= time.start
    gap = time.start - deed.end() if before else max(0, deed.start() - time.end)
    wrong_side = before and not deed.group().isascii()
    outside = not clause[0] <= deed.start() < clause[1]
    vague = deed.group() in _VAGUE
    return gap + wrong_side * _WRONG_SIDE + vague * _SAYS_LITTLE + outside * _OTHER_CLAUSE


def _clause(
    folded: str, sentence: tuple[int, int], time: Time, position: int | None = None
) -> tuple[int, int]:
    """The piece between commas around a position, by default around the moment, which commas never cut."""
    first, last = (time.start, time.end) if position is None else (position, position)
    start = max(folded.rfind(mark, sentence[0], first) for mark in _CLAUSE_ENDS) + 1
    ends = [end for mark in _CLAUSE_ENDS if (end := folded.find(mark, last, sentence[1])) >= 0]
    return max(start, sentence[0]), min(ends, default=sentence[1])
