"""A child process that runs inputs under watch: memory, sockets, processes, writes outside."""

import gc
import logging
import os
import re
import resource
import shutil
import socket
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from tests.fuzz import xml_elements
from tests.fuzz.case import case_of
from tests.fuzz.target import run
from umlauf.settings import load_settings

MOST_BYTES = 256 * 1024 * 1024
FORBIDDEN = re.compile(
    r"socket\.|subprocess\.|os\.(system|exec|fork|posix_spawn|spawn|symlink|link)"
)
CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.chown")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """An audit hook; it cannot be taken away again, so it is only switched."""

    def __init__(self, home):
        self.home, self.is_on, self.seen = str(home), False, []
        sys.addaudithook(self.hear)

    def hear(self, event, args):
        if not self.is_on:
            return
        if FORBIDDEN.match(event):
            self.seen.append(f"{event} {args!r:.200}")
        elif event == "open" and isinstance(args[0], str | bytes | os.PathLike):
            _, mode, flags = args
            if (mode and set(mode) & set("wax+")) or (flags and flags & WRITING):
                self.inside(event, args[0])
        elif event in CHANGING:
            self.inside(event, args[0])

    def inside(self, event, path):
        """Complain unless the path lies in our home; a descriptor stands for one that does."""
        if isinstance(path, int):
            return
        full = os.path.realpath(os.fsdecode(path))
        if not full.startswith(self.home + os.sep):
            self.seen.append(f"{event} {full}")


class Listener:
    """A port that external entities point to: C code that connects is seen here if nowhere else."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}/"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            self.server.accept()[0].close()
            self.calls += 1


def serve(pipe, home):
    """Answer (seed, number) or a Case with (kind, outcome, reason, seconds, CPU, peak)."""
    sys.dont_write_bytecode = True
    logging.disable(logging.CRITICAL)
    home = Path(home).resolve()
    tempfile.tempdir = str(home)  # landing's own folders only
    os.chdir(home)
    os.fsync = lambda _: None  # what a disk takes to be sure is not what an input costs
    settings = load_settings(home=home / "var")
    secret = f"secret-{os.getpid()}-of-ours"
    canary = home / "canary.txt"
    canary.write_text(secret)
    listener = Listener()
    for number in range(20):  # everything that is loaded when first needed is loaded
        run_quietly(case_of("warm up", number), settings, secret)
    # Of what a Python file writes nothing may leave landing and the leases beside it.
    watch = Watch(home / "var")
    limit = _status("VmSize") + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # Pages of libraries' code belong to the machine: how many it maps at once differs between them.
    mapped = _status("RssFile")
    gc.freeze()  # what was loaded stays, and need not be looked through after every input
    pipe.send("ready")
    while True:
        wanted = pipe.recv()
        case = case_of(*wanted) if isinstance(wanted, tuple) else wanted
        case = type(case)(case.kind, case.name, _pointed(case.content, canary, listener.url))
        *measured, peak = _measured(case, settings, secret, watch, listener)
        pipe.send((case.kind, *measured, peak - mapped))


def _pointed(content, canary, url):
    for placeholder, real in (
        (xml_elements.CANARY_FILE, canary.as_uri()),
        (xml_elements.CANARY_URL, url),
    ):
        content = content.replace(placeholder.encode(), real.encode())
    return content


def run_quietly(case, settings, secret):
    """Run an input whose outcome is of no interest yet."""
    with suppress(Exception):
        run(case, settings, secret)
    shutil.rmtree(settings.landing_root, ignore_errors=True)


def _measured(case, settings, secret, watch, listener):
    watch.seen, calls = [], listener.calls
    gc.collect()
    pa.default_memory_pool().release_unused()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    begun, worked = time.perf_counter(), time.process_time()
    watch.is_on = True
    try:
        outcome, reason = run(case, settings, secret)
    except Exception:
        outcome, reason = "crashed", traceback.format_exc(limit=-6)
    watch.is_on = False
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    shutil.rmtree(settings.landing_root, ignore_errors=True)
    if watch.seen or listener.calls > calls:
        outcome, reason = "escaped", "; ".join(watch.seen) or "a connection to the canary"
    return outcome, reason, seconds, worked, _status("VmHWM")


def _status(name):
    text = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) * 1024
