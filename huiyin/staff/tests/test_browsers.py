"""What a browser says of itself, read back in words; what says nothing known is called a browser."""

import pytest
from django.utils import translation

from huiyin.staff import browsers

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
_ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
READ = {
    _WINDOWS + "Chrome/126.0.0.0 Safari/537.36": ("Chrome on Windows", "Chrome（Windows）"),
    _WINDOWS + "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0": ("Edge on Windows", "Edge（Windows）"),
    _MAC + "Version/17.5 Safari/605.1.15": ("Safari on macOS", "Safari（macOS）"),
    _PHONE + "CriOS/126.0 Mobile/15E148 Safari/604.1": ("Chrome on iPhone", "Chrome（iPhone）"),
    _ANDROID + "Chrome/126.0.0.0 Mobile Safari/537.36": ("Chrome on Android", "Chrome（Android）"),
    _ANDROID + "Chrome/116.0 Mobile MicroMessenger/8.0.49": ("WeChat on Android", "微信（Android）"),
    _WINDOWS + "Chrome/108.0 Safari/537.36 wxwork/4.1.26 MicroMessenger/7.0.1": (
        "WeCom on Windows",
        "企业微信（Windows）",
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": (
        "Firefox on Linux",
        "Firefox（Linux）",
    ),
    "Mozilla/5.0 (X11; Linux x86_64) Nobody/1.0": ("a browser on Linux", "浏览器（Linux）"),
    "Firefox/127.0": ("Firefox", "Firefox"),
    "MicroMessenger/8.0": ("WeChat", "微信"),
    "curl/8.5.0": ("a browser", "浏览器"),
    "<script>": ("a browser", "浏览器"),
    "": ("a browser", "浏览器"),
}


@pytest.mark.parametrize("said", READ, ids=lambda said: READ[said][0])
def test_it_is_read_in_the_words_of_the_reader(said: str) -> None:
    with translation.override("en"):
        english = browsers.words(said)
    with translation.override("zh-hans"):
        chinese = browsers.words(said)
    assert (english, chinese) == READ[said]
