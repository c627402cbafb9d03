"""Mail that no person wrote, with and without the headers that say so, and people who only look alike."""

from huiyin.engines.tests.mail_corpus.build import Sample, mail, mail_of, part, sample, text_mail

_STATUS = "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; a@example.com\nStatus: 5.1.1"


def _header(rule: str, head: str, code: str | None) -> Sample:
    return sample(rule, text_mail("您好", head=head), automatic=code)


def _note(rule: str, subject: str, text: str, code: str | None, *, head: str = "") -> Sample:
    lines = f"{head}\nSubject: {subject}" if head else f"Subject: {subject}"
    return sample(rule, text_mail(text, head=lines), automatic=code)


def _from(rule: str, sender: str, subject: str, text: str, code: str | None) -> Sample:
    head = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8"
    return sample(rule, mail(text, head=head, sender=sender), automatic=code)


_ANSWERED = "In-Reply-To: <ours@example.org>"

SAMPLES = (
    _header("a person's mail is not automatic", "Subject: 你好", None),
    _header("Auto-Submitted: no is a person", "Auto-Submitted: no", None),
    _header("an automatic answer says so", "Auto-Submitted: auto-replied (vacation)", "auto_replied"),
    _header("a machine's message says so", "Auto-Submitted: auto-generated", "auto_generated"),
    _header("a notification says so", "Auto-Submitted: auto-notified; owner-email=x", "auto_generated"),
    _header("X-Autoreply: yes is an automatic answer", "X-Autoreply: yes", "auto_replied"),
    _header("X-Autoreply: no is a person", "X-Autoreply: no", None),
    _header("X-Autorespond is an automatic answer", "X-Autorespond: holiday", "auto_replied"),
    _header(
        "a request to suppress answers is a machine",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "auto_generated",
    ),
    _header("a request to suppress receipts is a person", "X-Auto-Response-Suppress: DR, RN, NRN", None),
    _header(
        "Exchange's mailbox rules are no person",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "auto_replied",
    ),
    _header("bulk mail says so", "Precedence: bulk", "bulk"),
    _header("junk mail says so", "Precedence: junk", "bulk"),
    _header("an old automatic answer says so", "Precedence: auto_reply", "auto_replied"),
    _header("a mailing list says so", "List-Id: <news.example.com>", "mailing_list"),
    _header("a newsletter can be unsubscribed", "List-Unsubscribe: <mailto:u@example.com>", "mailing_list"),
    _header("a list's precedence says so", "Precedence: list", "mailing_list"),
    _header("ordinary precedence is a person", "Precedence: normal", None),
    _header("a null sender is no person", "Return-Path: <>", "null_sender"),
    _header("an ordinary return path is a person", "Return-Path: <zhang@example.com>", None),
    _header("our own Message-ID coming back is a loop", "Subject: x\nX-Loop: cases.example.net", "own_loop"),
    sample(
        "a message that carries our Message-ID is a loop",
        text_mail("x").replace(b"<m1@example.com>", b"<c1.2@cases.example.net>"),
        automatic="own_loop",
    ),
    sample(
        "an answer to our message is no loop",
        text_mail("x", head="In-Reply-To: <c1.2@cases.example.net>"),
        automatic=None,
    ),
    sample(
        "a delivery report is a bounce",
        mail_of(
            part("failed"),
            part(_STATUS, "Content-Type: message/delivery-status"),
            kind="report",
            extra="; report-type=delivery-status",
        ),
        automatic="bounce",
    ),
    sample(
        "a delivery report inside any envelope is a bounce",
        mail_of(part("failed"), part(_STATUS, "Content-Type: message/delivery-status")),
        automatic="bounce",
    ),
    sample(
        "a read receipt is known",
        mail_of(
            part("read"),
            part("Disposition: x", "Content-Type: message/disposition-notification"),
            kind="report",
            extra="; report-type=disposition-notification",
        ),
        automatic="read_receipt",
    ),
    sample(
        "an abuse report is known",
        mail_of(
            part("spam"),
            part("Feedback-Type: abuse", "Content-Type: message/feedback-report"),
            kind="report",
            extra="; report-type=feedback-report",
        ),
        automatic="feedback_report",
    ),
    _from(
        "Postfix bounces are known",
        "MAILER-DAEMON@mx.example.com (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.example.com.",
        "bounce",
    ),
    _from(
        "qmail bounces are known",
        "MAILER-DAEMON@example.com",
        "failure notice",
        "Hi. I'm afraid I wasn't able to deliver your message",
        "bounce",
    ),
    _from(
        "Exim bounces are known",
        "Mail Delivery System <Mailer-Daemon@mx.example.com>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.",
        "bounce",
    ),
    _from(
        "Gmail bounces are known",
        "Mail Delivery Subsystem <mailer-daemon@mail.example.com>",
        "Delivery Status Notification (Failure)",
        "Your message wasn't delivered to a@example.com",
        "bounce",
    ),
    _from(
        "QQ bounces are known", "PostMaster@qq.example", "系统退信", "抱歉，您的邮件被退回来了……", "bounce"
    ),
    _from(
        "NetEase bounces are known",
        "Postmaster@163.example",
        "系统退信",
        "退信原因：550 User not found",
        "bounce",
    ),
    _from(
        "Exchange bounces are known",
        "postmaster@corp.example",
        "Undeliverable: order",
        "Your message couldn't be delivered. Remote Server returned '550 5.1.10'",
        "bounce",
    ),
    _from(
        "Exchange bounces in Chinese are known",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example",
        "未送达: 订单",
        "无法送达以下收件人",
        "bounce",
    ),
    _from(
        "a relay's bounce from an ordinary machine is known",
        "noreply@mail.example",
        "邮件发送失败",
        "您的邮件投递失败，退信原因见下",
        "bounce",
    ),
    _header("a list of failed recipients is a bounce", "X-Failed-Recipients: a@example.com", "bounce"),
    _note(
        "a customer who asks about a bounce is a person",
        "退信怎么办",
        "我给你们发邮件失败，提示550 5.1.1",
        None,
    ),
    _from(
        "a postmaster who writes himself is a person",
        "postmaster@corp.example",
        "DNS 设置",
        "请问 MX 怎么填？",
        None,
    ),
    _note("an automatic subject in Chinese is a note", "自动回复: 订单", "您好，邮件已收到。", "vacation"),
    _note("an automatic subject in brackets is a note", "【自动回复】订单", "收到", "vacation"),
    _note("an automatic subject in English is a note", "Automatic reply: order", "away", "vacation"),
    _note("out of office is a note", "Out of Office: order", "away", "vacation"),
    _note("a customer asks about automatic answers", "自动回复功能坏了", "怎么设置？", None),
    _note("an answer to an automatic answer is a person", "Re: 自动回复: 订单", "谢谢，我的单号是A1", None),
    _note(
        "a note that calls itself automatic is one",
        "Re: 订单",
        "本邮件为系统自动回复，请勿回复。",
        "auto_replied",
    ),
    _note(
        "a note that ends with its mark is one", "Re: 订单", "邮件已收到，谢谢！（自动回复）", "auto_replied"
    ),
    _note(
        "a note that calls itself automatic in English is one",
        "Re: order",
        "This is an automated response. We got your mail.",
        "auto_replied",
    ),
    _note(
        "a customer who suspects a machine is a person", "Re: 订单", "这是自动回复吧？我要找人工客服。", None
    ),
    _note(
        "an absence without headers is a note",
        "Re: 订单",
        "您好，我正在休假，11月9日返回后尽快回复您。",
        "vacation",
        head=_ANSWERED,
    ),
    _note(
        "an English absence without headers is a note",
        "Re: order",
        "I am currently out of the office with limited access to email.",
        "vacation",
        head=_ANSWERED,
    ),
    _note(
        "QQ's usual note is known",
        "Re: 订单",
        "您好，您的来信已收到，我会尽快回复您。",
        "vacation",
        head=_ANSWERED,
    ),
    _note("a first message about a holiday is a person", "改期", "我正在休假，回来后请尽快联系我", None),
    _note(
        "an answer about a holiday that asks for something is a person",
        "Re: 送货",
        "我下周出差，请改到周五送货，谢谢。",
        None,
        head=_ANSWERED,
    ),
)
