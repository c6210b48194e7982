"""Files made to harm or confuse a reader, each with the code it must be refused with."""

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from projects.interchange.refusal import RefusalCode
from projects.interchange.signature import OLE
from tests.projects.interchange.samples import HEAD, mspdi

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
ATTRIBUTES = " ".join(f'a{n}="1"' for n in range(5000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@dataclass(frozen=True)
class Hostile:
    """A file by name, and the codes that are an answer to it."""

    name: str
    make: Callable[[], bytes]
    codes: frozenset[RefusalCode]


def _one(name: str, make: Callable[[], bytes], *codes: RefusalCode) -> Hostile:
    return Hostile(name, make, frozenset(codes))


def _doctype(subset: str, use: str = "") -> bytes:
    return f"{DECLARATION}<!DOCTYPE Project {subset}><Project>{use}</Project>".encode()


def _utf16(content: bytes) -> bytes:
    return content.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def _zip(name: str, content: bytes, count: int = 1) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(count):
            archive.writestr(f"{index or ''}{name}", content)
    return stream.getvalue()


def _noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


def _ole(seed: int) -> bytes:
    """Return a compound file whose header is well-formed and whose sectors are noise."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0, 1, 0xFFFFFFFE, 0)
    return header.ljust(512, b"\xff") + _noise(20_000, seed)


def xml_files() -> Iterator[Hostile]:
    """Yield XML that is unsafe, out of measure or broken (SEC-20)."""
    unsafe, broken, unknown = RefusalCode.UNSAFE_XML, RefusalCode.BROKEN_FILE, RefusalCode.UNKNOWN_FORMAT
    secret = 'SYSTEM "file:///etc/passwd"'
    remote = 'SYSTEM "http://127.0.0.1:9/x.dtd"'
    yield _one("laughs", lambda: _doctype(f'[<!ENTITY l0 "ha">{LAUGHS}]', "&l9;"), unsafe)
    yield _one("quadratic", lambda: _doctype(f'[<!ENTITY a "{"x" * 50_000}">]', "&a;" * 5000), unsafe)
    yield _one("file-entity", lambda: _doctype(f"[<!ENTITY x {secret}>]", "<Name>&x;</Name>"), unsafe)
    yield _one("remote-entity", lambda: _doctype(f"[<!ENTITY x {remote}>]", "&x;"), unsafe)
    yield _one("parameter-entity", lambda: _doctype(f"[<!ENTITY % x {remote}>%x;]"), unsafe)
    yield _one("remote-dtd", lambda: _doctype(remote), unsafe)
    yield _one("public-dtd", lambda: _doctype(f'PUBLIC "-//A//B//EN" {remote[7:]}'), unsafe)
    yield _one("empty-dtd", lambda: _doctype("[]"), unsafe)
    yield _one("attlist", lambda: _doctype('[<!ATTLIST Project a CDATA "1">]'), unsafe)
    yield _one("utf16-dtd", lambda: _utf16(_doctype("[]")), unsafe)
    yield _one("deep", lambda: mspdi("<a>" * 100_000), unsafe)
    yield _one("many-attributes", lambda: mspdi(f"<a {ATTRIBUTES}/>"), unsafe)
    yield _one("huge-attribute", lambda: mspdi(f'<a b="{"x" * 20_000_000}"/>'), unsafe)
    yield _one("huge-text", lambda: mspdi(f"<Name>{'x' * 20_000_000}</Name>"), unsafe)
    yield _one("huge-comment", lambda: mspdi(f"<!--{'x' * 20_000_000}-->"), unsafe)
    yield _one("huge-cdata", lambda: mspdi(f"<Name><![CDATA[{'x' * 20_000_000}]]></Name>"), unsafe)
    yield _one("many-elements", lambda: mspdi("<a/>" * 2_000_001), unsafe)
    yield _one("latin-1", lambda: HEAD.replace("UTF-8", "ISO-8859-1").encode() + b"</Project>", unsafe)
    yield _one("utf-7", lambda: HEAD.replace("UTF-8", "UTF-7").encode() + b"</Project>", unsafe, broken)
    yield _one("cut-off", lambda: mspdi("<Tasks><Task>")[:-12], broken)
    yield _one("not-nested", lambda: mspdi("<Tasks><Task></Tasks></Task>"), broken)
    yield _one("bad-bytes", lambda: mspdi("<Name>#</Name>").replace(b"#", b"\xff\xfe"), broken)
    yield _one("undefined-entity", lambda: mspdi("<Name>&nbsp;</Name>"), broken)
    yield _one("two-roots", lambda: mspdi("") + b"<Project/>", broken)
    yield _one("foreign-root", lambda: b"<catalog><book/></catalog>", unknown)
    yield _one("html", lambda: b"<html><body><p>Plan</p></body></html>", unknown)


def other_files() -> Iterator[Hostile]:
    """Yield everything that is not XML: noise, archives, other people's formats, wrecks."""
    unknown, broken, empty = RefusalCode.UNKNOWN_FORMAT, RefusalCode.BROKEN_FILE, RefusalCode.EMPTY
    yield _one("empty", lambda: b"", empty)
    yield _one("blanks", lambda: b" \r\n\t" * 500, empty)
    yield _one("zeros", lambda: bytes(5000), empty)
    for seed in range(5):
        yield _one(f"noise-{seed}", lambda seed=seed: b"\x01" + _noise(50_000, seed), unknown)  # type: ignore[misc]
    yield _one("text", lambda: b"A plan: dig, build, paint.\n", unknown)
    yield _one("csv", lambda: b"id,name,start\n1,Dig,2026-03-02\n", unknown)
    yield _one("json", lambda: b'{"tasks": []}', unknown)
    yield _one("zip", lambda: _zip("plan.xml", mspdi("")), unknown)
    yield _one("zip-bomb", lambda: _zip("plan.mpp", bytes(40_000_000)), unknown)
    yield _one("zip-many", lambda: _zip("a.xml", b"<a/>", 2500), unknown)
    yield _one("zip-slip", lambda: _zip("../../etc/cron.d/x", b"* * * * * root id"), unknown)
    yield _one("gzip-bomb", lambda: gzip.compress(bytes(40_000_000)), unknown)
    yield _one("pdf", lambda: b"%PDF-1.7\n" + _noise(2000, 7), unknown)
    yield _one("png", lambda: b"\x89PNG\r\n\x1a\n" + _noise(2000, 8), unknown)
    yield _one("elf", lambda: b"\x7fELF" + _noise(2000, 9), unknown)
    yield _one("java-object", lambda: b"\xac\xed\x00\x05sr" + _noise(2000, 10), unknown)
    yield _one("java-class", lambda: b"\xca\xfe\xba\xbe" + _noise(2000, 11), unknown)
    yield _one("sqlite", lambda: b"SQLite format 3\x00" + _noise(2000, 12), unknown)
    yield _one("script", lambda: b"#!/bin/sh\nrm -rf /\n", unknown)
    for seed in range(3):
        yield _one(f"ole-{seed}", lambda seed=seed: _ole(seed), broken, unknown)  # type: ignore[misc]
    yield _one("ole-head", lambda: OLE, broken, unknown)
    yield _one("access", lambda: b"\x00\x01\x00\x00Standard Jet DB\x00" + _noise(9000, 13), broken, unknown)
    yield _one("xer-head", lambda: b"ERMHDR\t8.4\n" + _noise(5000, 14), broken, unknown)
    yield _one("mpx-noise", lambda: b"MPX," + _noise(5000, 15), broken, unknown)
