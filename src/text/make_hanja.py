#!/usr/bin/env python3
"""Writes hanja_table.inc: for each Han character that kHangul of Unihan_Readings.txt knows, its Korean readings.

usage: src/text/make_hanja.py [Unihan_Readings.txt.bz2] > src/text/hanja_table.inc
The file is part of Debian's unicode-data; it is only needed to make the table again. The Unihan database is
copyright Unicode, Inc., under the Unicode License (https://www.unicode.org/license.txt).
"""
import bz2, re, sys

path = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode/Unihan_Readings.txt.bz2"
print("/* Made by make_hanja.py from kHangul of Unihan_Readings.txt: character, reading. */")
row = []
for line in bz2.open(path, "rt", encoding="utf-8"):
    m = re.match(r"U\+([0-9A-F]{4})\tkHangul\t(.*)", line)
    if not m: continue
    for reading in re.findall("([\uac00-\ud7a3]):", m.group(2)):
        row.append("{0x%s, 0x%04X}," % (m.group(1), ord(reading)))
        if len(row) == 6: print(" ".join(row)); row = []
print(" ".join(row))
