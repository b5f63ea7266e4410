"""A server of buckets for tests, and the connection by which Umlauf reaches it."""

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import requests

_NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """A running server; each bucket has a name of its own."""

    url: str

    def new_bucket(self):
        name = f"lake-{next(_NUMBERS)}"
        requests.put(f"{self.url}/{name}", timeout=30).raise_for_status()
        return name

    def fault(self, method, **plan):
        """Plan what the next fitting requests meet (tests.storage.s3_server)."""
        self._tell("_fault", {"method": method, **plan})

    def met(self):
        """Return how many requests have met the fault."""
        return self._tell("_met", None)

    def seed(self, bucket, key, number):
        """Put `number` empty objects, `key` formatted with theirs."""
        self._tell("_seed", {"bucket": bucket, "key": key, "count": number})

    def connection(self, **changed):
        """Return the environment that names this server; `changed` are fields of it."""
        extra = {"endpoint_url": self.url, "region_name": "us-east-1"}
        fields = {"conn_type": "aws", "login": "AKIDTESTS", "password": "kept-to-itself"}
        return {"AIRFLOW_CONN_LANDING_S3": json.dumps(fields | {"extra": extra} | changed)}

    def _tell(self, what, given):
        answer = requests.post(f"{self.url}/{what}", json=given, timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def serving(**environment):
    """Run the server until the block ends."""
    command = [sys.executable, "-m", "tests.storage.s3_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()
