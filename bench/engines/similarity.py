"""What cutting, searching and comparing cost, with an index of 5,000 short texts built beforehand."""

from collections.abc import Callable

from huiyin.engines import similarity
from huiyin.engines.similarity import Builder, Nearby

TOPICS = [
    "退货运费谁承担",
    "手机无法开机",
    "发票抬头写错",
    "快递三天没有更新",
    "账号被锁定",
    "耳机左边没声音",
]
TEXTS = [
    f"您好，{TOPICS[at % 6]}，订单{at * 7919}，{TOPICS[at * 7 % 5]}，请尽快处理{at}" for at in range(5000)
]
QUESTION = "手机充不进电也无法开机，请问在保修期内可以免费更换吗？"

builder, nearby = Builder(), Nearby(0.7)
for number, text in enumerate(TEXTS):
    builder.add(str(number), text)
for number, text in enumerate(TEXTS[:1000]):
    nearby.add(str(number), text)
INDEX = builder.build()

CASES: list[tuple[str, Callable[[], object]]] = [
    ("tokens, 27 characters", lambda: similarity.tokens(QUESTION)),
    ("search, 5,000 texts", lambda: INDEX.search(QUESTION)),
    ("cosine", lambda: similarity.cosine(QUESTION, TEXTS[1])),
    ("signature, 27 characters", lambda: similarity.signature(similarity.shingles(QUESTION))),
    ("near, 1,000 texts", lambda: nearby.near(QUESTION)),
    ("clusters, 500 texts", lambda: similarity.clusters(TEXTS[:500], 0.7)),
]
