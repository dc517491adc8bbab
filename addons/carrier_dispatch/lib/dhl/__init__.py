"""DHL Paket in Germany: labels by Parcel DE Shipping, and where a parcel is.

``build`` makes shipments of deliveries, ``client`` has them made into labels, ``retry`` says what
to do after a lost answer, ``track`` reads where a parcel is and ``polling`` which ones to ask for.
"""
