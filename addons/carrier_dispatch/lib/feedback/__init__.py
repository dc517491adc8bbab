"""Feedback of shippers: files and mails become :class:`..model.Feedback`, one for each delivery.

``read.read`` takes files, ``body.read`` the text of a mail. Both give a :class:`.model.Reading`:
what was understood, and beside it the rows that were not, each with a sentence.
"""
