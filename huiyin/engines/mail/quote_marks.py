"""How mail programs announce quoted mail and sign off, in the languages our customers write."""

import re

# Every expression is anchored and runs over one line of at most LINE_READ characters.
LINE_READ = 400

_DAY = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d{2})"

# “在 2026年11月2日，上午9:00，某某 <a@example.com> 写道：” and its cousins; a digit or an address must be
# there, because people write “他在信里写道：” themselves.
ATTRIBUTION_ENDS = re.compile(
    r"(?:(?<!我)(?:写道|寫道|写到)|来信说|(?<!\bI\s)wrote|writes"
    r"|schrieb|a écrit|escribió|написал\(?а?\)?)\s*[:：]?\s*[-_]*\s*$"
    r"|(?:schrieb|a écrit)\s.{1,200}[:：]\s*$",
    re.IGNORECASE,
)
ATTRIBUTION_WORD = re.compile(
    r"写道|寫道|写到|来信说|wrote|writes|schrieb|écrit|escribió|написал", re.IGNORECASE
)
ATTRIBUTION_BEGINS = re.compile(
    r"[\s>*]*(?:在|于|At\b|On\b|Am\b|Le\b|El\b|\d{4}\s*[-/.年]|[\"'“]?[^\n<]{0,80}<[^<>\s]{1,120}@|\S{1,100}@\S{1,100}\s)",
    re.IGNORECASE,
)
ATTRIBUTION_HAS = re.compile(_DAY + r"|[^\s@<>]@[^\s@<>]|\b(?:19|20)\d\d\b")

# “-----原始邮件-----”, “------------------ 原始邮件 ------------------”, “-----Original Message-----”
SEPARATOR = re.compile(
    r"[\s|*]*[-_=－—*]{2,60}\s*(?:原始邮件|原邮件|原始郵件|回复的原邮件|回复的邮件|邮件原件|邮件原文|(?:原始|回复的|原)邮件信息|原始信件|原始信息|原文|引用原文"
    r"|Original\s+(?:Message|E-?mail|Appointment)|Original|Reply\s+Message|Replied\s+Message"
    r"|Ursprüngliche\s+Nachricht|Message\s+d'origine|Mensaje\s+original)\s*[-_=－—*]{2,60}[\s|*]*$",
    re.IGNORECASE,
)

# A forwarded mail is told to us for the first time, so it is kept.
FORWARD = re.compile(
    r"[\s|*]*(?:[-_=－—*]{2,60}\s*(?:转发的?邮件(?:信息|原文)?|转发邮件|轉寄的?郵件|轉寄郵件|Forwarded\s+(?:message|mail)(?:\s+by.{0,80})?"
    r"|Forwarded\s+by.{0,80}|Weitergeleitete\s+Nachricht|Message\s+transféré)\s*[-_=－—*]{2,60}"
    r"|Begin\s+forwarded\s+message\s*:|开始转发的邮件\s*[:：]|以下是转发的邮件\s*[:：])[\s|*]*$",
    re.IGNORECASE,
)

# Outlook, Foxmail, QQ and NetEase repeat the head of the quoted mail, in lines or in one line.
BLOCK_FROM = re.compile(
    r"[\s|*]*(?:发件人|寄件者|寄件人|發件人|From|Von|De)[\s|*]*[:：|]\s*\S", re.IGNORECASE
)
BLOCK_TIME = re.compile(
    r"(?:^|[\s|*;；])(?:发送时间|发送日期|发件时间|傳送日期|寄件日期|日期|时间|Sent|Date|Gesendet|Datum|Envoyé)[\s*]*[:：|]",
    re.IGNORECASE,
)
BLOCK_SUBJECT = re.compile(
    r"(?:^|[\s|*;；])(?:主题|主旨|主題|Subject|Betreff|Objet)[\s*]*[:：|]", re.IGNORECASE
)
BLOCK_FIELD = re.compile(
    r"[\s|*]*(?:发件人|寄件者|寄件人|發件人|发送时间|发送日期|发件时间|傳送日期|寄件日期|日期|时间|收件人|收件者|抄送|抄送人"
    r"|副本|主题|主旨|主題|From|Sent|Date|To|Cc|Subject|Importance|重要性|附件|Von|Gesendet|An|Betreff)[\s|*]*[:：|]",
    re.IGNORECASE,
)
# Whoever answers inside an unmarked quotation says so at the top; then nothing below is cut.
ANSWERS_BELOW = re.compile(
    r"(?:回复|答复|回答|意见|批注|答案|说明|内容)[^。\n]{0,6}(?:见|在)[^。\n]{0,4}(?:下文|下方|下面|下边|文中|原文|正文|邮件中)"
    r"|(?:见|在)(?:下文|下方|原文|正文|邮件)中?(?:红|蓝|标)|红字|蓝字|标红|红色(?:字体|部分|文字)"
    r"|\bin-?line\b|\b(?:answer|comment|repl(?:y|ie)|response)(?:e?s|ed)?\b"
    r"[^.\n]{0,20}\b(?:below|in (?:red|blue|bold))\b"
    r"|\bsee (?:my )?(?:answers?|comments?|replies) below\b",
    re.IGNORECASE,
)
RULE = re.compile(r"\s*[-_=－—]{5,200}\s*$")

QUOTED = re.compile(r"\s{0,3}(?:>|＞|&gt;)")
# “>100 元” is a comparison, not a quotation.
COMPARISON = re.compile(r"\s*>=?[\d¥￥$]")

SIGNATURE = re.compile(r"\s{0,3}--[ \u00a0]$|\s{0,3}--$|\s{0,3}—\s?$")
PHONE_SIGNATURE = re.compile(
    r"\s*(?:[-—*]{0,3}\s*)?(?:"
    r"(?:发自|來自|来自|傳自|传自|发送自|從|从)\s*(?:我的|我)?\s*.{0,30}?(?:iPhone|iPad|Android|安卓|手机|手機|设备|平板|HUAWEI|华为|荣耀|小米|Mi|"
    r"OPPO|vivo|三星|Samsung|网易邮箱大师|网易邮箱|QQ邮箱|Foxmail|Outlook|Windows|邮件|邮箱)(?:\s*(?:移动版|客户端|手机版|版邮件|发送|傳送|寄出|版|App))?"
    r"|Sent\s+from\s+(?:my\s+|Mail\s+for\s+|Yahoo\s+Mail|Outlook|Samsung|Windows|the\s+).{0,60}"
    r"|Sent\s+via\s+.{0,40}|Get\s+(?:Outlook|BlueMail)\s+for\s+.{0,60}|(?:获取|下载)\s*(?:适用于\s*.{0,20}\s*的\s*)?Outlook.{0,60}"
    r"|Von\s+meinem\s+.{0,30}\s+gesendet|Envoyé\s+(?:de|depuis)\s+mon\s+.{0,40}"
    r")\s*(?:\(https?://\S{1,200}\)|<https?://[^>\s]{1,200}>)?\s*[.。]?\s*$",
    re.IGNORECASE,
)
