"""A clinic to look around in. Plainly fictional people, whose histories are written by the same functions that a real
phone and a real therapist would reach: `cast` says who they are, `history` what their phones sent, `making` writes it.
"""
