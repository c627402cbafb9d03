"""Names of character sets as mail programs write them, and the codec that really reads each."""

import re

# Microsoft's and Chinese programs say gb2312 for anything up to gb18030, so the widest member of
# each family reads them all. Only codecs named here are ever used: `punycode` and its like are
# known to Python too, but slow on purpose-made input.
_FAMILIES: dict[str, str] = {
    "utf-8": "utf8 utf-8mb4 utf-8-sig utf unicode-1-1-utf-8 x-unicode-2-0-utf-8 cp65001",
    "utf-16": "utf16 ucs-2 ucs2 unicode iso-10646-ucs-2",
    "utf-16-le": "utf-16le utf16le unicodelittle",
    "utf-16-be": "utf-16be utf16be unicodebig",
    "utf-32": "utf32",
    "utf-7": "utf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7",
    "gb18030": "gb18030-2000 gb2312 gb-2312 gb2312-80 gb-2312-80 gbk x-gbk cp936 ms936 936 windows-936 "
    "chinese chinesegb euc-cn euccn csgb2312 iso-ir-58 x-euc-cn gb hz-gbk gbk2312 eucgb2312-cn euc-gb2312-cn",
    "hz": "hz-gb-2312 hzgb",
    "big5hkscs": "big5 big-5 big5-hkscs cp950 ms950 950 csbig5 x-x-big5 x-big5 big5-tw eucbig5",
    "cp932": "shift-jis shiftjis sjis x-sjis ms-kanji windows-31j csshiftjis ms932",
    "euc-jp": "eucjp x-euc-jp euc-jp-ms",
    "iso2022_jp_ext": "iso-2022-jp csiso2022jp iso-2022-jp-2 iso-2022-jp-ms cp50220 cp50221",
    "cp949": "ks-c-5601-1987 ks-c-5601 ksc5601 ksc-5601 euc-kr euckr ms949 windows-949 cseuckr uhc",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    # Programs that claim ASCII or Latin-1 mean the Windows table whenever an eighth bit is set.
    "cp1252": "us-ascii ascii ansi-x3.4-1968 iso646-us iso-8859-1 iso8859-1 latin1 latin-1 windows-1252 "
    "l1 iso-ir-100 x-ansi",
    "koi8-r": "koi8 cskoi8r",
    "koi8-u": "koi8u",
    "cp874": "tis-620 tis620 windows-874 iso-8859-11",
    "cp437": "ibm437",
    "cp850": "ibm850",
    "cp852": "ibm852",
    "cp866": "ibm866",
    "mac-roman": "macintosh x-mac-roman",
}
_CODECS = {name: codec for codec, names in _FAMILIES.items() for name in (codec, *names.split())}
_CODECS |= {f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_CODECS |= {f"iso-8859-{n}-{kind}": f"iso8859-{n}" for n in (6, 8) for kind in "ei"}
_CODECS |= {f"cp125{n}": f"cp125{n}" for n in range(9)} | {"iso-8859-9": "cp1254"}
_CODECS |= {f"windows-125{n}": f"cp125{n}" for n in range(9)}

_SEPARATORS = re.compile(r"[\s_]+")
_AROUND = " \t\"'<>;,:"


def codec_for(name: str | None) -> str | None:
    """Return the Python codec for a declared character set, None when it is not one we read."""
    if not name or len(name) > 60:
        return None
    plain = _SEPARATORS.sub("-", name.strip(_AROUND).lower())
    return _CODECS.get(plain) or _CODECS.get(plain.removeprefix("x-")) or _CODECS.get(plain.replace("-", ""))
