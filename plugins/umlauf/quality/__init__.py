"""Quality: Great Expectations guards the doors, raw streams coming in and marts going out."""

import logging

# Before its first import: Great Expectations logs hundreds of lines while it registers itself.
logging.getLogger("great_expectations").setLevel(logging.ERROR)
