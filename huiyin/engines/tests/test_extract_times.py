"""Moments named in a text mean one latest instant, relative to when and where it was written."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.engines import businesstime, extract

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)
OFFICE = businesstime.calendar(
    {
        "time_zone": "Asia/Shanghai",
        "weekly": {
            day: [["09:00", "12:00"], ["13:30", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")
        },
        "closed": ["2026-03-13"],
    }
)


def moments(text: str, *, at: datetime = WEDNESDAY, calendar=None, zone=ZONE) -> list[tuple[str, str]]:
    """The sense and the local due time of each moment, as MM-DD HH:MM."""
    found = extract.extract(text, at=at, zone=zone, calendar=calendar).times
    return [(time.sense, f"{time.due.astimezone(zone):%m-%d %H:%M}") for time in found]


@pytest.mark.parametrize(
    ("text", "sense", "due"),
    [
        ("2小时内", "within", "03-11 12:30"),
        ("两个小时之内", "within", "03-11 12:30"),
        ("半小时内", "within", "03-11 11:00"),
        ("一个半小时内", "within", "03-11 12:00"),
        ("一刻钟内", "within", "03-11 10:45"),
        ("24小时内", "within", "03-12 10:30"),
        ("48h内", "within", "03-13 10:30"),
        ("三天内", "within", "03-14 18:00"),
        ("两三天内", "within", "03-14 18:00"),
        ("1-2个工作日内", "within", "03-13 18:00"),
        ("3个工作日内", "within", "03-16 18:00"),
        ("两周内", "within", "03-25 18:00"),
        ("一个月内", "within", "04-11 18:00"),
        ("10分钟后", "after", "03-11 10:40"),
        ("三天前", "ago", "03-08 18:00"),
        ("within two hours", "within", "03-11 12:30"),
        ("within 2 business days", "within", "03-13 18:00"),
        ("in half an hour", "after", "03-11 11:00"),
        ("within the next 1-2 hours", "within", "03-11 12:30"),
        ("2 weeks ago", "ago", "02-25 18:00"),
    ],
)
def test_a_length_of_time_leads_to_a_moment(text, sense, due):
    assert moments(text) == [(sense, due)]


@pytest.mark.parametrize(
    ("text", "sense", "due"),
    [
        ("今天", "on", "03-11 18:00"),
        ("明天下午3点前", "by", "03-12 15:00"),
        ("明天下午", "on", "03-12 18:00"),
        ("后天上午", "on", "03-13 12:00"),
        ("明早", "on", "03-12 10:00"),
        ("今晚8点", "on", "03-11 20:00"),
        ("今晚12点", "on", "03-12 00:00"),
        ("昨天晚上", "on", "03-10 22:00"),
        ("本周五下班前", "by", "03-13 18:00"),
        ("周三", "on", "03-11 18:00"),
        ("周一", "on", "03-16 18:00"),
        ("本周一", "on", "03-09 18:00"),
        ("下周一上午", "on", "03-16 12:00"),
        ("上周五", "on", "03-06 18:00"),
        ("本周内", "by", "03-13 18:00"),
        ("下周", "on", "03-20 18:00"),
        ("月底前", "by", "03-31 18:00"),
        ("20号前", "by", "03-20 18:00"),
        ("5号前", "by", "04-05 18:00"),
        ("下个月1号", "on", "04-01 18:00"),
        ("4月2日", "on", "04-02 18:00"),
        ("四月二日", "on", "04-02 18:00"),
        ("2026-03-20 14:30", "on", "03-20 14:30"),
        ("2026/3/20", "on", "03-20 18:00"),
        ("3点前", "by", "03-11 15:00"),
        ("9点前", "by", "03-11 21:00"),
        ("上午9点前", "by", "03-12 09:00"),
        ("15:00前", "by", "03-11 15:00"),
        ("三点半", "on", "03-11 15:30"),
        ("下班前", "by", "03-11 18:00"),
        ("中午前", "by", "03-11 13:00"),
        ("明天上午10点到11点", "on", "03-12 11:00"),
        ("by 5 pm tomorrow", "by", "03-12 17:00"),
        ("by Friday", "by", "03-13 18:00"),
        ("before Friday", "by", "03-12 18:00"),
        ("tomorrow at 8:15 am", "on", "03-12 08:15"),
        ("next Monday at 9:30 am", "on", "03-16 09:30"),
        ("tonight", "on", "03-11 22:00"),
        ("by the end of the day", "by", "03-11 18:00"),
        ("by the end of this month", "by", "03-31 18:00"),
        ("March 20th", "on", "03-20 18:00"),
        ("20 March 2026", "on", "03-20 18:00"),
        ("by noon tomorrow", "by", "03-12 12:00"),
    ],
)
def test_words_for_a_day_and_an_hour_mean_one_moment(text, sense, due):
    assert moments(text) == [(sense, due)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("下班前", "03-11 17:30"),
        ("明天", "03-12 17:30"),
        ("周五下班前", "03-13 18:00"),
        ("2个工作日内", "03-16 17:30"),
        ("本周内", "03-12 17:30"),
        ("下周五下班前", "03-20 17:30"),
    ],
)
def test_with_a_calendar_days_end_with_its_last_period_and_closed_days_at_six(text, due):
    assert [found for _, found in moments(text, calendar=OFFICE)] == [due]


def test_after_hours_the_close_is_that_of_the_next_working_day():
    evening = datetime(2026, 3, 12, 20, 0, tzinfo=ZONE)
    assert moments("下班前", at=evening, calendar=OFFICE) == [("by", "03-16 17:30")]
    assert moments("今天内", at=evening, calendar=OFFICE) == [("by", "03-13 00:00")]


def test_where_nobody_ever_closes_a_day_ends_at_local_midnight():
    assert moments("今天", calendar=businesstime.ALWAYS) == [("on", "03-12 00:00")]
    assert moments("下班前", calendar=businesstime.ALWAYS) == [("by", "03-12 00:00")]


@pytest.mark.parametrize("calendar", [None, OFFICE, businesstime.ALWAYS])
def test_years_out_of_all_reason_break_nothing(calendar):
    text = "9999-12-31，0001-01-01，1850年1月1日，9000天后，2000年内"
    assert all(due <= "12-31 18:00" for _, due in moments(text, calendar=calendar))


def test_a_date_without_a_year_is_the_nearest_one():
    december = datetime(2026, 12, 28, 9, 0, tzinfo=ZONE)
    (found,) = extract.extract("1月5日", at=december, zone=ZONE).times
    assert found.value == "2027-01-05T18:00+08:00"


def test_today_is_the_day_in_the_zone_of_the_organisation():
    late = datetime(2026, 3, 11, 17, 0, tzinfo=ZoneInfo("UTC"))
    assert moments("今天", at=late) == [("on", "03-12 18:00")]


def test_a_year_whose_holidays_are_unknown_still_gives_a_moment():
    known = businesstime.holiday_table([], {2026: "official"})
    definition = {"time_zone": "Asia/Shanghai", "weekly": {"mon": [["09:00", "17:00"]]}, "holidays": "CN"}
    calendar = businesstime.calendar(definition, holidays=known)
    assert moments("2027年1月4日", calendar=calendar) == [("on", "01-04 18:00")]


@pytest.mark.parametrize(
    "text",
    [
        "用了3天", "24小时客服", "三点建议", "有一点", "第3点", "一周一次", "每周五", "2.5点", "16:9", "比例10:30",
        "3号楼", "5号电池", "3号前台", "2月30日", "13月1日", "99:99", "every Friday", "I waited 2 days", "may 5 times",
        "最晚", "早点", "下午好", "3室内",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_moment_is_none(text):
    assert moments(text) == []
