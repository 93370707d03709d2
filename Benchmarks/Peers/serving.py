"""How a peer is asked for its times: a workload and seconds a line on standard input, the median step's microseconds a line on
standard output. A step is built when it is first asked for, warmed up, and kept: peers can be measured in turn without starting again.

    mlp:in=784,hidden=256,out=10,batch=1,opt=sgd 0.5
"""
import statistics
import sys
import time


def parsed(workload):
    """The family and the parameters of FAMILY:key=value,…; what is a whole number becomes one, but lists of sizes."""
    family, _, rest = workload.partition(":")
    pairs = [pair.split("=") for pair in rest.split(",") if pair]
    number = lambda key, value: int(value) if value.isdigit() and key not in ("hidden", "convs") else value
    return family, {{"in": "inp"}.get(key, key): number(key, value) for key, value in pairs}


def timed(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def serve(build):
    """Answers until the input ends; `build(family, parameters)` gives a step, or None for a workload that it has not got."""
    steps = {}
    for line in sys.stdin:
        workload, seconds = line.split()
        if workload not in steps:
            step = steps[workload] = build(*parsed(workload))
            if step:
                for _ in range(5): step()
                for _ in range(int(min(50, 0.3 / timed(step)))): step()
        step = steps[workload]
        if step is None:
            print("none", flush=True)
            continue
        times, end = [], time.perf_counter() + float(seconds)
        while time.perf_counter() < end or len(times) < 5: times.append(timed(step))
        print(statistics.median(times) * 1e6, flush=True)
