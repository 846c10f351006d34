"""A headless Chromium, driven by its DevTools protocol over a pair of pipes: no driver and no library is needed."""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import time


class Browser:
    def __init__(self, profile: pathlib.Path):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("error: there is no chromium; install it: apt-get install chromium")
        from_us, self.out = os.pipe()
        self.input, to_us = os.pipe()
        # The browser reads commands from descriptor 3 and answers on 4.
        def arrange() -> None:
            read, write = os.dup(from_us), os.dup(to_us)
            os.dup2(read, 3)
            os.dup2(write, 4)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--force-color-profile=srgb", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=arrange, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.pending, self.number, self.events = b"", 0, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            self.page(f"{domain}.enable")

    def call(self, method: str, session: str | None = None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        number, until = self.number, time.monotonic() + 60
        while True:
            answer = self.receive(until)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def page(self, method: str, **parameters):
        return self.call(method, self.session, **parameters)

    def receive(self, until: float) -> dict:
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.input], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise RuntimeError("the browser does not answer")
            data = os.read(self.input, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def look(self, width: int, scheme: str) -> None:
        """How the pages after this are shown."""
        self.page("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.page("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url: str) -> tuple[int, list[str]]:
        """The status of a page, and what the browser complained about while it was loaded."""
        self.events.clear()
        self.page("Page.navigate", url=url)
        until = time.monotonic() + 30
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive(until))
        self.evaluate("document.fonts.ready.then(() => 0)")
        status, complaints = 0, []
        for event in self.events:
            method, data = event.get("method"), event.get("params", {})
            if method == "Network.responseReceived":
                if data["type"] == "Document":
                    status = data["response"]["status"]
                elif data["response"]["status"] >= 400:
                    complaints.append(f"{data['response']['status']} {data['response']['url']}")
            elif method == "Log.entryAdded":
                entry = data["entry"]
                is_own_status = entry.get("source") == "network" and entry.get("url") == url
                if entry["level"] in ("error", "warning") and not is_own_status:
                    complaints.append(f"console: {entry['text']}")
            elif method == "Runtime.exceptionThrown":
                complaints.append(f"exception: {data['exceptionDetails'].get('text')}")
            elif method == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning", "assert"):
                complaints.append(f"console: {data['args']}")
            elif method == "Page.javascriptDialogOpening":
                complaints.append(f"a script ran: {data['message']}")
                self.page("Page.handleJavaScriptDialog", accept=True)
            elif method == "Audits.issueAdded" and data["issue"]["code"] == "ContentSecurityPolicyIssue":
                complaints.append(f"content security policy: {data['issue']['details']}")
            elif method == "Network.loadingFailed" and not data.get("canceled"):
                complaints.append(f"not loaded: {data.get('errorText')} {data.get('blockedReason', '')}")
        return status, complaints

    def evaluate(self, expression: str):
        result = self.page("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def screenshot(self, path: pathlib.Path) -> None:
        size = self.page("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        data = self.page("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        try:
            self.call("Browser.close")
        except RuntimeError:
            pass
        self.process.wait(timeout=20)
