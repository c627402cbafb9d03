"""Emotion words that any pack may use as they stand or replace. Simplified Chinese and English."""

from huiyin.engines.keywords import Phrase

_WORRIED = (
    "着急 好急 很急 急死了 急用 急需 担心 焦虑 害怕 怎么办啊 心里没底 不放心 等不及 慌了 urgently,"
    "worried,anxious,concerned,afraid,nervous,as soon as possible,can't wait,cannot wait"
)
_DISAPPOINTED = (
    "失望 不满意 不满 体验很差 体验太差 太差 差劲 无语 心寒 郁闷 敷衍 推脱 踢皮球 没人管 没人理 不理人 "
    "等了很久 等了半天 等这么久 拖了这么久 一直没人 还没解决 一直没解决 再也不买 再也不来 不会再买,"
    "disappointed,disappointing,unhappy,dissatisfied,unsatisfied,frustrated,frustrating,let down,fed up,"
    "no one answers,nobody answers,still waiting,still not fixed,never again,poor service,waste of time"
)
_ANGRY = (
    "生气 气死 气愤 愤怒 恼火 火大 忍无可忍 受够了 太过分 过分了 骗子 骗人 欺骗 坑人 坑钱 黑店 垃圾 恶心 "
    "不要脸 无耻 混蛋 滚蛋 什么玩意 什么破 搞什么鬼 有病吧 耍我 耍人 你们什么态度 什么服务态度 态度恶劣 "
    "岂有此理 荒唐 赔钱,"
    "angry,furious,outraged,ridiculous,unacceptable,disgusting,disgusted,terrible,horrible,appalling,"
    "awful,scam,scammers,liar,liars,rip off,ripoff,cheated,garbage,rubbish,worst,pathetic,shame on you"
)
_THREATENING = (
    "消协 消费者协会 工商局 市场监管局 12315 12345 315投诉 曝光 找媒体 找记者 发到网上 发微博 发抖音 "
    "法院 起诉 告你们 律师函 请律师 找律师 报警 去死 弄死 砸店 上门闹 退一赔三 假一赔十 集体投诉 维权,"
    "lawyer,attorney,sue you,legal action,take you to court,small claims,consumer protection,chargeback,"
    "go to the press,go public,call the police,report you,better business bureau"
)
_EXCLUDES = {
    "着急": ("不着急", "不用着急", "别着急", "不是很着急", "请勿着急"),
    "很急": ("不是很急",),
    "担心": ("不担心", "不用担心", "别担心", "无需担心", "请勿担心"),
    "害怕": ("不害怕", "别害怕"),
    "worried": ("not worried",),
    "concerned": ("as far as i am concerned", "not concerned"),
    "afraid": ("not afraid",),
    "失望": ("不失望", "没有失望", "没让我失望", "不会让您失望", "不会让我失望"),
    "不满": ("不满意", "不满足", "不满一", "不满两", "不满7", "不满十"),
    "不满意": ("没有不满意", "没什么不满意"),
    "disappointed": ("not disappointed", "wasn't disappointed"),
    "太差": ("不算太差", "不太差"),
    "生气": ("不生气", "别生气", "没生气", "没有生气", "生气勃勃"),
    "垃圾": (
        "垃圾桶",
        "垃圾袋",
        "垃圾箱",
        "垃圾邮件",
        "垃圾短信",
        "垃圾分类",
        "垃圾处理",
        "垃圾清运",
        "倒垃圾",
        "扔垃圾",
    ),
    "恶心": ("恶心想吐", "有点恶心", "头晕恶心"),
    "欺骗": ("没有欺骗",),
    "rubbish": ("rubbish bin", "rubbish bag"),
    "garbage": ("garbage bin", "garbage bag", "garbage can", "garbage collection"),
    "worst": ("worst case", "at worst"),
    "angry": ("not angry",),
    "曝光": ("曝光度", "曝光量", "曝光率", "长曝光", "曝光时间", "曝光补偿"),
    "法院": ("法院路", "法院旁", "法院对面"),
}


def _phrases(code: str, words: str, weight: int) -> list[Phrase]:
    chinese, _, english = words.partition(",")
    return [
        Phrase(
            f"emotion-{code}",
            word,
            excludes=_EXCLUDES.get(word, ()),
            weight=weight,
            effects={"emotion": code},
        )
        for word in [*chinese.split(), *english.split(",")]
    ]


EMOTION_PHRASES: tuple[Phrase, ...] = (
    *_phrases("worried", _WORRIED, 1),
    *_phrases("disappointed", _DISAPPOINTED, 1),
    *_phrases("angry", _ANGRY, 2),
    *_phrases("threatening", _THREATENING, 2),
)
