"""Headless Chromium, spoken to over a pipe in its own DevTools protocol: no driver, no port.

https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import fcntl
import itertools
import json
import os
import shutil
import signal
import subprocess
import time

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "chrome"])), None)
_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-dev-shm-usage"),
]


class Browser:
    """One page in one browser; `seen` holds what it logged and asked the network for."""

    def __init__(self, profile):
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()

        def hand_over():
            # DevTools reads commands from descriptor 3 and writes answers to 4.
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self._process = subprocess.Popen(
            [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=hand_over,
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        self._numbers, self._rest, self.seen = itertools.count(1), b"", []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._page = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def close(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def open(self, file, width):
        """Show `file` at `width` pixels and wait until it says that its charts are drawn."""
        self.visit(file, width)
        self.wait_for("(d => d && d.charts > 0 && d.drawn === d.charts)(document.body?.dataset)")

    def cpu_seconds_to_open(self, file, width):
        """Show `file` as `open` does; return what its main thread worked until the last chart.

        With nothing to fetch, that is how long a reader waits whose machine has nothing else to do.
        """
        self._ask("Performance.enable", timeDomain="threadTicks")
        self.go("about:blank", width)
        begun = self._main_thread_seconds()
        self.open(file, width)
        return self._main_thread_seconds() - begun

    def _main_thread_seconds(self):
        metrics = self._ask("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def visit(self, file, width):
        """Begin to show `file` at `width` pixels."""
        self.go(file.as_uri(), width)

    def go(self, address, width, height=900):
        """Begin to show what is at an address, on a screen of so many pixels."""
        self.seen.clear()
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._ask("Emulation.setDeviceMetricsOverride", **size)
        self._ask("Page.navigate", url=address)

    def keep_cookie(self, name, value, address):
        self._ask("Network.setCookie", name=name, value=value, url=address)

    def show(self, file, place=""):
        """Show `file`, at a place in it, and wait until it has loaded."""
        self.seen.clear()
        self._ask("Page.navigate", url=f"{file.as_uri()}{place}")
        self.wait_for(
            f"document.readyState === 'complete' && location.pathname === {json.dumps(str(file))}"
        )

    def value(self, expression):
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait_for(self, expression, seconds=60):
        """Return the value of the expression once it is not false any more."""
        end = time.monotonic() + seconds
        while not (value := self.value(expression)):
            assert time.monotonic() < end, f"still not after {seconds} s: {expression}"
            time.sleep(0.1)
        return value

    def printed(self):
        """Return the page as the PDF that its reader would print, on A4."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True}
        return base64.b64decode(self._ask("Page.printToPDF", **size)["data"])

    def picture(self):
        """Return what the screen shows, as PNG."""
        return base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"])

    def exchanges(self, path):
        """Return, as text, what was sent to addresses that contain `path`, and the answers."""
        sent = {
            message["params"]["requestId"]: message["params"]["request"].get("postData", "")
            for message in self.seen
            if message["method"] == "Network.requestWillBeSent"
            and path in message["params"]["request"]["url"]
        }
        return [
            (asked, self._ask("Network.getResponseBody", requestId=number)["body"])
            for number, asked in sent.items()
        ]

    def problems(self):
        """Return errors and warnings of the console and uncaught exceptions."""
        return [
            message["params"]
            for message in self.seen
            if message["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")
            or (
                message["method"] == "Runtime.consoleAPICalled"
                and message["params"]["type"] in ("error", "warning", "assert")
            )
        ]

    def addresses(self):
        """Return every address the page asked for."""
        return [
            message["params"]["request"]["url"]
            for message in self.seen
            if message["method"] == "Network.requestWillBeSent"
        ]

    def refused(self):
        """Return the addresses that the page's own policy kept it from asking."""
        asked = {
            message["params"]["requestId"]: message["params"]["request"]["url"]
            for message in self.seen
            if message["method"] == "Network.requestWillBeSent"
        }
        return [
            asked[message["params"]["requestId"]]
            for message in self.seen
            if message["method"] == "Network.loadingFailed"
            and message["params"].get("blockedReason") == "csp"
        ]

    def _ask(self, method, **params):
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": params} | getattr(self, "_page", {})
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while (message := self._receive()).get("id") != number:
            self.seen.append(message)
        assert "error" not in message, message
        return message["result"]

    def _receive(self):
        while b"\0" not in self._rest:
            chunk = os.read(self._read, 1 << 20)
            assert chunk, "the browser has ended"
            self._rest += chunk
        text, self._rest = self._rest.split(b"\0", 1)
        return json.loads(text)
