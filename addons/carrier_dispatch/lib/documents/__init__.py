"""Documents for shippers, made from a :class:`..model.DispatchOrder`.

``opentrans.write``, ``ubl.write`` and ``table.write`` return bytes that are valid, or raise
:class:`.problems.DocumentError` with a sentence and the field that is in the way.
"""
