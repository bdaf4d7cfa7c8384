"""The printed page: what a patient needs to exercise without any phone. See docs/decisions/0020."""
