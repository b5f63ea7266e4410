"""One folder per upstream system; each declares what is read from it as one SOURCE."""
