"""What a piece of work costs: time, processor time of both sides, statements, memory."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Cost:
    """The sum of what was measured; ``count`` is the number of orders (or pages, or mails)."""

    count: int = 0
    wall: float = 0.0
    python: float = 0.0  # processor time of this process
    postgres: float = 0.0  # processor time of the database's backend; 0 where it runs elsewhere
    statements: int = 0

    def __iadd__(self, other: "Cost") -> "Cost":
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def work(self) -> float:
        """Processor time of both sides: what one core needs, whatever else runs on it."""
        return self.python + self.postgres

    @property
    def rate(self) -> float:
        """How many are done in a second of a core of their own."""
        return self.count / self.work if self.work else 0.0

    @property
    def wall_rate(self) -> float:
        """How many were done in a second by the clock."""
        return self.count / self.wall if self.wall else 0.0

    @property
    def each(self) -> float:
        """Statements for one."""
        return self.statements / self.count if self.count else 0.0


@dataclass
class Meter:
    """Measures what is done on one cursor, by stages."""

    cr: object
    stages: dict[str, Cost] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cr.execute("SELECT pg_backend_pid()")
        self._stat = Path(f"/proc/{self.cr.fetchone()[0]}/stat")

    def _backend(self) -> float:
        """Processor time the backend has used so far."""
        try:
            fields = self._stat.read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICK

    @contextmanager
    def stage(self, name: str, count: int) -> Iterator[None]:
        """Add what is done inside to the stage ``name``, as ``count`` pieces of work."""
        before = (
            time.perf_counter(),
            time.process_time(),
            self._backend(),
            self.cr.sql_log_count,
        )
        yield
        after = (
            time.perf_counter(),
            time.process_time(),
            self._backend(),
            self.cr.sql_log_count,
        )
        spent = [end - start for start, end in zip(before, after, strict=True)]
        self.stages.setdefault(name, Cost())
        self.stages[name] += Cost(count, *spent)


def resident() -> float:
    """The memory this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6
