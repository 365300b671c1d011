#!/usr/bin/env python3
"""Writes hanyang_table.inc: for each private-use code of Hanyang's word processor, the conjoining letters it stands for.

usage: src/text/make_hanyang.py TABLE > src/text/hanyang_table.inc
TABLE is the file `table` of the Rust crate hypua 0.2.0 (https://crates.io/crates/hypua), which is in the public domain
(Unlicense); it is only needed to make the table again. The codes were collected by the Hanyang PUA table project of the
Korean TeX users' group (KTUG).
"""
import sys

print("/* Made by make_hanyang.py from the table of hypua 0.2.0 (Unlicense): one to three letters by code. */")
row, previous = [], None
for line in sorted(open(sys.argv[1], encoding="ascii")):
    code, letters = line.split(",")
    code, letters = int(code, 16), [int(x, 16) for x in letters.split("&")]
    assert 0 < len(letters) <= 3
    place = "" if previous == code - 1 else "[INDEX(0x%X)] = " % code
    if row and (place or len(row) == 4): print(" ".join(row)); row = []
    row.append("%s{%s}," % (place, ", ".join("0x%04X" % x for x in letters)))
    previous = code
print(" ".join(row))
