"""The messages that are sent: five thousand invented people, ten texts of usual lengths."""

import random
from typing import Any

TEXTS = (
    "电脑突然无法开机，里面有急用资料，请尽快联系我，电话13900000000",
    "我上周在你们网店买的耳机，左边没有声音，想申请退货退款，订单号HY20260101{n}",
    "你好，请问周六几点开门？可以刷卡吗？",
    "发票抬头写错了，请重新开具，税号稍后提供。订单号HY20260102{n}，麻烦尽快处理，月底要报销。",
    "快递显示已签收，但是我没有收到，已经联系快递员三次都没有人接电话，非常生气，我要投诉！",
    "想了解一下企业采购的优惠，我们大约需要两百台，希望下周能有人来介绍。" + "我们公司在浦东，交通方便。" * 8,
    "My parcel arrived damaged and the screen is broken. Please tell me how to return it, order HY2026{n}.",
    "密码忘记了，手机号也换了，怎么登录？",
    "安装师傅约好今天上午来，等到现在没有来，也没有电话通知，你们到底什么时候能到？",
    "产品用得不错，客服小李态度很好，特意来表扬一下！",
)


def a_message(name: str, chance: random.Random) -> dict[str, Any]:
    """Return the body of one POST /inbound; `name` is its id and must be new for a new case."""
    person = chance.randrange(5000)
    return {
        "channel": "form",
        "external_id": name,
        "sender": {"name": f"客户{person}", "phone": f"1390000{person:04}"},
        "text": chance.choice(TEXTS).replace("{n}", f"{chance.randrange(10**4):04}"),
        "meta": {"page": "https://shop.example.com/contact"},
    }
