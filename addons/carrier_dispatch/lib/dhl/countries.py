"""Countries as DHL names them, and where customs asks what is in a parcel."""

from __future__ import annotations

import re
from typing import Final

from odoo.addons.order_automation.lib import postal

# ISO 3166-1: two letters followed by three
_PAIRS: Final = """
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH
BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN
BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL
CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY
ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA
GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI
HUHUN IDIDN IEIRL ILISR IMIMN ININD IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ
KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO
LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC
MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA
NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN
SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR
SZSWZ TCTCA TDTCD TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA
UAUKR UGUGA USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT
ZAZAF ZMZMB ZWZWE
"""
THREE_LETTERS: Final = {pair[:2]: pair[2:] for pair in _PAIRS.split()}

HOME: Final = "DE"
# the customs union of the EU; what looks like a part of it and is none has a code of its own
# (Guadeloupe, Réunion) or stands below
_MEMBERS: Final = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK
"""
UNION: Final = frozenset(_MEMBERS.split())
# places with a member's code whose goods are declared all the same, by the beginning of the zip
_OUTSIDE: Final = {
    "ES": re.compile(r"35|38|51|52"),  # Canary Islands, Ceuta, Melilla
    "FI": re.compile(r"22"),  # Åland: in the customs union, not in the one of taxes
    "FR": re.compile(r"97|98[678]"),  # overseas
    "GR": re.compile(r"630 ?86"),  # Mount Athos
    "IT": re.compile(r"23041"),  # Livigno
}
_INSIDE: Final = {"GB": re.compile(r"BT")}  # goods in Northern Ireland


def three_letters(code: str) -> str:
    """The country's three letters; empty where there is no such country."""
    return THREE_LETTERS.get(code.strip().upper(), "")


def needs_customs(country: str, zip_code: str) -> bool:
    """Whether goods from Germany to that place are declared at customs."""
    code = postal.bare_zip(zip_code, country)
    if country in UNION:
        outside = _OUTSIDE.get(country)
        return bool(outside and outside.match(code))
    inside = _INSIDE.get(country)
    return not (inside and inside.match(code))
