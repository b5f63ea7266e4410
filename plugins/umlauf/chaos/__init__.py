"""Chaos: break everything a night leans on, run it once more, and count what was lost.

`umlauf chaos --seed 7 --faults 500` makes a tiny company and breaks one thing per night: an answer
of the CRM or ERP, a file of the bank, the disk, the clock, the process itself. After each fault and
one plain rerun, what has landed must be what a night without fault lands; where it is not, to the
last row, the marts are built from both and must be the same (docs/reliability.md).
"""
