"""`python -m umlauf.sandbox.serve`."""

from umlauf.sandbox.serve.cli import serve

if __name__ == "__main__":
    serve()
