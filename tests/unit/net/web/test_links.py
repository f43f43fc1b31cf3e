"""The hosts a page makes a browser turn to."""

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.web.links import MOST_HOSTS, links_of

PAGE = "https://www.example.vn/a/b.html"


def hosts(html: str, url: str = PAGE) -> dict[str, tuple[str, ...]]:
    return {link.host: link.kinds for link in links_of(html, url)}


def test_everything_a_browser_loads_by_itself_counts():
    html = """<html><head><base href="/x/">
    <link rel="stylesheet" href="//css.example.net/a.css"><link rel="preload" as="font" href="//font.example.net/f">
    <link rel="preconnect" href="https://early.example.net"><link rel="canonical" href="https://other.example.net/">
    <style>@import url('https://import.example.net/i.css'); p { background: url(//bg.example.net/b.png) }</style>
    <script src="https://js.example.net/a.js"></script></head>
    <body><img src="https://img.example.net/1.png" srcset="https://big.example.net/2.png 2x, /own.png 1x">
    <picture><source srcset="https://pic.example.net/3.webp"></picture><iframe src="https://frame.example.net/"></iframe>
    <video poster="https://poster.example.net/p.jpg" src="https://video.example.net/v.mp4"></video>
    <a href="https://clicked.example.net/">x</a><script src="https://js.example.net/b.js"></script></body></html>"""
    assert hosts(html) == {
        "css.example.net": ("style",),
        "font.example.net": ("font",),
        "import.example.net": ("style",),
        "bg.example.net": ("style",),
        "js.example.net": ("script",),
        "img.example.net": ("image",),
        "big.example.net": ("image",),
        "pic.example.net": ("image",),
        "frame.example.net": ("frame",),
        "video.example.net": ("media",),
        "poster.example.net": ("image",),
    }


def test_a_base_moves_relative_references_and_own_hosts_are_left_out():
    assert hosts('<base href="https://base.example.net/"><img src="a.png">') == {"base.example.net": ("image",)}
    assert hosts('<img src="a.png"><img src="https://WWW.example.vn./b.png">') == {}


def test_literals_and_foreign_letters_are_hosts_too():
    html = '<script src="http://10.1.2.3/x.js"></script><img src="https://[2001:db8::1]/"><img src="//bücher.example/">'
    assert set(hosts(html)) == {"10.1.2.3", "2001:db8::1", "xn--bcher-kva.example"}


def test_what_embeds_its_data_or_cannot_be_read_is_no_host():
    html = '<img src="data:image/png;base64,x"><img src="https://[::1/"><img src="blob:https://a.b/c"><img src="">'
    assert hosts(html) == {}


def test_what_a_browser_with_scripts_never_loads_is_left_out():
    html = '<noscript><img src="//b.net/"></noscript><template><img src="//c.net/"></template><!-- <img src="//d"> -->'
    assert hosts(html) == {}


def test_styles_written_into_the_page_load_and_their_comments_do_not():
    html = """<style>/* url(http://10.0.0.1/old.png) */ @namespace svg url(http://www.w3.org/2000/svg);
    @font-face { src: URL( "https://font.example.net/f.woff2" ) } @import "https://import.example.net/i.css";</style>
    <p style="background:url(//bg.example.net/b.png)"><p style="color:red">
    <b style='background:url(&quot;//q.net/&quot;)'>
    <style>p { color: red } /* url(//unfinished.example.net/)</style>"""
    assert set(hosts(html)) == {"font.example.net", "import.example.net", "bg.example.net", "q.net"}


def test_a_style_sheet_cannot_keep_the_reader_busy():
    """Each of these took the square of its length, hours for half a megabyte: what returns at all is bounded."""
    for bad in ("/*" * 250_000, "@namespace" * 50_000, "@import" + " " * 500_000, "url(" + " " * 500_000):
        assert hosts(f"<style>{bad}</style>") == {}


def test_the_number_of_hosts_is_bounded():
    html = "".join(f'<img src="https://h{number}.example.net/">' for number in range(500))
    assert len(hosts(html)) == MOST_HOSTS


@given(st.text(max_size=200))
def test_no_page_breaks_it(text: str):
    links_of(f"<img src='{text}'>{text}<style>{text}</style>", PAGE)
