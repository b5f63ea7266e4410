"""Superset's configuration. Superset itself reads this file (SUPERSET_CONFIG_PATH).

It runs in Superset's own environment and imports nothing of ours. What differs from machine to
machine comes from environment variables, see `umlauf.local.superset`.
https://superset.apache.org/docs/configuration/configuring-superset
"""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_DATABASE_URL"]

APP_NAME = "Umlauf"
# Days of the marts are business days already: nobody's browser may move them.
DEFAULT_RELATIVE_START_TIME = DEFAULT_RELATIVE_END_TIME = "today"
ROW_LIMIT = 10_000
SQLLAB_ALLOW_DML = False  # the role bi_reader could not anyway
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}  # a new night shows at once
FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = {
    "CACHE_TYPE": "SupersetMetastoreCache",
    "CACHE_DEFAULT_TIMEOUT": 7 * 24 * 3600,
}
RATELIMIT_STORAGE_URI = "memory://"
TALISMAN_ENABLED = True
# Superset's own list lets pages ask servers of others for maps and a counting pixel.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,  # it listens on 127.0.0.1 alone
}
