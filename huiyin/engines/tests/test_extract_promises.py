"""A promise is an agent's own deed by a moment still to come."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.engines import businesstime, extract

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)


def promised(text: str, calendar=None) -> tuple[str, str] | None:
    found = extract.promise_in(text, at=WEDNESDAY, zone=ZONE, calendar=calendar)
    return found and (found.kind, f"{found.due.astimezone(ZONE):%m-%d %H:%M}")


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("您好，我们2小时内给您回电", "call_back", "03-11 12:30"),
        ("2小时内给您回复", "reply", "03-11 12:30"),
        ("非常抱歉，我们会在24小时内答复您", "reply", "03-12 10:30"),
        ("您的包裹今天下班前发货", "ship", "03-11 18:00"),
        ("本周五前一定给您补发", "ship", "03-13 18:00"),
        ("师傅明天下午上门", "visit", "03-12 18:00"),
        ("已安排工程师，明天下午3点前上门维修", "visit", "03-12 15:00"),
        ("已安排，今天 17 点前上门取件", "visit", "03-11 17:00"),
        ("明天 9 点 30 分给您回电", "call_back", "03-12 09:30"),
        ("3 月 13 日前给您答复", "reply", "03-13 18:00"),
        ("退款5个工作日内原路退回", "refund", "03-18 18:00"),
        ("3个工作日内到账，请您留意", "refund", "03-16 18:00"),
        ("换货会在三个工作日内完成", "exchange", "03-16 18:00"),
        ("今晚就能修复", "resolve", "03-11 22:00"),
        ("请稍等，半小时内帮您解决", "resolve", "03-11 11:00"),
        ("请您放心，核实后2小时内与您联系", "reply", "03-11 12:30"),
        ("请您耐心等待，专员会在两小时内致电", "call_back", "03-11 12:30"),
        ("发票明天发给您", "send", "03-12 18:00"),
        ("We will call you back within two hours.", "call_back", "03-11 12:30"),
        ("Thank you. We'll get back to you within 24 hours.", "reply", "03-12 10:30"),
        ("Your replacement will ship by Friday.", "ship", "03-13 18:00"),
        ("The refund will be credited within 5 business days.", "refund", "03-18 18:00"),
        ("Our technician will come tomorrow at 10 am.", "visit", "03-12 10:00"),
        ("The technician calls you within 2 hours", "call_back", "03-11 12:30"),
        ("I will send the invoice by end of day.", "send", "03-11 18:00"),
        ("We are going to fix it by tomorrow", "resolve", "03-12 18:00"),
        ("好的，我今天之内给您打电话说明情况", "call_back", "03-11 18:00"),
        ("您的订单今天16:30前会从仓库发出", "ship", "03-11 16:30"),
        ("款项将在五个工作日后到账", "refund", "03-18 18:00"),
        ("维修师傅后天上午10点到您家上门检修", "visit", "03-13 10:00"),
        ("技术部门周一会给出答复", "reply", "03-16 18:00"),
        ("这个故障预计明天恢复", "resolve", "03-12 18:00"),
        ("三天内为您更换新机", "exchange", "03-14 18:00"),
        ("稍后10分钟后把链接发您", "send", "03-11 10:40"),
        ("已为您加急，一小时内会有专人联系您", "reply", "03-11 11:30"),
        ("补发的配件明天寄出，单号会短信通知您", "ship", "03-12 18:00"),
        ("审核通过后5个工作日内退还到原支付账户", "refund", "03-18 18:00"),
        ("I'll give you a call tomorrow by 5 pm.", "call_back", "03-12 17:00"),
        ("Someone from our team will contact you in two hours.", "reply", "03-11 12:30"),
        ("Your parcel will be dispatched tomorrow.", "ship", "03-12 18:00"),
        ("You will receive your refund within 3 business days.", "refund", "03-16 18:00"),
        ("Our engineers will resolve this by end of day.", "resolve", "03-11 18:00"),
        ("We will replace the device within 2 weeks.", "exchange", "03-25 18:00"),
    ],
)
def test_a_deed_and_a_moment_are_a_promise(text, kind, due):
    assert promised(text) == (kind, due)


@pytest.mark.parametrize(
    "text",
    [
        "请您在3天内寄回商品",
        "您可以在7天内申请退款",
        "如果24小时内没有收到回复请联系我们",
        "请问您能在2小时内接电话吗",
        "支持7天内无理由退货",
        "您3天前申请的退款已处理",
        "我们无法在今天内发货",
        "已经在昨天给您退款",
        "今晚已补发，请放心",
        "今晚已为您补发",
        "感谢您的反馈",
        "我们会尽快给您回复",
        "营业时间到今天下午6点",
        "不能保证明天送到",
        "Please return the item within 7 days.",
        "If you do not hear from us within 24 hours, reply to this mail.",
        "You can request a refund within 30 days.",
        "We can't promise delivery by Friday.",
        "We refunded you yesterday.",
        "Could you reply by tomorrow?",
        "We will get back to you soon.",
        "今天天气不错",
        "麻烦您明天下午把照片发送过来",
        "您于3天内未付款订单会取消",
        "我们争取明天解决",
        "不好意思让您久等了，下午3点前我给您回电可以吗",
        "您说的明天下午，我记下了",
        "请您明天带上发票到门店",
        "上次承诺的24小时内回复没有做到，非常抱歉",
        "活动3天后结束",
        "您的订单已于昨天发货",
        "我们的营业时间是早上9:00到晚上6点",
        "若明天仍未收到，请告诉我",
        "We are closed until Monday.",
        "Did you receive my reply within 24 hours?",
        "Thanks for your patience.",
        "You should hear the tone in 5 seconds.",
        "Your refund was issued 2 days ago.",
    ],
)
def test_a_question_a_condition_a_request_a_denial_or_a_hope_is_none(text):
    assert promised(text) is None


def test_the_first_sentence_that_promises_counts():
    text = "请在3天内寄回商品。收到后2个工作日内给您退款。明天给您回电。"
    found = extract.promise_in(text, at=WEDNESDAY, zone=ZONE)
    assert found is not None
    assert (found.kind, found.time.raw) == ("refund", "2个工作日内")
    assert text[found.start : found.end] == found.raw


def test_a_moment_already_past_promises_nothing():
    assert promised("昨天给您回电") is None
    assert promised("3月1日给您退款") is None


def test_the_calendar_says_when_the_day_ends():
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = businesstime.calendar({"time_zone": "Asia/Shanghai", "weekly": week})
    assert promised("今天下班前给您回电", calendar) == ("call_back", "03-11 17:00")
