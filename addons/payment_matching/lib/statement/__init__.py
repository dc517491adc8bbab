"""Statements of banks: CAMT.052/053/054, MT940/MT942 and CSV, also zipped, into one form.

`read_statements` finds out what a file is; `python -m payment_matching.lib.statement FILE` prints
it as JSON.
"""
