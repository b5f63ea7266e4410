"""Who is not looking is told: what is wrong, once, and once that it is over."""
