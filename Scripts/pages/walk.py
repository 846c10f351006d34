"""Walks all pages of a config server in headless Chromium. See Scripts/walk-pages."""

import argparse
import collections
import pathlib
import re
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser
from world import HOSTILE, OTHERS, World

# Addresses by the page that answers them. Of each page a few are looked at in the browser; every link is fetched.
PATTERNS = [
    ("overview", r"/(\?|$)"), ("hosts", r"/hosts(\?|$)"), ("host", r"/hosts/[^/?]+(\?|$)"),
    ("host-file", r"/hosts/[^/]+/files/"), ("host-diff", r"/hosts/[^/]+/diff"), ("classes", r"/hostclasses(\?|$)"),
    ("class-diff", r"/hostclasses/[^/]+/diff"), ("release", r"/hostclasses/[^/?]*@"), ("class", r"/hostclasses/[^/?]+(\?|$)"),
    ("datacenters", r"/datacenters(\?|$)"), ("datacenter", r"/datacenters/"), ("packages", r"/packages(\?|$)"),
    ("build", r"/packages/[^/]+/[^/]+/"), ("package", r"/packages/[^/?]+(\?|$)"), ("commits", r"/commits(\?|$)"),
    ("commit", r"/commits/"), ("range", r"/diff"), ("search", r"/search"), ("users", r"/users(\?|$)"), ("user", r"/users/"),
    ("group", r"/groups/"), ("source", r"/source/"), ("fleet", r"/fleet"), ("replication", r"/replication"),
]
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


def pattern(address: str) -> str:
    return next((name for name, text in PATTERNS if re.match(text, address)), "other")


def fetch(url: str) -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read()


def links_of(body: str) -> set[str]:
    import html
    found = re.findall(r'(?:href|src)="([^"]*)"', body)
    return {html.unescape(link) for link in found}


