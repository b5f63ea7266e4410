"""The simulated company's systems as their vendors serve them: HubSpot, Odoo 19, SFTP.

They read the version store only and show what is visible at its clock.
"""

from umlauf.sandbox.inbox import drop_bank_files
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import Addresses, running, running_apart
from umlauf.sandbox.serve.web import app

__all__ = ["Addresses", "RateLimits", "app", "drop_bank_files", "running", "running_apart"]
