"""The figures as tables."""

import platform
from importlib.metadata import version

from meter import Cost

STAGES = ("inbox", "import", "check", "release", "deliver", "invoice")
WAYS = ("naive", "batched", "product")


def add(total: dict[str, Cost], stages: dict[str, Cost]) -> None:
    """Add the costs of the stages to the total."""
    for name, cost in stages.items():
        total.setdefault(name, Cost())
        total[name] += cost


def whole(stages: dict[str, Cost]) -> Cost:
    """All stages together: the count stays that of the orders."""
    total = Cost()
    for cost in stages.values():
        total += cost
    total.count = max((cost.count for cost in stages.values()), default=0)
    return total


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cost: Cost | None) -> str:
    return f"{cost.rate:.1f} ({cost.each:.1f})" if cost else "-"


def ways(title: str, found: dict[str, dict[str, Cost]]) -> str:
    """Orders per second of one core and statements per order, stage by stage."""
    rows = [
        [stage, *(_cell(found[way].get(stage)) for way in WAYS)]
        for stage in STAGES
        if stage in found["product"]
    ]
    totals = {way: whole(found[way]) for way in WAYS}
    rows.append(["**together**", *(_cell(totals[way]) for way in WAYS)])
    rows.append(["by the clock", *(f"{totals[way].wall_rate:.1f}" for way in WAYS)])
    counts = ", ".join(f"{way} {totals[way].count}" for way in WAYS)
    head = ["stage", *WAYS]
    return "\n".join(
        [
            f"### {title}",
            "",
            f"Orders a second of one core (statements an order); orders done: {counts}.",
            "",
            _table(head, rows),
            "",
            *_ratios(found, totals),
        ]
    )


def _ratios(found: dict, totals: dict[str, Cost]) -> list[str]:
    product, batched, naive = (totals[way] for way in ("product", "batched", "naive"))
    ours, theirs = found["product"]["import"], found["batched"]["import"]
    return [
        f"- inbox to invoice: {product.rate / batched.rate:.2f} of the batched limit by processor "
        f"time, {product.wall_rate / batched.wall_rate:.2f} by the clock (bar 0.8)",
        f"- import: {ours.rate / theirs.rate:.2f}, by the clock "
        f"{ours.wall_rate / theirs.wall_rate:.2f} (bar 0.9)",
        f"- against the naive loop: {product.rate / naive.rate:.1f} times, by the clock "
        f"{product.wall_rate / naive.wall_rate:.1f} times (bar 3)",
    ]


def queries(found: dict) -> str:
    """Statements for one order, alone and in a batch."""
    rows = []
    for stage in STAGES:
        cells = [
            found[way][kind].get(stage)
            for way in ("batched", "product")
            for kind in ("single", "of 40")
        ]
        rows.append([stage, *(f"{cost.each:.1f}" if cost else "-" for cost in cells)])
    head = ["stage", "core alone", "core of 40", "product alone", "product of 40"]
    return "\n".join(["### Statements for an order with four goods", "", _table(head, rows)])


def stages(found: dict[str, Cost]) -> str:
    """What runs beside the orders' way."""
    rows = [[name, str(cost.count), f"{cost.wall_rate:.2f}"] for name, cost in found.items()]
    return "\n".join(
        ["### Beside the way", "", _table(["what", "count", "a second, by the clock"], rows)]
    )


def memory(rows: list) -> str:
    """The process's memory over the orders."""
    body = [[str(done), f"{size:.0f}", f"{work:.1f}"] for done, size, work in rows]
    return "\n".join(
        ["### Memory", "", _table(["orders done", "MB", "processor ms an order"], body)]
    )


def growth(found: dict) -> str:
    """How the cost of an order changed with the past."""
    rows = []
    for stage in (*STAGES, "together"):
        before, after = (
            whole(part["product"]) if stage == "together" else part["product"][stage]
            for part in (found["ways"], found["ways_with_history"])
        )
        rows.append(
            [
                stage,
                f"{1000 / before.rate:.2f}",
                f"{1000 / after.rate:.2f}",
                f"{before.rate / after.rate:.2f}",
            ]
        )
    head = ["stage", "ms before", "ms with the past", "ratio"]
    return "\n".join(["### The product's cost with a past", "", _table(head, rows)])


def text(found: dict) -> str:
    """The whole report."""
    options = found["options"]
    parts = [
        f"Python {platform.python_version()}, {options['orders']} orders, {options['lines']} goods "
        f"and shipping in each, turns of {options['round']}, psycopg2 {version('psycopg2-binary')}",
        ways("From the inbox to the posted invoice", found["ways"]),
    ]
    if "queries" in found:
        parts.append(queries(found["queries"]))
    if "stages" in found:
        parts.append(stages(found["stages"]))
    if "memory" in found:
        parts.append(memory(found["memory"]))
    if "ways_with_history" in found:
        title = f"The same with {options['history']:,} orders in the database"
        parts += [ways(title, found["ways_with_history"]), growth(found)]
    return "\n\n".join(parts)


def channels(found: dict[str, Cost]) -> str:
    """Orders imported a second, by channel; the first one is what the others are compared with."""
    first = next(iter(found.values()))
    rows = [
        [
            name,
            f"{cost.rate:.1f}",
            f"{cost.wall_rate:.1f}",
            f"{cost.each:.1f}",
            f"{cost.rate / first.rate:.2f}",
        ]
        for name, cost in found.items()
    ]
    head = ["channel", "orders a second of one core", "by the clock", "statements", "ratio"]
    return _table(head, rows)