class Walk:
    def __init__(self, server: str, output: pathlib.Path, axe: str, each: int, most: int):
        self.server, self.output, self.axe, self.each, self.most = server, output, axe, each, most
        self.faults: list[str] = []
        self.pages: dict[str, str] = {}      # address -> body
        self.links = self.views = self.shots = self.checked = 0
        self.violations = self.passes = 0
        self.slowest = (0.0, "")
        self.refused = ""

    def fault(self, text: str) -> None:
        self.faults.append(text)
        print(f"  fault: {text}", flush=True)

    def crawl(self, begin: list[str]) -> None:
        """Fetches every link, up to `most`; each of a page's kind in turn, so that none is left out."""
        queues: dict[str, collections.deque[tuple[str, str]]] = collections.defaultdict(collections.deque)
        seen: set[str] = set()

        def note(link: str, source: str) -> None:
            address = urllib.parse.urldefrag(urllib.parse.urljoin(self.server + source, link)).url
            if not address.startswith(self.server + "/"):
                return self.fault(f"{source}: an external address {link}")
            address = address[len(self.server):]
            if address not in seen:
                seen.add(address)
                queues[pattern(address)].append((address, source))

        for address in begin:
            note(address, "/")
        while any(queues.values()) and self.links < self.most:
            for name in list(queues):
                if not queues[name]:
                    continue
                address, source = queues[name].popleft()
                began = time.monotonic()
                status, kind, body = fetch(self.server + address)
                took = time.monotonic() - began
                self.slowest = max(self.slowest, (took, address))
                self.links += 1
                # A refused commit is looked at as it is, with names in it that nothing has.
                is_refused = self.refused and self.refused in source and status == 404
                if status != 200 and not is_refused and not (address == "/readyz" and status == 503):
                    self.fault(f"{source}: a broken link to {address}: {status}")
                if not kind.startswith("text/html"):
                    continue
                text = body.decode()
                self.check_escaping(address, text)
                self.pages[address] = text
                for link in links_of(text):
                    if not link.startswith("#"):
                        note(link, address)
        left = sum(len(queue) for queue in queues.values())
        if left:
            print(f"  {left} more addresses are known and were not fetched (--links {self.most})")

    def check_escaping(self, address: str, text: str) -> None:
        body = text.split("</head>", 1)[-1]
        if re.search(r"<(script|img|b|i)[\s>]", body) or re.search(r"\son\w+\s*=\s*['\"]?alert", re.sub(r'"[^"]*"', '""', body)):
            if not re.search(r"<(script|img|b|i)[\s>]", re.sub(r'"[^"]*"', '""', body)):
                return
            self.fault(f"{address}: something in it is not escaped")
        if "\u202e" in body:
            self.fault(f"{address}: a direction control is in it as it is")

    def check_anchors(self) -> None:
        for address, text in self.pages.items():
            for link in links_of(text):
                target, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(self.server + address, link))
                target = target[len(self.server):]
                if fragment and target in self.pages and f'id="{fragment}"' not in self.pages[target]:
                    self.fault(f"{address}: {link} names a place that is not there")

    def chosen(self) -> list[str]:
        """A few addresses of each kind: those with the most in them, and the first."""
        kinds: dict[str, list[str]] = collections.defaultdict(list)
        for address in self.pages:
            kinds[pattern(address)].append(address)
        chosen = []
        for name in kinds:
            found = kinds[name]
            odd = [address for address in found if "odd" in address or "%3C" in address][:2]
            rich = sorted(found, key=lambda address: -len(self.pages[address]))[:self.each - 1]
            chosen += list(dict.fromkeys(rich + odd + found[:1]))[:self.each + 1]
        return chosen

    def visit(self, browser: Browser, address: str, shot: str | None, expected: int = 200, looks=LOOKS) -> None:
        for width, scheme in looks:
            browser.look(width, scheme)
            status, complaints = browser.open(self.server + address)
            self.views += 1
            where = f"{address} at {width} {scheme}"
            if status != expected:
                self.fault(f"{where}: status {status}")
            for complaint in complaints:
                self.fault(f"{where}: {complaint}")
            wide = browser.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                what = browser.evaluate(
                    "[...document.querySelectorAll('main *, header *, footer *')].filter(e => !e.closest('.scroll') && "
                    "e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' | ')")
                self.fault(f"{where}: {wide} pixels wider than the window: {what}")
            if shot:
                browser.screenshot(self.output / f"{shot}-{width}-{scheme}.png")
                self.shots += 1
            self.accessible(browser, where)

    def accessible(self, browser: Browser, where: str) -> None:
        if not self.axe:
            return
        browser.evaluate(self.axe + "; 0")
        result = browser.evaluate(
            "axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: false}}})"
            ".then(r => ({v: r.violations.map(v => [v.id, v.impact, v.help, v.nodes.length, v.nodes[0].html.slice(0, 160), "
            "v.nodes[0].failureSummary.slice(0, 200)]), p: r.passes.length}))")
        self.checked += 1
        self.passes += result["p"]
        for rule in result["v"]:
            self.violations += rule[3]
            self.fault(f"{where}: axe {rule}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--demo", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--axe", type=pathlib.Path)
    parser.add_argument("--hosts", type=int, default=260)
    parser.add_argument("--each", type=int, default=3, help="pages of each kind to look at in the browser")
    parser.add_argument("--links", type=int, default=3000, help="links to fetch at most")
    parser.add_argument("--server", help="an address to walk instead of a world of its own")
    parser.add_argument("--keep", action="store_true", help="keep the world, and its server, until Enter is pressed")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="roller-pages-"))
    world = World(folder, options.programs.resolve(), options.demo.resolve(), options.hosts)
    browser = None
    try:
        server = options.server
        if server is None:
            server = world.make()
            world.receipts(server)
            refused = world.break_it(server)
        walk = Walk(server, options.output, options.axe.read_text() if options.axe else "", options.each, options.links)
        walk.refused = refused if options.server is None else ""
        log = fetch(f"{server}/commits")[2].decode()
        commits = list(dict.fromkeys(re.findall(r"/commits/([0-9a-f]{40})", log)))
        odd = urllib.parse.quote(HOSTILE)
        begin = ["/", "/hosts", "/fleet", "/fleet?bucket=behind", "/hosts/web-010.snc1.example.com", "/fleet?hostclass=odd&bucket=&datacenter=", "/replication", "/search", f"/search?q={odd}", "/search?q=port", "/search?q=ann",
                 f"/search?q={urllib.parse.quote(OTHERS[3])}", f"/search?q={commits[0][:9]}",
                 f"/diff/{commits[-1]}..{commits[1]}", f"/diff?a={commits[3]}&b={commits[1]}",
                 "/hosts/web-001.ams1.example.com/diff/web-002.snc1.example.com",
                 f"/hosts/web-001.ams1.example.com/diff?with={commits[5]}",
                 "/hosts/odd-001.ams1.example.com/diff/odd-002.snc1.example.com",
                 "/hostclasses/web/diff?from=web@2026.10.01-1&to=web@2026.11.22-1",
                 "/hostclasses/web@2026.10.01-1/diff/web@2026.11.12-1", f"/hosts?at={commits[4]}", f"/?at={commits[4]}",
                 f"/hosts/web-002.snc1.example.com?at={commits[3]}", "/hosts?hostclass=odd&datacenter=&release=",
                 "/source/hostclasses/odd.yml?line=1", "/source/hosts/odd-001.ams1.example.com.yml?line=3"]
        walk.crawl(begin)
        walk.check_anchors()
        print(f"fetched {walk.links} links, {len(walk.pages)} of them pages; the slowest took "
              f"{walk.slowest[0]:.2f} s: {walk.slowest[1]}", flush=True)
        browser = Browser(folder / "profile")
        counts: collections.Counter[str] = collections.Counter()
        for address in walk.chosen():
            name = pattern(address)
            counts[name] += 1
            walk.visit(browser, address, f"{name}-{counts[name]}")
        wrong = [("/hosts/web-01.snc1.example.com", 404), ("/hosts/web-002.snc1.example.co", 404), ("/nothing", 404),
                 (f"/hosts/{odd}", 404), ("/hosts?from=x", 400), ("/diff/abc", 400), (f"/source/{odd}", 404),
                 ("/users/anm", 404), ("/hosts?colour=red", 400), ("/commits/ffffffffffffffffffffffffffffffffffffffff", 404),
                 ("/hosts/%0a", 400), ("/v1/hosts/nobody", 404)]
        for number, (address, status) in enumerate(wrong):
            walk.visit(browser, address, f"wrong-{number}" if number < 3 else None, status, LOOKS if number < 3 else LOOKS[::3])
        print(f"looked at {walk.views} pages in Chromium ({len(LOOKS)} looks each), {walk.shots} screenshots in {options.output}")
        print(f"axe: {walk.checked} pages checked, {walk.violations} violations" if walk.axe
              else "axe: skipped, since the package registry is not there")
        print(f"faults: {len(walk.faults)}")
        if options.keep:
            input(f"The world is at {server}; press Enter to end it. ")
        return 1 if walk.faults else 0
    finally:
        if browser:
            browser.close()
        world.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
