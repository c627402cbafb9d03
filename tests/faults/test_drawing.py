"""Whoever sends a picture has us read that one file and nothing else: no other file, no port, no program.

The system's own calls are watched, so that a library below Python is seen too.
"""

import json
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.given import a_picture

pytestmark = [pytest.mark.faults, pytest.mark.once]
CALLS = "open,openat,openat2,creat,execve,execveat,connect,sendto,sendmsg,bind"
OPENED = re.compile(r'open(?:at2?)?\((?:AT_FDCWD, |\d+, )?"([^"]*)"')
MUTATIONS = 60


def chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def a_png(width: int, height: int, *more: bytes, pixels: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def documents(file: str, url: str) -> dict[str, bytes]:
    """Things that are no pictures of ours and name a file and an address for whoever interprets them."""
    svg = (
        f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file://{file}">]><svg '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<image xlink:href="{url}"/><image xlink:href="{file}"/><text>&e;</text></svg>'
    )
    postscript = f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({file}) run ({file}) (r) file\n%%EOF\n"
    magick = f"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 '{url}'\npop graphic-context"
    return {
        "svg": svg.encode(),
        "svg.png": svg.encode(),
        "eps": postscript.encode(),
        "eps.jpg": postscript.encode(),
        "eps-with-preview": b"\xc5\xd0\xd3\xc6"
        + struct.pack("<7I", 32, 99, 0, 0, 0, 0, 0)
        + postscript.encode(),
        "mvg.gif": magick.encode(),
        "msl": f'<image><read filename="{file}"/><write filename="{file}.out"/></image>'.encode(),
        "pdf": f"%PDF-1.7\n1 0 obj<</Type/Filespec/F({file})/URI({url})>>endobj".encode(),
        "m3u": f"#EXTM3U\n#EXTINF:1,\n{url}\nfile://{file}\n".encode(),
        "wmf": b"\xd7\xcd\xc6\x9a" + bytes(40),
        "bmp": a_picture("BMP"),
        "tiff": a_picture("TIFF"),
        "ppm": a_picture("PPM"),
        "empty": b"",
    }


def polyglots(named: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pictures with a document before, behind or inside, and metadata that names what must not be read."""
    packet = named["svg"]
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, named["eps"].decode()
    return {
        "png-then-svg": a_picture("PNG") + packet,
        "gif-then-eps": a_picture("GIF") + named["eps"],
        "jpeg-then-pdf": a_picture("JPEG") + named["pdf"],
        "webp-then-svg": a_picture("WEBP") + packet,
        "jpeg-about": a_picture("JPEG", exif=exif, xmp=packet, comment=packet),
        "webp-about": a_picture("WEBP", exif=exif, xmp=packet),
        "svg-then-png": packet + a_picture("PNG"),
        "png-with-xmp": a_png(
            1, 1, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet), pixels=zlib.compress(bytes(4))
        ),
    }


def bombs() -> dict[str, bytes]:
    """A few bytes that unfold to much."""
    zeros = zlib.compress(bytes(30_000_000), 9)
    gif = bytearray(a_picture("GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    return {
        "bomb-wide": a_png(60_000, 60_000, pixels=zeros),
        "bomb-most": a_png(2**31 - 1, 2**31 - 1, pixels=zeros),
        "bomb-text": a_png(1, 1, *[chunk(b"zTXt", b"t\0\0" + zeros)] * 20, pixels=zlib.compress(bytes(4))),
        "bomb-profile": a_png(1, 1, chunk(b"iCCP", b"p\0\0" + zeros), pixels=zlib.compress(bytes(4))),
        "bomb-canvas": bytes(gif),
    }


def mutated() -> dict[str, bytes]:
    """Pictures with a few bytes changed and an end cut off, the same in each run."""
    chance, made = random.Random(14), {}
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        whole = a_picture(kind)
        for n in range(MUTATIONS):
            changed = bytearray(whole)
            for _ in range(chance.randint(1, 12)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            made[f"mutated-{kind}-{n}"] = bytes(changed[: chance.randint(len(changed) // 2, len(changed))])
    return made


def traced(folder: Path, begin: Path, trace: Path) -> dict[str, bool]:
    """Have everything in the folder drawn in a process of its own, and return what became a picture."""
    strace = shutil.which("strace")
    assert strace, "As root: apt-get install -y --no-install-recommends strace"
    watch = [strace, "-f", "-qq", "-s", "400", "-o", str(trace), "-e", f"trace={CALLS}"]
    child = [*watch, sys.executable, "-m", "tests.faults.drawing", str(folder), str(begin)]
    told = subprocess.run(
        child, capture_output=True, text=True, timeout=300, check=False, env=os.environ.copy()
    )
    assert told.returncode == 0, told.stderr
    return dict(json.loads(told.stdout))


def test_whatever_is_drawn_nothing_is_read_but_the_file_itself_nobody_called_and_no_program_started(
    tmp_path: Path,
) -> None:
    folder, begin, trace = tmp_path / "sent", tmp_path / "begin", tmp_path / "trace"
    canary = tmp_path / "canary"
    canary.write_text("secret")
    begin.write_text("")
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        named = documents(str(canary), f"http://127.0.0.1:{listening.getsockname()[1]}/x.png")
        harmless = {"plain": a_picture("PNG"), **polyglots(named)}
        sent = {**named, **harmless, **bombs(), **mutated()}
        for name, payload in sent.items():
            (folder / name).write_bytes(payload)
        drawn = traced(folder, begin, trace)
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    lines = trace.read_text(errors="replace").splitlines()
    start = next(n for n, line in enumerate(lines) if f'"{begin}", O_RDONLY' in line)
    after = [line for line in lines[start + 1 :] if "(" in line]
    opened = [found[1] for line in after if (found := OPENED.search(line))]
    assert {Path(path).name for path in opened} == set(sent), "the watch sees what is opened"
    assert not [path for path in opened if Path(path).parent != folder]
    assert not [line for line in after if not OPENED.search(line)]
    calls = [line for line in lines if not OPENED.search(line) and "(" in line]
    assert len(calls) == 1 and "execve(" in calls[0], "the child itself is started, then nobody is called"
    assert str(canary) not in trace.read_text(errors="replace")
    assert set(drawn) == set(sent)
    assert not [name for name in (*named, *bombs(), "svg-then-png") if drawn[name]]
    assert drawn["plain"] and drawn["jpeg-about"] and drawn["png-then-svg"]
