"""What reading a message costs: plain, full of facts, long, and hostile."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.engines import extract

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)
PLAIN = "你好，我买的东西坏了，按了开关也没有反应，请问应该怎么处理才好呢？" * 2
DENSE = (
    "张经理好，我是周杰，订单号HY-2026-0008，3月5日下的单到现在没收到，快递单号SF1000000000001三天没动了，"
    "请明天下午3点前回电138-0000-0000，收货地址：北京市朝阳区示例路100号3栋2单元502室，退我¥1,299.00也行，"
    "邮箱alice@example.com。"
)
ENGLISH = (
    "Hello Mr Sample, order number HY-2026-0303 for $120.00 should reach 9 Invented Road, Faketown by Friday; "
    "call +1 202-555-0166 or write to erin@example.com, see https://example.com/help. I waited two weeks."
)
REPLY = "您好，非常抱歉给您带来不便，我们核实后2小时内给您回电，请您放心。"


def read(text: str) -> object:
    return extract.extract(text, at=AT, zone=ZONE)


CASES: list[tuple[str, Callable[[], object]]] = [
    ("extract, plain, 66 characters", lambda: read(PLAIN)),
    ("extract, 9 facts, 146 characters", lambda: read(DENSE)),
    ("extract, 7 facts, English, 205 characters", lambda: read(ENGLISH)),
    ("extract, plain, 6,600 characters", lambda: read(PLAIN * 100)),
    ("extract, 900 facts, 14,600 characters", lambda: read(DENSE * 100)),
    ("extract, hostile, 20,000 digits", lambda: read("1" * 20_000)),
    ("promise_in, 33 characters", lambda: extract.promise_in(REPLY, at=AT, zone=ZONE)),
]
