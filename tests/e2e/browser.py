# SPDX-License-Identifier: MIT
"""A report under a mouse: browser.py PAGE PROFILE opens it in Chromium (through
its debugging pipe, which needs no port) and points, drags, clicks twice and
types, as a person would. Says what is not as it should be, and exits 1."""
import fcntl
import json
import os
import pathlib
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--remote-debugging-pipe", "--window-size=1200,1600"]


class Browser:
    """One page. Answers come in the order in which they are there; what is no
    answer is kept."""

    def __init__(self, page, profile):
        down, self.down = os.pipe()
        self.up, up = os.pipe()
        # It reads 3 and writes 4: neither may be in the way of the other.
        down, up = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (down, up))

        def pipes():
            os.dup2(down, 3)
            os.dup2(up, 4)

        self.process = subprocess.Popen(["chromium", *FLAGS, "--user-data-dir=" + profile, "about:blank"],
                                        preexec_fn=pipes, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(down)
        os.close(up)
        self.number, self.rest, self.said = 0, b"", []
        targets = self.ask("Target.getTargets")["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for name in ("Page", "Runtime", "Log"):
            self.ask(name + ".enable")
        self.ask("Page.navigate", url=pathlib.Path(page).resolve().as_uri())
        self.until("Page.loadEventFired")

    session = None

    def read(self):
        while b"\0" not in self.rest:
            got = os.read(self.up, 65536)
            if not got:
                sys.exit("the browser is gone")
            self.rest += got
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        o = {"id": self.number, "method": method, "params": params}
        if self.session:
            o["sessionId"] = self.session
        os.write(self.down, json.dumps(o).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.said.append(answer)

    def until(self, method):
        while not any(s.get("method") == method for s in self.said):
            self.said.append(self.read())

    def value(self, expression):
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def mouse(self, kind, x, y, **more):
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def complaints(self):
        """Exceptions, what the console has, what the policy kept away."""
        bad = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        return [s for s in self.said if s.get("method") in bad]


wrong = []


def same(what, expected, got):
    if expected != got:
        wrong.append("%s: expected %r, got %r" % (what, expected, got))


def percent(share):
    """As the page writes it: a little is not nothing, and a half is rounded up."""
    if 0 < share < 0.05:
        return "<0.1 %"
    return "%s %%" % Decimal(share).quantize(Decimal("0.1"), ROUND_HALF_UP)


def heatmap(b):
    """The cell that is pointed at, and the one that keys lead to."""
    told = "document.querySelector('#heat output').textContent"
    framed = "(r => [r.y.baseVal.value, r.height.baseVal.value, r.width.baseVal.value])"
    framed += "(document.querySelector('#heat rect.cell'))"
    b.value("document.querySelector('#heat svg.sheet').scrollIntoView({block: 'center'})")
    box = b.value("(r => [r.left, r.top, r.width, r.height])"
                  "(document.querySelector('#heat svg.sheet').getBoundingClientRect())")
    data = b.value("(d => ({plot: d.plot, heat: d.charts.find(c => c.cells)}))"
                   "(JSON.parse(document.getElementById('data').textContent))")
    tall = b.value("document.querySelector('#heat svg.plot').viewBox.baseVal.height")
    heat, one = data["heat"], box[2] / 1000
    rows = len(heat["edges"]) + 1
    low, *counts = heat["cells"][1]
    for row in (low + counts.index(max(counts)), 0, rows - 1):
        b.mouse("mouseMoved", box[0] + one * (data["plot"][0] + data["plot"][1] / 2),
                box[1] + one * (data["plot"][2] + tall * (1 - (row + 0.5) / rows)))
        n = counts[row - low] if 0 <= row - low < len(counts) else 0
        text = b.value(told)
        same("the time of the cell", "0:01–0:02, ", text[:11])
        same("its requests", ": {:,} of {:,} responses, ".format(n, sum(counts)),
             text[text.index(": "):text.rindex(", ") + 2])
        same("their share", percent(100 * n / sum(counts)), text[text.rindex(", ") + 2:])
        same("its frame", [round(tall * (1 - (row + 1) / rows), 1), round(tall / rows, 1), True],
             [round(v, 1) for v in b.value(framed)[:2]] + [b.value(framed)[2] > 0])
    same("the highest row", "and more", text[:text.index(": ")][-8:])
    b.mouse("mouseMoved", 1, 1)
    same("no cell outside", ["", 0], [b.value(told), b.value(framed)[2]])
    b.value("document.querySelector('#heat svg.sheet').focus()")
    where = [b.value(told)]
    for key in ("ArrowRight", "ArrowUp", "ArrowDown"):
        b.ask("Input.dispatchKeyEvent", type="keyDown", key=key)
        b.ask("Input.dispatchKeyEvent", type="keyUp", key=key)
        where.append(b.value(told))
    low, *counts = heat["cells"][0]
    most = max(counts)
    same("most of it", "0:00–0:01, most ", where[1][:16])
    same("how many", ": {:,} of {:,} ".format(most, sum(counts)),
         where[1][where[1].index(": "):where[1].rindex("responses")])
    same("there and back", True, where[2] != where[1] and where[3] == where[1].replace("most ", ""))
    b.value("document.activeElement.blur()")


def main():
    b = Browser(sys.argv[1], sys.argv[2])
    when = "document.querySelector('.tools output').textContent"
    told = "document.querySelectorAll('.legend output')[%d].textContent"
    views = "[...new Set([...document.querySelectorAll('svg.plot')].map(p => p.getAttribute('viewBox')"
    views += ".split(' ').filter((v, i) => i % 2 === 0).join(' ')))].join(';')"
    hidden = "document.querySelector('.tools button').hidden"
    b.value("document.querySelector('svg.sheet').scrollIntoView({block: 'center'})")
    box = b.value("(r => [r.left, r.top, r.width, r.height])"
                  "(document.querySelector('svg.sheet').getBoundingClientRect())")
    y = box[1] + box[3] / 2

    def x(share):
        """Of the plot's width: it begins at 66 of 1000, and has 916."""
        return box[0] + box[2] * (66 + 916 * share) / 1000

    length = b.value("JSON.parse(document.getElementById('data').textContent).to")
    same("no cursor", "", b.value(when))
    b.mouse("mouseMoved", x(1.5 / length), y)
    same("the moment pointed at", "0:01", b.value(when))
    same("the plan then", "2", b.value(told % 0))
    same("VUs then", "2", b.value(told % 1))
    whole = b.value(views)
    same("the whole run", "0 916", whole)
    b.mouse("mousePressed", x(0.1), y, button="left", clickCount=1)
    b.mouse("mouseMoved", x(0.9), y, button="left", buttons=1)
    b.mouse("mouseReleased", x(0.9), y, button="left", clickCount=1)
    zoomed = [round(float(v)) for v in b.value(views).split()]
    same("most of it", True, abs(zoomed[0] - 92) <= 2 and abs(zoomed[1] - 733) <= 2)
    same("a way back", False, b.value(hidden))
    for count in (1, 2):
        b.mouse("mousePressed", x(0.3), y, button="left", clickCount=count)
        b.mouse("mouseReleased", x(0.3), y, button="left", clickCount=count)
    same("the whole run again", whole, b.value(views))
    same("no way back", True, b.value(hidden))
    b.mouse("mouseMoved", 1, 1)
    same("no cursor outside", "", b.value(when))
    b.value("document.querySelector('svg.sheet').focus()")
    for _ in range(2):
        b.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight")
        b.ask("Input.dispatchKeyEvent", type="keyUp", key="ArrowRight")
    same("the second point", "0:01", b.value(when))
    heatmap(b)
    # Links to what is hardly a stretch, and to what is none of the run.
    for link, view in (("#t=0.2,0.3", True), ("#t=500,600", True), ("#t=0,500", "0 916")):
        b.value("location.hash = '%s'; window.dispatchEvent(new Event('hashchange'))" % link)
        if view is True:
            at, width = (float(v) for v in b.value(views).split())
            same("within the run: " + link, True, at >= 0 and width > 0 and at + width < 916.1)
            times = b.value("document.querySelectorAll('.time text').length")
            same("times at " + link, True, times >= b.value("document.querySelectorAll('.time').length"))
        else:
            same(link, view, b.value(views))
    was = b.value("getComputedStyle(document.body).backgroundColor")
    b.value("document.querySelector('button.theme').click()")
    same("another theme", True, was != b.value("getComputedStyle(document.body).backgroundColor"))
    for c in b.complaints():
        wrong.append("the browser complains: %s" % json.dumps(c["params"]))
    os.close(b.down)
    b.process.terminate()
    b.process.wait()
    for w in wrong:
        print(w, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
