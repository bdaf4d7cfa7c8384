"""`POST /me/sync`: what a phone (or a sheet of paper) brings becomes the log. Stored once, kept for ever.

`envelope` reads the call, `fields`, `items` and `answers` read each item, `clock` says when and on which date it
happened, `known` looks up what is stored already, `decide` is the decision table, `store` writes.
"""
