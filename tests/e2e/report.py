# SPDX-License-Identifier: MIT
"""Is a report a page as it should be? report.py PAGE says what is wrong with
its elements: what is open at the end or closed out of order, ids that are there
twice, headings without text, tables without heads, charts without title and
description, and anything that would be fetched. Then it prints, a line each, the
text of what --text ID names."""
import html.parser
import sys

VOID = {"meta", "br", "hr", "img", "input", "link"}
# Attributes by which a page fetches.
FETCHES = {"src", "srcset", "poster", "action", "formaction", "background", "ping", "manifest"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.refs = [], [], set(), []
        self.text, self.charts, self.tables, self.heads = {}, 0, 0, 0
        self.policy = ""

    def complain(self, text):
        self.wrong.append("%d:%d: %s" % (self.getpos()[0], self.getpos()[1], text))

    def handle_starttag(self, tag, attrs):
        d = dict(attrs)
        if len(d) != len(attrs):
            self.complain("<%s> has an attribute twice" % tag)
        if d.get("id") in self.ids:
            self.complain("the id %s is there twice" % d["id"])
        if "id" in d:
            self.ids.add(d["id"])
        self.refs += (d.get("aria-labelledby") or "").split()
        for name in d:
            if name.startswith("on") or name in FETCHES or name == "style":
                self.complain("<%s> has %s" % (tag, name))
        if "href" in d and not d["href"].startswith("#"):
            self.complain("<%s> leads to %s" % (tag, d["href"]))
        if tag in ("img", "link", "iframe", "object", "embed", "base", "form", "image"):
            self.complain("<%s> is there" % tag)
        if tag == "svg" and d.get("class") == "sheet":
            self.charts += 1
            if d.get("role") != "img" or "aria-labelledby" not in d:
                self.complain("a chart is not labelled")
        if tag == "table":
            self.tables += 1
        if tag == "th" and "scope" not in d:
            self.complain("<th> is the head of what?")
        if tag == "thead":
            self.heads += 1
        if d.get("http-equiv") == "Content-Security-Policy":
            self.policy = d["content"]
        if tag not in VOID:
            self.open.append((tag, d.get("id")))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.complain("</%s> where %s is open" % (tag, self.open[-1:]))
        else:
            self.open.pop()

    def handle_data(self, data):
        for _, name in self.open:
            if name:
                self.text[name] = self.text.get(name, "") + " " + data


def main():
    page = Page()
    with open(sys.argv[1], encoding="utf-8") as f:
        page.feed(f.read())
    page.close()
    page.wrong += ["<%s> is open at the end" % t for t, _ in page.open]
    page.wrong += ["there is no %s" % r for r in page.refs if r not in page.ids]
    if page.tables != page.heads:
        page.wrong.append("%d tables, %d heads" % (page.tables, page.heads))
    if page.charts == 0:
        page.wrong.append("there is no chart")
    if "default-src 'none'" not in page.policy or "unsafe" in page.policy:
        page.wrong.append("its policy is %r" % page.policy)
    for w in page.wrong:
        print(w, file=sys.stderr)
    if sys.argv[2:3] == ["--text"]:
        for name in sys.argv[3:]:
            print(" ".join(page.text.get(name, "").split()))
    return 1 if page.wrong else 0


sys.exit(main())
