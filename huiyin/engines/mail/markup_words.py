"""Which elements of markup break lines, hide their content or quote somebody."""

import re

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
    }
    | {
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
    }
    | {"main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "pre"})
DROPPED = frozenset(
    {"head", "script", "style", "title", "template", "svg", "math", "object", "noframes", "noembed", "iframe"}
    | {"select", "textarea", "xmp", "audio", "video"}
)
VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
SELF_CLOSING = frozenset({"p", "li", "td", "th", "tr", "option", "dt", "dd"})

HIDING = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|(?<!-)max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
)
QUOTING = re.compile(r"(?i)quote|isreplycontent|moz-cite|yahoo_quoted")
LINK = re.compile(r"(?i)\s*(https?://|mailto:|tel:)")
BARE_LINK = re.compile(r"(?i)^(?:mailto:|tel:|https?://)|/$")
SPACES = re.compile(r"[ \t\n\r\f\u00a0\u2002\u2003\u2009]+")
DEEPEST_QUOTE = 8
