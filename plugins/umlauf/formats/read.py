"""Any bank file to statements and entries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import BinaryIO

from umlauf.errors import DataRejected
from umlauf.formats.camt import read_camt
from umlauf.formats.detect import HEAD_BYTES, detect
from umlauf.formats.model import BankFile, Entry
from umlauf.formats.mt940 import read_mt
from umlauf.formats.values import show

log = logging.getLogger(__name__)


def read_bank_file(file: BinaryIO, sha256: str, emit: Callable[[Entry], None]) -> BankFile:
    """Read an open file from its start; entries go to `emit` as they come.

    Raises:
        DataRejected: with reason and place; entries emitted before are void.
    """
    kind = detect(file.read(HEAD_BYTES))
    file.seek(0)
    reader = read_camt if kind == "camt" else read_mt
    try:
        return reader(file, sha256, emit)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A fault of ours: one strange file must not keep all others from landing.
        log.exception("the %s parser failed", kind)
        raise DataRejected(
            f"our parser failed: {type(error).__name__}: {show(str(error))}"
        ) from error
