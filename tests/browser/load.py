"""Prints how long honest visitors wait while others ask for all they can get: medians and 95 %, in milliseconds.

python -m tests.browser.load [SECONDS]        of each attack; needs no browser; say what else the machine does meanwhile
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from urllib.parse import urlparse

import httpx

from explorer.serve import maps
from explorer.serve.pool import Pool
from tests.answers import honest
from tests.browser.conftest import start_app, stop_app
from tests.conftest import ROOT

ATTACKERS = 64
SECONDS = float(sys.argv[1]) if sys.argv[1:] else 20.0  # of each attack
ROWS = {"z": [0.5] * 10, "dimensions": list(range(10)), "span": "three"}
GAPS = {"top": [-1] * 256, "bottom": [-1] * 1024, "count": 32}

# A question, and what is asked of it besides what is honest.
DEAR = {
    "contractive/spectra": {},
    "contractive/direction": {},
    "beta_vae/gif_file": ROWS,
    "beta_vae/traversals": ROWS,
    "vq_vae_2/advance": GAPS,
    "denoising/denoise": {"times": 50},
}

Attack = Callable[[httpx.AsyncClient, str], Awaitable[int]]


def main() -> None:
    pool = Pool(ROOT / "checkpoints")
    server, address = start_app(ROOT / "checkpoints")
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
            asyncio.run(run(pool, address, elsewhere))
    finally:
        stop_app(server)


async def run(pool: Pool, address: str, elsewhere: Executor) -> None:
    body = body_of("autoencoder/decode", pool)
    elsewhere.submit(besiege, None, address, 0).result()  # its process has started, and read this file
    async with client() as one:
        await one.post(f"{address}/ask/autoencoder/decode", content=body)
    measure = partial(wait_beside, address, elsewhere, body)
    await measure("nobody else", None)
    for question, more in DEAR.items():
        await measure(f"{ATTACKERS} ask {question}", partial(asks, question, body_of(question, pool, more)))
    await measure(f"{ATTACKERS} send animations of 2.5 MB", animations)
    await measure(f"{ATTACKERS} ask and leave", partial(leaves, body_of("contractive/spectra", pool)))
    await measure(f"{ATTACKERS} drip bodies", drips)
    for visitors in (1, 4, 8):
        for time_around in ("first", "second"):
            await map_visitors(pool, address, visitors, time_around)


def client() -> httpx.AsyncClient:
    """One of many: without certificates, which would take longer to read than all the rest."""
    return httpx.AsyncClient(timeout=120, verify=False, trust_env=False)


def body_of(question: str, pool: Pool, more: dict | None = None) -> str:
    return json.dumps(honest.ask(question, pool, honest.checkpoint_for(question, pool)) | (more or {}))


async def wait_beside(address: str, elsewhere: Executor, body: str, name: str, attack: Attack | None) -> None:
    """Print how long a pad waits, asked ten times a second, while ATTACKERS go on without pause.

    These are in a process of their own: in this one the pad would wait for them, too.
    """
    end = time.monotonic() + SECONDS
    attackers = asyncio.get_running_loop().run_in_executor(elsewhere, besiege, attack, address, end)
    times, failed = await visit(address, ("autoencoder/decode", body), end)
    statuses = await attackers
    print(f"{name}: {figures(times)}, {failed} failed; attackers got {dict(statuses)}", flush=True)


def besiege(attack: Attack | None, address: str, end: float) -> Counter[int]:
    """What ATTACKERS got until that time: so many of each status, 0 where there was no answer."""
    statuses: Counter[int] = Counter()

    async def attacker() -> None:
        async with client() as one:
            while time.monotonic() < end:
                try:
                    statuses[await attack(one, address)] += 1
                except httpx.TransportError:
                    statuses[0] += 1

    async def all_of_them() -> None:
        await asyncio.gather(*(attacker() for _ in range(ATTACKERS)), return_exceptions=True)

    if attack:
        asyncio.run(all_of_them())
    return statuses


async def visit(address: str, question: tuple[str, str], end: float) -> tuple[list[float], int]:
    """Milliseconds of each answer, and how many were none."""
    times, failed = [], 0
    async with client() as one:
        while time.monotonic() < end:
            start = time.monotonic()
            answer = await one.post(f"{address}/ask/{question[0]}", content=question[1])
            times.append(1000 * (time.monotonic() - start))
            failed += answer.status_code != 200
            await asyncio.sleep(0.1)
    return times, failed


def figures(times: list[float]) -> str:
    if len(times) < 2:
        return f"{', '.join(f'{time:.0f}' for time in times) or 'none'} of {len(times)}"
    return f"median {statistics.median(times):.0f}, 95 % {statistics.quantiles(times, n=20)[-1]:.0f} of {len(times)}"


async def asks(question: str, body: str, one: httpx.AsyncClient, address: str) -> int:
    """Ask, and if turned away come back as soon as one may."""
    answer = await one.post(f"{address}/ask/{question}", content=body)
    await asyncio.sleep(float(answer.headers.get("retry-after", 0)))
    return answer.status_code


async def animations(one: httpx.AsyncClient, address: str) -> int:
    answer = await one.post(f"{address}/animation/gif?shape=200,1,112,111", content=bytes(200 * 112 * 111))
    await asyncio.sleep(float(answer.headers.get("retry-after", 0)))
    return answer.status_code


async def leaves(body: str, one: httpx.AsyncClient, address: str) -> int:
    try:
        await one.post(f"{address}/ask/contractive/spectra", content=body, timeout=0.3)
    except httpx.TimeoutException:
        return 0
    return 1


async def drips(one: httpx.AsyncClient, address: str) -> int:
    """A body that never ends, until the server has had enough."""
    at = urlparse(address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        writer.write(b"POST /ask/start/corrupt HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        while not reader.at_eof() and not reader._buffer:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.5)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return 408


async def map_visitors(pool: Pool, address: str, visitors: int, time_around: str) -> None:
    """Print how long visitors of maps wait who each hover over a model of their own."""
    large = [name for name in maps.names(pool) if pool.config(name)["family"] in ("contractive", "k_sparse")]
    times: dict[str, list[float]] = {"point": [], "near": []}  # the picture itself, and its neighbours
    statuses: Counter[tuple[str, int]] = Counter()

    async def hover(name: str) -> None:
        async with client() as one:
            for index in range(40):
                body = json.dumps({"checkpoint": name, "index": 7 * index})
                await asyncio.gather(*(wait_for(one, question, body) for question in times))
                await asyncio.sleep(0.1)

    async def wait_for(one: httpx.AsyncClient, question: str, body: str) -> None:
        start = time.monotonic()
        while (answer := await one.post(f"{address}/ask/map/{question}", content=body)).status_code == 503:
            statuses[question, 503] += 1
            await asyncio.sleep(float(answer.headers["retry-after"]))
        statuses[question, answer.status_code] += 1
        times[question].append(1000 * (time.monotonic() - start))

    await asyncio.gather(*(hover(name) for name in large[:visitors]))
    for question, waited in times.items():
        got = {status: count for (asked, status), count in statuses.items() if asked == question}
        name = f"{visitors} visitors on as many maps, {time_around} time, {question}"
        print(f"{name}: {figures(waited)}, {got}", flush=True)


if __name__ == "__main__":
    main()
