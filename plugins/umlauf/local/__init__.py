"""The platform on this machine: `make demo`, `make up`, `make down`. No root, no Docker."""
