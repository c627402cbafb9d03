"""Answers: what is newly written and what is quoted or signed, program by program."""

from huiyin.engines.tests.mail_corpus.build import Sample, html_mail, sample, text_mail

_OLD = "您好，请提供订单号。"
_QUOTED = "> 您好，\n> 请提供订单号。"
_BLOCK = "发件人： 客服 <help@example.org>\n发送时间： 2026年11月2日 9:00\n收件人： 张三\n主题： 订单"


def _answer(rule: str, text: str, new: str) -> Sample:
    return sample(rule, text_mail(text), new_text=new)


def _page(rule: str, markup: str, new: str) -> Sample:
    return sample(rule, html_mail(markup), new_text=new)


SAMPLES = (
    _answer("a first message is all new", "您好\n\n我的订单没到", "您好\n\n我的订单没到"),
    _answer(
        "Apple Mail in Chinese is cut",
        f"好的\n\n> 在 2026年11月2日，上午9:00，客服 <h@example.org> 写道：\n> \n{_QUOTED}",
        "好的",
    ),
    _answer(
        "an announcement before marked lines is cut",
        f"好的\n\n在 2026年11月2日，上午9:00，客服 <h@example.org> 写道：\n\n{_QUOTED}",
        "好的",
    ),
    _answer(
        "NetEase without marks is cut",
        f'好的\n\n在 2026-11-02 09:00:00，"客服" <h@example.org> 写道：\n\n{_OLD}',
        "好的",
    ),
    _answer(
        "NetEase in English is cut",
        f'ok\n\nAt 2026-11-02 09:00:00, "Help" <h@example.org> wrote:\n>{_OLD}',
        "ok",
    ),
    _answer(
        "Gmail in Chinese is cut",
        f"好的\n\n客服 <h@example.org> 于2026年11月2日周一 09:00写道：\n\n{_QUOTED}",
        "好的",
    ),
    _answer(
        "Gmail in English over two lines is cut",
        f"ok\n\nOn Mon, Nov 2, 2026 at 9:00 AM Help\n<help@example.org> wrote:\n\n{_QUOTED}",
        "ok",
    ),
    _answer(
        "German is cut", f"gut\n\nAm 02.11.2026 um 09:00 schrieb Help <h@example.org>:\n{_QUOTED}", "gut"
    ),
    _answer(
        "QQ is cut",
        f'好的\n\n\n------------------ 原始邮件 ------------------\n发件人: "客服" <h@example.org>;\n{_OLD}',
        "好的",
    ),
    _answer("a tight Chinese separator is cut", f"好的\n-----原始邮件-----\n{_OLD}", "好的"),
    _answer("NetEase on a phone is cut", f"好的\n---- 回复的原邮件 ----\n| 发件人 | 客服 |\n{_OLD}", "好的"),
    _answer(
        "a separator that names the mail's original is cut",
        f"好的\n----邮件原文----\n发件人：客服\n{_OLD}",
        "好的",
    ),
    _answer("Outlook's old separator is cut", f"ok\n\n-----Original Message-----\nFrom: Help\n{_OLD}", "ok"),
    _answer("Outlook in Chinese is cut", f"好的\n\n{_BLOCK}\n\n{_OLD}", "好的"),
    _answer(
        "Outlook in English with its line is cut",
        f"ok\n\n{'_' * 32}\nFrom: Help <h@example.org>\nSent: Monday\nTo: Z\nSubject: Order\n\n{_OLD}",
        "ok",
    ),
    _answer(
        "bold field names are cut",
        f"ok\n\n*From:* Help <h@example.org>\n*Sent:* Monday\n*Subject:* x\n\n{_OLD}",
        "ok",
    ),
    _answer(
        "field names in one line are cut",
        f"好的\n发件人: h@example.org 发送时间: 2026-11-02 收件人: z 主题: 订单\n{_OLD}",
        "好的",
    ),
    _answer(
        "a table of field names is cut",
        f"好的\n\n| 发件人 | 客服<h@example.org> |\n| 日期 | 2026年11月2日 |\n| 主题 | 订单 |\n\n{_OLD}",
        "好的",
    ),
    _answer(
        "answers between marked lines stay",
        "> 订单号？\nA1001\n> 电话？\n138-0000-0000",
        "A1001\n\n138-0000-0000",
    ),
    _answer("answers below marked lines stay", f"On 2 Nov 2026, Help wrote:\n{_QUOTED}\n\nA1001", "A1001"),
    _answer(
        "answers above, between and below stay together",
        f"如下\n\nOn 2 Nov 2026, Help wrote:\n{_QUOTED}\n\n一\n\n> 电话？\n\n二",
        "如下\n\n一\n\n二",
    ),
    _answer(
        "an answer below an unmarked quotation stays",
        f"-----Original Message-----\nFrom: Help\nSubject: x\n\n{_OLD}\n\nA1001",
        f"{_OLD}\n\nA1001",
    ),
    _answer(
        "answers inside an unmarked quotation stay when the top points to them",
        f"回复见下方红字\n\n{_BLOCK}\n\n{_OLD}\n[张三] A1001",
        f"回复见下方红字\n\n{_OLD}\n[张三] A1001",
    ),
    _answer(
        "a person may quote themselves",
        "Hello\nOn 2 November 2026 I wrote:\nplease refund",
        "Hello\nOn 2 November 2026 I wrote:\nplease refund",
    ),
    _answer(
        "a signature above an answer does not swallow the answer",
        f"如下\n-- \n张三\n\nOn 2 Nov 2026, Help wrote:\n{_QUOTED}\nA1001",
        "如下\n\nA1001",
    ),
    _answer("nothing but marked lines is nothing new", _QUOTED, ""),
    _answer("a comparison is no quotation", "价格\n>100元的有吗", "价格\n>100元的有吗"),
    _answer("a person may write that somebody wrote", "他在信里写道：\n我不同意", "他在信里写道：\n我不同意"),
    _answer(
        "a parcel's sender and receiver are no quotation",
        "发件人：张三\n收件人：李四\n地址：某市某路1号",
        "发件人：张三\n收件人：李四\n地址：某市某路1号",
    ),
    _answer(
        "a trip from and to is no quotation",
        "From: Beijing\nTo: Shanghai\nDate: 3 Nov\nTwo parcels",
        "From: Beijing\nTo: Shanghai\nDate: 3 Nov\nTwo parcels",
    ),
    _answer(
        "forwarded mail is new to us",
        "请看\n\n---------- Forwarded message ---------\nFrom: a\n\n内容",
        "请看\n\n---------- Forwarded message ---------\nFrom: a\n\n内容",
    ),
    _answer(
        "Chinese forwarded mail is new to us",
        "请看\n-------- 转发邮件信息 --------\n发件人：a\n内容",
        "请看\n-------- 转发邮件信息 --------\n发件人：a\n内容",
    ),
    sample(
        "a subject that forwards keeps what is passed on",
        text_mail(f"请看\n\n{_BLOCK}\n\n内容", head="Subject: Fw: order"),
        new_text=f"请看\n\n{_BLOCK}\n\n内容",
    ),
    _answer("a signature behind two dashes is cut", "ok\n-- \nAnna Example\n+49 000", "ok"),
    _answer("dashes without their space end the text too", "ok\n--\nAnna", "ok"),
    _answer("a message that is only a signature stays", "--\n张三", "--\n张三"),
    _answer("a list with dashes is no signature", "需要：\n- 发票\n- 合同", "需要：\n- 发票\n- 合同"),
    _answer(
        "two dashes far above the end are no signature", "a\n--\n" + "b\n" * 30, "a\n--\n" + "b\n" * 29 + "b"
    ),
    _answer("发自我的iPhone is cut", "好的\n\n发自我的iPhone", "好的"),
    _answer("发自我的 iPhone before a quotation is cut", f"好的\n发自我的 iPhone\n\n{_QUOTED}", "好的"),
    _answer("来自华为手机 is cut", "好的\n\n发自我的华为手机", "好的"),
    _answer("发自网易邮箱大师 is cut", "好的\n发自网易邮箱大师", "好的"),
    _answer("Sent from my iPhone is cut", "ok\n\nSent from my iPhone", "ok"),
    _answer("Get Outlook for Android is cut", "ok\n\nGet Outlook for Android<https://example.com/x>", "ok"),
    _answer("only a phone's signature is nothing new", "发自我的iPhone", ""),
    _answer(
        "a sentence about a phone is no signature",
        "发自我的iPhone的邮件你们收不到，怎么办？",
        "发自我的iPhone的邮件你们收不到，怎么办？",
    ),
    _page(
        "Gmail's markup is cut",
        '<div>好的</div><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 9:00 AM Help '
        f'&lt;<a href="mailto:h@example.org">h@example.org</a>&gt; wrote:<br></div>'
        f'<blockquote class="gmail_quote">{_OLD}'
        "</blockquote></div>",
        "好的",
    ),
    _page(
        "QQ's markup is cut",
        "<div>好的</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>"
        "<div style='background:#efefef'>"
        f"<div><b>发件人:</b> 客服</div><div><b>发送时间:</b> 2026年</div></div><div>{_OLD}</div>",
        "好的",
    ),
    _page(
        "NetEase's markup is cut",
        f'<div>好的</div><br/>At 2026-11-02 09:00:00, "Help" &lt;h@example.org&gt; wrote:<br/>'
        f'<blockquote id="isReplyContent">{_OLD}</blockquote>',
        "好的",
    ),
    _page(
        "Outlook's markup is cut",
        "<p>好的</p><div style='border-top:solid'><p><b>发件人:</b> 客服 &lt;h@example.org&gt;<br>"
        f"<b>发送时间:</b> 2026年11月2日<br><b>收件人:</b> 张三<br><b>主题:</b> 订单</p></div><p>{_OLD}</p>",
        "好的",
    ),
    _page(
        "Foxmail's markup is cut",
        "<div>好的</div><hr><blockquote style='margin-left:0.5em'><div><b>发件人：</b> h@example.org</div>"
        f"<div><b>发送时间：</b> 2026-11-02</div><div><b>主题：</b> 订单</div><div>{_OLD}</div></blockquote>",
        "好的",
    ),
    _page(
        "Apple Mail's markup is cut",
        '<div>好的</div><div><blockquote type="cite">'
        "<div>在 2026年11月2日，上午9:00，客服 &lt;h@example.org&gt; 写道：</div>"
        f"</blockquote></div><blockquote type='cite'>{_OLD}</blockquote>",
        "好的",
    ),
    _page(
        "answers between quoting blocks stay",
        "<blockquote type=cite>订单号？</blockquote><p>A1001</p>"
        "<blockquote type=cite>电话？</blockquote><p>无</p>",
        "A1001\n\n无",
    ),
)
