"""A corpus of bad input, made by code: what each file or answer is, and what becomes of it.

``outcome`` is the code of a refusal of the whole, or the ids of rows that are read and the reasons
for which the others go to quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass

UNDECODABLE = "exchange.row.undecodable"
WRONG_KIND = "exchange.row.wrong_kind"
TOO_MANY = "exchange.row.too_many_cells"
TWICE = "exchange.row.duplicate_key"
MISSING = "exchange.row.missing"
BROKEN = "exchange.source.broken_file"
TOO_WIDE = "exchange.source.too_wide"
HEAD = "id,name,amount,day,at\n"


@dataclass(frozen=True)
class Bad:
    """One input: its sentence, the file's name and bytes, and the outcome."""

    what: str
    file: str
    content: bytes
    read: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    refused: str = ""
    encoding: str = "utf-8"


def csv(what: str, *rows: str, encoding: str = "utf-8", **outcome: object) -> Bad:
    """A CSV file of rows below the usual head."""
    content = (HEAD + "".join(f"{row}\n" for row in rows)).encode(encoding, "surrogatepass")
    return Bad(what, "t.csv", content, encoding=encoding, **outcome)  # type: ignore[arg-type]


def raw(what: str, file: str, content: bytes, **outcome: object) -> Bad:
    """A file of just these bytes."""
    return Bad(what, file, content, **outcome)  # type: ignore[arg-type]


