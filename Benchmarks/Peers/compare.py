"""Steps of networks beside PyTorch's and JAX's, measured in turn: a table and a chart for docs/benchmarks.md.

    scripts/bench-peers [PRESETS]
"""
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
PAGE, CHART = HERE.parents[1] / "docs/benchmarks.md", HERE.parents[1] / "docs/peers.svg"
BEGIN, END = "<!-- Beside PyTorch and JAX: written by scripts/bench-peers. -->", "<!-- End of that. -->"
ROUNDS, SECONDS = 7, 0.4

# Without these PyTorch loses up to half its speed to page faults.
TUNED = dict(MALLOC_MMAP_THRESHOLD_="4294967296", MALLOC_TRIM_THRESHOLD_="8589934592", MALLOC_TOP_PAD_="268435456")


# Two threads of a process may else share one processor for milliseconds: each of PyTorch's is kept on its own, as ours are.
BOUND = dict(OMP_PROC_BIND="true", OMP_PLACES="threads")


class Contender:
    """A process that measures steps on demand, pinned to as many processors as it has threads."""

    def __init__(self, command, threads, environment={}):
        processors = sorted(os.sched_getaffinity(0))[:threads]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **environment}, preexec_fn=lambda: os.sched_setaffinity(0, processors))

    def __call__(self, workload, seconds=SECONDS):
        """The median step in microseconds; None for a workload that it has not got."""
        self.process.stdin.write(f"{workload} {seconds}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer: raise SystemExit(f"{self.process.args} ended at {workload}")
        return None if answer == "none" else float(answer)

    @property
    def peak(self):
        """The most memory that it has had, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def backends(benchmark):
    """The names of ours, the default one first."""
    text = subprocess.run([benchmark, "networks", "--help"], capture_output=True, text=True, check=True).stdout
    default = re.search(r"\(default:\s+(openblas|swift)\)", text)[1]
    return [default] + [name for name in ["openblas", "swift"] if name != default and name in text]


def contenders(benchmark, threads):
    """By name; a fresh process each, so that its memory is one workload's."""
    python = lambda script, *options: [sys.executable, str(HERE / script), *options]
    one = dict(XLA_FLAGS="--xla_cpu_multi_thread_eigen=false") if threads == 1 else {}
    all_ = {name: ([benchmark, "serve", "--backend", name, "--threads", str(threads), "--pin"], {}) for name in backends(benchmark)}
    all_["PyTorch"] = python("pytorch_steps.py", "--threads", str(threads)), TUNED | BOUND
    all_["PyTorch compiled"] = python("pytorch_steps.py", "--threads", str(threads), "--compile"), TUNED | BOUND
    all_["JAX"] = python("jax_steps.py"), one
    return {name: Contender(command, threads, environment) for name, (command, environment) in all_.items()}


def measured(benchmark, name, workload, threads):
    """A row: by contender the median time, and by backend of ours the ratios to the best peer."""
    running = contenders(benchmark, threads)
    times = {contender: [] for contender in running}
    for contender, ask in running.items(): ask(workload, 0.05)
    for _ in range(ROUNDS):
        for contender, ask in running.items():
            time = ask(workload)
            if time: times[contender].append(time)
    memory = {contender: ask.peak for contender, ask in running.items()}
    for ask in running.values(): ask.end()
    times = {contender: t for contender, t in times.items() if t}
    peers = {c: statistics.median(t) for c, t in times.items() if c[0].isupper()}
    best = min(peers, key=peers.get)
    row = dict(name=name, threads=threads, best=best, peer=peers[best], memory=memory)
    for backend in [c for c in times if c not in peers]:
        ratios = sorted(theirs / ours for theirs, ours in zip(times[best], times[backend]))
        quarter = len(ratios) // 4
        row[backend] = dict(time=statistics.median(times[backend]), ratio=statistics.median(ratios),
                            spread=(ratios[-1 - quarter] - ratios[quarter]) / 2)
    print(name, threads, {k: round(v["ratio"], 2) for k, v in row.items() if isinstance(v, dict) and "ratio" in v},
          best, file=sys.stderr, flush=True)
    return row


def table(rows, ours):
    head = ["preset", "best peer", "its µs"] + [f"{b}, {x}" for b in ours for x in ["µs", "ratio"]] + ["MB: ours, PyTorch's"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * 2 + " ---: |" * (len(head) - 2)]
    for row in rows:
        cells = [row["name"], row["best"], f"{row['peer']:.0f}"]
        for b in ours:
            cells += [f"{row[b]['time']:.0f}", f"{row[b]['ratio']:.2f} ±{row[b]['spread']:.2f}"]
        cells.append(f"{row['memory'][ours[0]]:.0f}, {row['memory']['PyTorch']:.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    means = [math.exp(statistics.fmean(math.log(row[b]["ratio"]) for row in rows)) for b in ours]
    lines += ["", "Geometric means: " + ", ".join(f"{b} {mean:.2f}" for b, mean in zip(ours, means)) + "."]
    return "\n".join(lines)


def chart(rows, backend):
    """Bars of the ratios, one thread above two."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    scale, top, left = 90, 44, 170
    widest = max(row[backend]["ratio"] for row in rows)
    width, height = left + scale * max(3, widest) + 70, top + 38 * len(names) + 20
    text = [f'''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" aria-label="Ratios to the best peer">
<style>
  text {{ font: 13px sans-serif; fill: #333 }} .one {{ fill: #1f6fd0 }} .two {{ fill: #d4471c }} line {{ stroke: #888 }}
  @media (prefers-color-scheme: dark) {{ text {{ fill: #ccc }} }}
</style>
<text x="10" y="20">The best peer's time over ours: one thread (blue), two (red); beyond the line ours is faster</text>''']
    for row in rows:
        y = top + 38 * names.index(row["name"]) + (0 if row["threads"] == 1 else 15)
        bar = scale * row[backend]["ratio"]
        text.append(f'<rect class="{"one" if row["threads"] == 1 else "two"}" x="{left}" y="{y}" width="{bar:.0f}" height="13"/>'
                    f'<text x="{left + bar + 6:.0f}" y="{y + 11}">{row[backend]["ratio"]:.2f}</text>')
    for index, name in enumerate(names):
        text.append(f'<text x="{left - 10}" y="{top + 38 * index + 19}" text-anchor="end">{name}</text>')
    text.append(f'<line x1="{left + scale}" x2="{left + scale}" y1="{top - 6}" y2="{height - 10}"/>\n</svg>')
    return "\n".join(text) + "\n"


def main():
    benchmark, wanted = sys.argv[1], sys.argv[2].split(",") if len(sys.argv) > 2 else []
    listing = subprocess.run([benchmark, "networks", "--list"], capture_output=True, text=True, check=True).stdout
    presets = [line.split() for line in listing.splitlines()]
    presets = [(name, workload) for name, workload in presets if not wanted or name in wanted]
    counts = [1, 2] if len(os.sched_getaffinity(0)) > 1 else [1]
    rows = [measured(benchmark, *preset, threads) for preset in presets for threads in counts]
    ours = backends(benchmark)
    import torch, jax
    processor = re.search("model name\\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    parts = [BEGIN, "## Beside PyTorch and JAX", f"""Median times of a step and ratios, the best peer's time over ours, of {ROUNDS} rounds in which all take their turn;
± half the distance between the ratios' quartiles. Peers are PyTorch {torch.__version__} with its allocator tuned, eager and compiled, and
JAX {jax.__version__}; the best of them stands in the row. Our threads and PyTorch's are kept on a processor each; JAX,
which has no such setting, is kept on as many processors. Written by `make bench-peers` on {processor[1] if processor else "this machine"}; *MB* is a process' greatest memory.""",
             "![Ratios to the best peer](peers.svg)"]
    for threads in counts:
        parts += [f"### {threads} thread{'s' if threads > 1 else ''}, pinned",
                  table([row for row in rows if row["threads"] == threads], ours)]
    text = "\n\n".join([*parts, END])
    if wanted: return print(text)
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(before.rstrip() + "\n\n" + text + "\n" + rest.partition(END)[2].lstrip("\n"))
    CHART.write_text(chart(rows, ours[0]))


main()
