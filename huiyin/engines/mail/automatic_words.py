"""Subjects, senders and sentences by which automatic mail is known when its headers do not say so."""

import re

DAEMONS = re.compile(
    r"(?i)(?:mailer-?daemon|mail-?daemon|postmaster|microsoftexchange[0-9a-f]{32}|mdaemon|bounces?)@"
)
MACHINES = re.compile(
    r"(?i)(?:mail|e-?mail|system|sys|admin(?:istrator)?|no-?reply|donotreply|notif\w*|daemon|server|service|robot)[\w.+-]{0,20}@"
)
CERTAIN_DAEMONS = re.compile(r"(?i)(?:mailer-?daemon|mail-?daemon|microsoftexchange[0-9a-f]{32})@")

BOUNCE_SUBJECT = re.compile(
    r"(?i)\s*(?:undelivered mail returned|undeliverable\b|undelivered\b|undeliver"
    r"|delivery status notification"
    r"|delivery (?:has )?(?:failed|failure|delayed)|delivery notification"
    r"|mail delivery (?:failed|failure|system)"
    r"|failure notice|returned mail|mail system error|message (?:delayed|undeliverable)|non[- ]?deliver"
    r"|(?:\[?系统)?退信|系统退信|来自\S{1,40}的退信|邮件(?:被)?退回|退回的?邮件|邮件(?:投递|发送)失败|投递失败|未送达|无法送达|无法传递"
    r"|无法投递|未传递|无法寄达|郵件無法|傳遞失敗|邮件系统退信|送达失败|unzustellbar|non remis)"
)
BOUNCE_BODY = re.compile(
    r"(?i)this (?:message|is) (?:was created automatically by mail delivery"
    r"|the mail (?:system|delivery) (?:at host|agent))"
    r"|could not be delivered to (?:one or more|the following)|wasn't delivered to"
    r"|following (?:address|recipient)\S* (?:failed|had permanent)"
    r"|I'm afraid I wasn't able to deliver|permanent fatal errors|delivery to the following recipient"
    r"|无法(?:发送|送达|投递)到(?:以下|下列|收件人)?|退信原因|抱歉，?您的邮件被退回|您的邮件.{0,20}(?:被退回|投递失败)|未能送达|无法送达以下"
)
BOUNCE_STATUS = re.compile(
    r"(?m)\b5\d\d[ -]5\.\d{1,3}\.\d{1,3}\b|^Status:\s*[45]\.\d|\b5\.[1-7]\.\d{1,3}\b|\b550[ -]"
)

REPLY_SUBJECT = re.compile(
    r"(?i)\s*[【\[(（]?\s*(?:(?:自动(?:回复|答复|应答)|自動(?:回覆|回復|答覆)|外出时的自动回复|假期自动回复|休假自动回复|不在办公室)\s*(?:[】\])）]|[:：]|$)"
    r"|(?:auto(?:matic)?[- ]?(?:reply|response|responder|respond)|out of (?:the )?office(?: auto-?reply)?"
    r"|ooo|vacation(?: reply)?"
    r"|away from (?:the )?office|abwesenheitsnotiz|automatische antwort"
    r"|réponse automatique|respuesta automática)\s*(?:[】\])）]|[:：]|$))"
)
# A customer may well write “这是自动回复吧？”, so the message must speak of itself as a message.
SELF_DECLARED = re.compile(
    r"(?i)(?:本|此|这封|以上|该)(?:邮件|信|邮件内容)(?:为|是|由|系).{0,12}(?:自动(?:回复|发送|发出|生成|答复)|系统(?:发送|发出|生成))"
    r"|这是一?封.{0,8}自动(?:回复|发送|发出|生成|答复)的?(?:邮件|信)|自动(?:回复|发送|发出|生成).{0,10}请(?:勿|不要)(?:直接)?回复"
    r"|[（(【\[]\s*(?:系统)?自动(?:回复|答复)\s*[）)】\]]\s*(?:$|\n)|(?:^|\n)\s*[（(【\[]\s*(?:系统)?自动(?:回复|答复)\s*[）)】\]]"
    r"|(?:此|本)郵件.{0,8}自動(?:回覆|發送|產生)"
    r"|(?:^|\n)\W{0,5}this is an? (?:auto(?:matic(?:ally)?|mated)?)[ -]+"
    r"(?:generated )?(?:reply|response|message|e-?mail|notification)"
    r"|(?:^|\n)\W{0,5}this (?:e-?mail|message) (?:was|is|has been) "
    r"(?:sent |generated |created )?automatically\b"
)
AWAY = re.compile(
    r"(?i)(?:我|本人)(?:现在|目前|正在|现|正|近期|今天|将|已)?.{0,14}?(?:休假|度假|年假|产假|休息中|不在办公室|外出|出差)"
    r"|\bI(?:'m| am| will be) (?:currently |presently )?(?:out of (?:the )?office"
    r"|on (?:annual |parental |sick |maternity )?leave"
    r"|on (?:vacation|holiday)|away (?:from|until))"
)
WILL_ANSWER = re.compile(
    r"(?i)(?:回来|返回|回到|上班|之后|后|尽快|届时|及时)[^。\n]{0,14}(?:回复|答复|处理|联系)|(?:如有|若有)?(?:急事|紧急)[^。\n]{0,10}(?:请|可|联系|拨打)"
    r"|(?:will|shall) (?:respond|reply|answer|get back|return|be back)"
    r"|limited access to (?:my )?e-?mail|urgent|in my absence|back (?:on|in the office)"
)
RECEIVED_THANKS = re.compile(
    r"(?:您|你)?(?:的)?(?:来信|信件|邮件|来函)(?:我)?(?:已经?)?(?:收到|收悉).{0,20}(?:尽快|及时|稍后|会|将).{0,8}(?:回复|答复|处理|联系)"
    r"|^[^\n]{0,12}(?:您|你)发给我的(?:信件|邮件)已经?收到"
)
REPLY = re.compile(r"(?i)\s*(?:re|aw|antw|sv|回复|答复|回覆)\s*[:：]")
SHORT_NOTE = 400
