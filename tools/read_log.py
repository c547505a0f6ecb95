#!/usr/bin/env python3
"""Recomputes every hash of an embedded log from its raw files.

Written from docs/log-format.md alone, with nothing but the standard library: a second opinion on what the program says.
Prints `position hash` for each record, and `sealed successor` where the log is sealed. Exit code 1, with the reason on stderr, where the files are not a whole log.
What follows the last record in the newest segment and is no record is reported and fails too: `kring` would cut it off
or refuse it (docs/log-format.md tells which).
"""
import argparse
import hashlib
import pathlib
import re
import struct
import sys

HEADER = struct.Struct("<8sHHI16sQQ16s32s32s")  # of a segment
FRAME = struct.Struct("<4sHHIIQqQQ16s32s32s")  # of a record, a claim or a seal
DECISION, CLAIM, SEAL, LOG_SEAL = 1, 2, 3, 4
MAX_BODY = 16 << 20
MAX_SUCCESSOR = 4096
NOTHING = bytes(32)


class Damaged(Exception):
    pass


def crc_table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


CRC_TABLE = list(crc_table())


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def without_checksum(data):
    return data[:12] + bytes(4) + data[16:]


def record_hash(history, position, previous, recorded_at, body):
    head = b"kring-record\0" + struct.pack("<H16sQ32sq", 1, history, position, previous, recorded_at)
    return hashlib.sha256(head + body).digest()


class Log:
    """How the log stands after what was read."""

    def __init__(self, checksums):
        self.checksums = checksums
        self.history = None
        self.epoch, self.writer = 0, bytes(16)
        self.position, self.head = 0, NOTHING
        self.sealed = False

    def read_header(self, data):
        if len(data) < HEADER.size:
            raise Damaged("the segment is too short")
        magic, version, zero, checksum, history, first, epoch, writer, previous, rest = HEADER.unpack_from(data)
        if magic != b"KRNGSEG\0":
            raise Damaged("this is no segment")
        if checksum != crc32c(without_checksum(data[:HEADER.size])):
            raise Damaged("the checksum of the segment's header does not match")
        if version != 1:
            raise Damaged(f"segment version {version} is unknown")
        if not any(history):
            raise Damaged("the segment belongs to no history")
        if self.history not in (None, history):
            raise Damaged("the segment belongs to another history")
        self.history = history
        if (first, epoch, writer, previous) != (self.position + 1, self.epoch, self.writer, self.head):
            raise Damaged(f"the segment does not follow position {self.position}")
        return first

    def read_frame(self, data, offset, first):
        """Returns the kind of the frame at `offset` and where it ends."""
        if offset + FRAME.size > len(data):
            raise Damaged("the frame is incomplete")
        (magic, version, kind, length, checksum, position, recorded_at, epoch, durable, writer, previous,
         hashed) = FRAME.unpack_from(data, offset)
        end = offset + FRAME.size + length
        if magic != b"KRNG":
            raise Damaged("no frame begins here")
        if length > MAX_BODY or end > len(data):
            raise Damaged("the frame is incomplete")
        if self.checksums and checksum != crc32c(without_checksum(data[offset:end])):
            raise Damaged("the checksum does not match")
        if version != 1:
            raise Damaged(f"frame version {version} is unknown")
        body = data[offset + FRAME.size:end]
        if kind == DECISION:
            self.take_record(position, recorded_at, epoch, writer, previous, hashed, body)
        elif kind == CLAIM:
            if epoch != self.epoch + 1 or body != self.history or position != 0:
                raise Damaged("the claim does not count")
            self.epoch, self.writer = epoch, writer
        elif kind == SEAL:
            count = struct.pack("<Q", self.position - first + 1)
            if (position, previous, epoch, writer, body) != (self.position, self.head, self.epoch, self.writer, count):
                raise Damaged("the seal does not fit the records before it")
            if end != len(data):
                raise Damaged("the segment goes on behind its seal")
        elif kind == LOG_SEAL:
            if (position, previous, epoch, writer) != (self.position, self.head, self.epoch, self.writer) or epoch == 0:
                raise Damaged("the seal of the log does not fit the records before it")
            if not 0 < length <= MAX_SUCCESSOR:
                raise Damaged("the seal of the log names no successor")
            if any(data[end:]):
                raise Damaged("the log goes on behind its seal")
            self.sealed = True
            print("sealed", body.decode(errors="replace"))
        else:
            raise Damaged(f"frame kind {kind} is unknown")
        return kind, end

    def take_record(self, position, recorded_at, epoch, writer, previous, hashed, body):
        if (epoch, writer) != (self.epoch, self.writer):
            raise Damaged("the record is not of the current writer")
        if position != self.position + 1:
            raise Damaged(f"the record has position {position}")
        if previous != self.head:
            raise Damaged("the record does not follow the one before it")
        if hashed != record_hash(self.history, position, previous, recorded_at, body):
            raise Damaged("the hash is not that of the content")
        self.position, self.head = position, hashed
        print(position, hashed.hex())


def read_segment(log, path, newest):
    data = path.read_bytes()
    offset = 0
    try:
        first = log.read_header(data)
        if path.name != f"{first:020}.kring":
            raise Damaged("the name of the file is not its first position")
        offset = HEADER.size
        while True:
            if newest and not any(data[offset:]):
                return
            kind, end = log.read_frame(data, offset, first)
            if kind == SEAL:
                return
            if kind == LOG_SEAL:
                if not newest:
                    raise Damaged("a segment follows the seal of the log")
                return
            offset = end
    except Damaged as damage:
        raise Damaged(f"position {log.position + 1}, file {path}, offset {offset}: {damage}") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("directory", type=pathlib.Path, help="the directory with the segment files")
    parser.add_argument("--checksums", action="store_true", help="check the CRC-32C of each frame too (slow)")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.directory.iterdir() if re.fullmatch(r"\d{20}\.kring", path.name))
    log = Log(arguments.checksums)
    try:
        for path in paths:
            read_segment(log, path, newest=path == paths[-1])
    except Damaged as damage:
        sys.stdout.flush()
        print(damage, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
