"""Pages of markup and the text a person sees in them."""

from huiyin.engines.tests.mail_corpus.build import Sample, html_mail, sample


def _page(rule: str, markup: str, text: str) -> Sample:
    return sample(rule, html_mail(markup), text=text)


SAMPLES = (
    _page("paragraphs stand apart", "<p>a</p><p>b</p>", "a\n\nb"),
    _page("lines stand below each other", "a<br>b<div>c</div>", "a\nb\nc"),
    _page("white space in the source is one space", "<p>a\r\n   b\t c</p>", "a b c"),
    _page("entities are characters", "&lt;&nbsp;&amp;&#20320;&eacute;", "< &你é"),
    _page(
        "lists have marks",
        "<ul><li>a</li><li>b</li></ul><ol start=3><li>c<li>d</ol>",
        "- a\n- b\n\n3. c\n4. d",
    ),
    _page("lists inside lists are moved in", "<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
    _page("a paragraph inside an item stays on its line", "<ul><li><p>a</p></li></ul>", "- a"),
    _page(
        "cells stand beside each other",
        "<table><tr><td>订单</td><td>1234</td></tr><tr><th>a<th>b</table>",
        "订单 | 1234\na | b",
    ),
    _page(
        "paragraphs inside cells stay in their row",
        "<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>",
        "a | b",
    ),
    _page(
        "cells of several lines stand below each other",
        "<table><tr><td>a<br>b</td><td>c</td></tr></table>",
        "a\nb\nc",
    ),
    _page("empty cells leave nothing", "<table><tr><td></td><td>a</td><td> </td></tr></table>", "a"),
    _page(
        "a link keeps its address", '<a href="https://example.com/x">这里</a>', "这里 (https://example.com/x)"
    ),
    _page(
        "a link that shows its address is told once",
        '<a href="https://example.com/">example.com</a>',
        "example.com",
    ),
    _page(
        "a mail link that shows its address is told once",
        '<a href="mailto:a@example.com">a@example.com</a>',
        "a@example.com",
    ),
    _page("a link that runs code is only its words", '<a href="javascript:alert(1)">click</a>', "click"),
    _page("scripts and styles are dropped", "<style>p{}</style>a<script>var b='<p>c</p>';</script>d", "ad"),
    _page("the head of the page is dropped", "<head><title>t</title><meta name=x></head><body>a</body>", "a"),
    _page("comments are dropped", "a<!-- <p>b</p> -->c<!--[if mso]>d<![endif]-->e", "ace"),
    _page("hidden elements are dropped", '<div style="display: none">a<div>b</div></div>c', "c"),
    _page("a hidden preview line is dropped", '<span style="font-size:0;max-height:0">a</span>b', "b"),
    _page("elements with the hidden attribute are dropped", "<p hidden>a</p><p>b</p>", "b"),
    _page("an unclosed hidden paragraph ends at the next", '<p style="display:none">a<p>b', "b"),
    _page("a page that hides everything is shown after all", '<div style="display:none">a</div>', "a"),
    _page("a picture is told by its description", '<img alt="快递单" src="x"><img src="y">', "[快递单]"),
    _page("prepared text keeps its lines", "<pre>a\n  b</pre>", "a\n  b"),
    _page("a comparison sign is no tag", "1 < 2 and a<3", "1 < 2 and a<3"),
    _page("unclosed tags do not lose text", "<p>a<b>b<i>c", "abc"),
    _page("an unclosed comment does not lose the text before it", "a<p>b</p><!-- c", "a\n\nb"),
    _page(
        "a quoting block is marked", '<p>a</p><blockquote type="cite">b<br>c</blockquote>', "a\n\n> b\n> c"
    ),
    _page("an indenting block is not marked", '<blockquote style="margin-left:40px">a</blockquote>', "a"),
    _page("attributes with a bracket inside do not end the tag", '<p title="a>b">c</p>', "c"),
    _page("capital tags are tags", "<P>a</P><BR><SCRIPT>b</SCRIPT>", "a"),
)
