"""A small mail server that accepts everything and delivers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LARGEST = 50_000_000


class Catcher:
    """Speaks just enough SMTP and hands every message to ``keep``."""

    def __init__(self, keep: Callable[[bytes], object]) -> None:
        self.keep = keep

    async def serve(self, port: int) -> None:
        """Answer until cancelled."""
        server = await asyncio.start_server(self._session, "127.0.0.1", port, limit=LARGEST)
        async with server:
            await server.serve_forever()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._say(writer, "220 mail catcher of the demo")
            while line := await reader.readline():
                if not await self._command(line.decode("latin-1").strip(), reader, writer):
                    break
        except (OSError, asyncio.LimitOverrunError, ValueError):
            pass  # the sender hung up or sent nonsense
        finally:
            writer.close()

    async def _command(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        word = line.split(" ")[0].upper()
        if word == "DATA":
            await self._say(writer, "354 go on")
            data = await _read_message(reader)
            await asyncio.to_thread(self.keep, data)
            await self._say(writer, "250 kept")
        elif word == "EHLO":
            await self._say(
                writer, "250-demo", f"250-SIZE {LARGEST}", "250-8BITMIME", "250 SMTPUTF8"
            )
        elif word == "QUIT":
            await self._say(writer, "221 bye")
        elif word in ("HELO", "MAIL", "RCPT", "RSET", "NOOP"):
            await self._say(writer, "250 ok")
        else:
            await self._say(writer, "502 not known here")
        return word != "QUIT"

    async def _say(self, writer: asyncio.StreamWriter, *lines: str) -> None:
        writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await writer.drain()


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """Read up to the lonely dot, undoing the doubled ones."""
    lines = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)
