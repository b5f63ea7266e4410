"""In place of dbt, the gates and publishing: a step of their shape that takes no CPU to speak of.

Build: under the warehouse's lease, count what has landed, add what the warehouse does not hold yet
or build all anew, by the product's own count and state. Publish: one file, swapped by a rename.
"""

import hashlib
import json
import os
from datetime import UTC, date

from airflow.sdk.exceptions import AirflowSkipException

from umlauf.errors import CheckFailed, LeaseLost
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import count_landed
from umlauf.warehouse.increment import (
    find_news,
    forget_state,
    keep_state,
    set_doubtful_aside,
    write_news,
)

BUILD_SECONDS, CHECK_SECONDS, PUBLISH_SECONDS = 60, 20, 5


class Light:
    """The steps, as `umlauf.orchestration.steps` has them."""

    def __init__(self, timeline, landed):
        self.timeline, self.landed = timeline, landed
        self.published = []  # real moment, snapshot
        self.is_failing = lambda: False  # whether dbt would fail now
        self.full = self.added = 0

    def build(self, tenant=None):
        """Build what landed since the published build; skip when nothing has."""
        settings = load_settings()
        with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds):
            landed = count_landed(settings, all_sources())
            build_id = hashlib.sha256("\n".join(landed.batch_ids).encode()).hexdigest()[:12]
            if stated(settings.marts_file).get("build_id") == build_id:
                raise AirflowSkipException("nothing landed since the published build")
            news = find_news(settings, landed, "light")
            write_news(settings, news)
            if news is None:
                set_doubtful_aside(settings)
            held = {} if news is None else stated(settings.warehouse_file)["streams"]
            self.full, self.added = self.full + (news is None), self.added + (news is not None)
            forget_state(settings)
            for about, _ in (news or landed).batches:
                self._add(held, about, settings.landing_root)
            self.timeline.sleep(BUILD_SECONDS)
            if self.is_failing():
                raise CheckFailed("a model failed")
            built = {
                "build_id": build_id,
                "as_of": landed.as_of(settings).isoformat(),
                "known_on": landed.known_on.isoformat(),
                "streams": held,
            }
            _swap(settings.warehouse_file, built)
            keep_state(settings, landed, "light")
        return build_id

    def check(self, build_id, tenant=None):
        """Look at the build under the lease."""
        self._built(build_id, CHECK_SECONDS)
        return build_id

    def publish(self, build_id, tenant=None):
        """Show the build to readers."""
        settings, built = load_settings(), self._built(build_id, PUBLISH_SECONDS)
        with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds):
            _swap(settings.marts_file, built)
        self.published.append((self.timeline.true, date.fromisoformat(built["as_of"])))

    def _built(self, build_id, seconds):
        settings = load_settings()
        with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds):
            built = stated(settings.warehouse_file)
            if built.get("build_id") != build_id:
                raise AirflowSkipException(str(LeaseLost(f"build {build_id}: a newer run has it")))
            self.timeline.sleep(seconds)
        return built

    def _add(self, held, about, root):
        stream = held.setdefault(f"{about.source}.{about.stream}", {})
        take_newest(stream, self.landed.rows(str(about.file_below(root))))


def take_newest(stream, rows):
    """Let a stream hold the newest row of each key, as staging does."""
    for key, stamp, is_deleted, at in rows:
        row = [at.isoformat(), round(stamp.replace(tzinfo=UTC).timestamp() * 1000), is_deleted]
        if key not in stream or row >= stream[key]:
            stream[key] = row


def stated(file):
    """Return what a built or published file says, nothing when there is none."""
    return json.loads(file.read_text()) if file.exists() else {}


def _swap(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    with partial.open("w") as out:
        out.write(json.dumps(content))
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
