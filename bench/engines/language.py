"""What checking one draft costs, with the shipped rules, with and without an article to compare."""

from collections.abc import Callable
from pathlib import Path

import yaml

from huiyin.engines import language
from huiyin.engines.language import Context, Statement

PACK = Path(__file__).parents[2] / "packs" / "general" / "language.yaml"
RULES = language.rules(yaml.safe_load(PACK.read_text("utf-8"))["rules"])
DRAFT = "王女士，您好！您的订单已经发出，预计明天送达，签收后15天内都可以退货，退款一般3个工作日到账，谢谢！"
ARTICLE = Statement(
    "kb-12", "签收后7天内可申请退货，15天内可申请换货。运费10元。退款3-5个工作日到账。", "退换货"
)
CLOSING = Context(situation=frozenset({"first_reply", "closing"}))
WITH_ARTICLE = Context(situation=CLOSING.situation, statements=(ARTICLE,))

CASES: list[tuple[str, Callable[[], object]]] = [
    ("check, 50 characters", lambda: language.check(DRAFT, RULES, CLOSING)),
    ("check against an article", lambda: language.check(DRAFT, RULES, WITH_ARTICLE)),
]