_OK = "1,甲,1.50,2020-01-01,2020-01-01 10:00:00"
_HEAD = HEAD.encode()
CORPUS: tuple[Bad, ...] = (
    # encodings
    csv("GBK told as UTF-8 is marked", _OK, read=(1,)),
    raw("a line of GBK in a file of UTF-8", "t.csv",
        _HEAD + f"{_OK}\n".encode() + "2,乙乙,1,,\n".encode("gbk"),
        read=(1,), reasons=(UNDECODABLE,)),
    raw("a character cut at the file's end", "t.csv",
        _HEAD + f"{_OK}\n2,".encode() + "乙".encode()[:2], read=(1,), reasons=(UNDECODABLE,)),
    csv("all of GB18030, four bytes a character", "1,𠀀㐀,1,,", encoding="gb18030", read=(1,)),
    csv("UTF-16 with its mark", "1,甲𠀀,1,,", encoding="utf-16", read=(1,)),
    raw("UTF-16 without its mark", "t.csv", HEAD.encode("utf-16-le"), encoding="utf-16",
        refused=BROKEN),
    raw("half a pair of UTF-16 at the end", "t.csv",
        (HEAD + "1,甲,1,,\n2,").encode("utf-16") + b"\x00\xd8", read=(1,), reasons=(UNDECODABLE,)),
    raw("the mark of UTF-8", "t.csv", b"\xef\xbb\xbf" + _HEAD + _OK.encode(), read=(1,)),
    csv("Chinese in UTF-8 read as Latin-1 before", "1,\u00e4\u00b8\u00ad,1,,",
        reasons=(UNDECODABLE,)),
    csv("the replacement character", "1,a\ufffdb,1,,", reasons=(UNDECODABLE,)),
    raw("NUL inside a text", "t.csv", _HEAD + b"1,a\x00b,1,,\n", reasons=(UNDECODABLE,)),
    # quotes, rows, heads
    csv("a quote that is never closed", '1,"a,1,,', "2,b,1,,", refused=BROKEN),
    csv("a quote inside a quoted text that is not doubled", '1,"a"b",1,,', refused=BROKEN),
    csv("quotes doubled, a line inside", '1,"a""b\nc",1,,', read=(1,)),
    csv("a row too short", "1,a", "2,b,1,,", read=(1, 2)),
    csv("a row too long", "1,a,1,,,more", "2,b,1,,", read=(2,), reasons=(TOO_MANY,)),
    raw("two headings alike", "t.csv", b"id,name,name\n1,a,b\n", refused=BROKEN),
    raw("lines that end in CR LF", "t.csv", (HEAD + _OK + "\n").replace("\n", "\r\n").encode(),
        read=(1,)),
    raw("lines that end in CR", "t.csv", (HEAD + _OK + "\n").replace("\n", "\r").encode(),
        read=(1,)),
    raw("no row at all", "t.csv", _HEAD),
    raw("no byte at all", "t.csv", b"", refused="exchange.source.changed"),
    csv("a field of a million characters", f"1,{'长' * 1_000_000},1,,", read=(1,)),
    csv("a row of 17 million bytes", f"1,{'x' * 17_000_000},1,,", refused=TOO_WIDE),
    # numbers
    csv("a decimal with more digits than there is room for", "1,a,1.239,,", reasons=(WRONG_KIND,)),
    csv("a decimal too wide", f"1,a,{'9' * 40},,", reasons=(WRONG_KIND,)),
    csv("a decimal with commas between thousands", '1,a,"1,234.50",,', reasons=(WRONG_KIND,)),
    csv("a decimal with an exponent", "1,a,1e3,,", reasons=(WRONG_KIND,)),
    csv("no number", "1,a,NaN,,", reasons=(WRONG_KIND,)),
    csv("digits that are wide", "1,a,１２,,", reasons=(WRONG_KIND,)),
    csv("a whole number with a fraction", "1.5,a,1,,", reasons=(WRONG_KIND,)),
    csv("a whole number past 64 bits", "9223372036854775808,a,1,,", reasons=(WRONG_KIND,)),
    csv("zeros and signs that say nothing", "+01,a,-0.00,,", read=(1,)),
    # days and moments
    csv("the 30th of February", "1,a,1,2021-02-30,", reasons=(WRONG_KIND,)),
    csv("the 29th of February in a common year", "1,a,1,2021-02-29,", reasons=(WRONG_KIND,)),
    csv("the day of all zeros", "1,a,1,0000-00-00,", reasons=(WRONG_KIND,)),
    csv("the year 10000", "1,a,1,10000-01-01,", reasons=(WRONG_KIND,)),
    csv("a day that has a time of day", "1,a,1,2021-08-15 10:00:00,", reasons=(WRONG_KIND,)),
    csv("the 25th hour", "1,a,1,,2021-08-15 25:00:00", reasons=(WRONG_KIND,)),
    csv("more than millionths of a second", "1,a,1,,2021-08-15 10:00:00.1234567",
        reasons=(WRONG_KIND,)),
    csv("a moment with its zone", "1,a,1,,2021-08-15 10:00:00+08", read=(1,)),
    csv("infinity", "1,a,1,infinity,", reasons=(WRONG_KIND,)),
    # keys
    csv("one key twice", "1,a,1,,", "1,b,1,,", "2,c,1,,", read=(1, 2), reasons=(TWICE,)),
    csv("no key", ",a,1,,", "2,b,1,,", read=(2,), reasons=(MISSING,)),
    # JSON
    raw("a number with 26 digits", "t.json", b'[{"id":1,"name":12345678901234567890.123450}]',
        read=(1,)),
    raw("a list that breaks off", "t.json", b'[{"id":1},{"id":', refused=BROKEN),
    raw("a list without a comma", "t.json", b'[{"id":1}{"id":2}]', refused=BROKEN),
    raw("something behind the list", "t.json", b'[{"id":1}] x', refused=BROKEN),
    raw("no number in JSON", "t.json", b'[{"id":1,"amount":NaN}]', refused=BROKEN),
    raw("nulls inside, and in place of records", "t.json",
        b'[{"id":1,"name":{"a":[null,{"b":null}]},"amount":null},null,[]]',
        read=(1,), reasons=(TOO_MANY, TOO_MANY)),
    raw("a name twice in one record", "t.json", b'[{"id":1,"name":"a","name":"b"},{"id":2}]',
        read=(2,), reasons=(TOO_MANY,)),
    raw("half a pair of surrogates", "t.json", b'[{"id":1,"name":"\\ud800"}]',
        reasons=(UNDECODABLE,)),
    raw("an escaped NUL", "t.json", b'[{"id":1,"name":"a\\u0000b"}]', reasons=(UNDECODABLE,)),
    raw("nested a thousand times a hundred", "t.json", b'[{"id":1,"name":' + b"[" * 100_000,
        refused=BROKEN),
    raw("a line of JSON that breaks off", "t.jsonl", b'{"id":1}\n{"id":2', refused=BROKEN),
    raw("an empty line between lines of JSON", "t.jsonl", b'{"id":1}\n\n{"id":2}\n', read=(1, 2)),
    # other forms
    raw("Parquet that breaks off", "t.parquet", b"PAR1\x00\x00", refused=BROKEN),
    raw("a workbook that is none", "t.xlsx", b"PK\x03\x04 no", refused=BROKEN),
    raw("an old workbook", "t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", refused=BROKEN),
    raw("gzip that breaks off", "t.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b",
        refused=BROKEN),
    raw("a zip that is none", "t.csv.zip", b"PK no zip", refused=BROKEN),
    raw("a width that cuts a character", "t.fwf", "1   甲甲\n2   乙\n".encode("gb18030"),
        encoding="gb18030", read=(2,), reasons=(UNDECODABLE,)),
)  # fmt: skip
