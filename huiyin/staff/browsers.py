"""What a browser says of itself, in words that its owner recognises; what is not known is not guessed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The first that is found: most also name the browsers that they descend from.
_BROWSERS = (
    ("wxwork/", gettext_noop("WeCom")),
    ("MicroMessenger/", gettext_noop("WeChat")),
    ("QQBrowser/", "QQ Browser"),
    ("UCBrowser/", "UC Browser"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def words(said: str) -> str:
    """Return browser and system for the reader, from the User-Agent header; “a browser” for what is unknown."""
    browser = next((name for sign, name in _BROWSERS if sign in said), None)
    system = next((name for sign, name in _SYSTEMS if sign in said), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": _(browser), "system": system}
    if system:
        return _("a browser on %(system)s") % {"system": system}
    return _(browser) if browser else _("a browser")
