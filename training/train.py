"""Trains the adapter of `edisi-draft`. See README.md for the command."""

import argparse
import ctypes
import json
import math
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

import data
from base import Base
from export import read_adapter
from model import Weights, gradients


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="gemma-3-270m-q4_k_m.gguf")
    parser.add_argument("--data", required=True, help="multiway.tsv")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints, the log and the process id")
    parser.add_argument("--steps", type=int, required=True, help="length of the run; may change when resuming")
    parser.add_argument("--groups", type=int, default=10, help="source texts per step, each with two of its targets")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--alpha", type=float, default=64)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--warmup", type=int, default=40, help="steps")
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--pack", type=int, default=800, help="most tokens computed at a time by a worker")
    parser.add_argument("--workers", type=int, default=2, help="packs computed side by side, one thread each")
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", help="a checkpoint or a folder in PEFT's format to begin from, instead of nothing")
    parser.add_argument("--drafts", help="a file of drafts.py: two groups of three come from it, and the loss is also the "
                        "risk of its drafts")
    parser.add_argument("--forms", type=Path, help="the folder of forms.py: half of the texts with established forms in "
                        "another language are read with these in them")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16"), default="auto",
                        help="of the weights; auto: bfloat16 where the processor multiplies it, else float32")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def keep_memory():
    """Asks glibc to keep freed memory: giving it back and faulting it in again costs more than the arithmetic."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, 1 << 34)  # M_TRIM_THRESHOLD
        libc.mallopt(-8, 2)  # M_ARENA_MAX
    except OSError:
        pass  # another C library: slower, nothing else


def chosen_dtype(name, device):
    """The type that `name` stands for; a processor without instructions for bfloat16 is five times slower in it."""
    if name != "auto":
        return getattr(torch, name)
    fast = torch.device(device).type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if fast else torch.float32


def packs_of(groups, tokenizer, index, limit, workers):
    """The groups as packs of at most about `limit` tokens, equally many and equally long for each worker; and the
    number of branches in them."""
    size = lambda tree: len(tree[0]) + sum(len(branch.ids) for branch in tree[1])
    trees = sorted(filter(None, (data.tree(tokenizer, g) for g in groups)), key=size, reverse=True)
    rounds = math.ceil(sum(map(size, trees)) / (limit * workers))
    bins = [[] for _ in range(min(rounds * workers, len(trees)))]
    for tree in trees:
        min(bins, key=lambda b: sum(map(size, b))).append(tree)
    return [data.pack(b, index) for b in bins], sum(len(branches) for _, branches in trees)


def save(folder: Path, step, seen, weights, optimizer):
    """Writes `last.pt` in one go, and the adapter beside it under the step's number."""
    adapter = {"step": step, "rank": weights.rank, "scale": weights.scale,
               "lora": {k: tuple(t.detach().cpu().clone() for t in pair) for k, pair in weights.lora.items()}}
    state = {**adapter, "seen": seen, "optimizer": optimizer.state_dict(), "rng": torch.get_rng_state()}
    for name, content in (("last.pt", state), (f"adapter-{step:06}.pt", adapter)):
        torch.save(content, folder / "partial")
        os.replace(folder / "partial", folder / name)


def main():
    args = arguments()
    keep_memory()
    if args.device == "cpu":
        torch.set_num_threads(1 if args.workers > 1 else os.cpu_count())
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "pid").write_text(str(os.getpid()))
    base = Base(args.base)
    rows = list(data.read_rows(args.data, "train"))
    kept = data.kept_tokens(base.tokenizer(), rows)
    if args.forms:
        data.read_forms(args.forms, rows)
    tokenizer = base.tokenizer(kept)
    dtype = chosen_dtype(args.dtype, args.device)
    weights = Weights(base, kept, args.rank, args.alpha, args.seed, args.device, dtype)
    if args.start:
        weights.set_adapter(*read_adapter(args.start))
    parameters = weights.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, betas=(0.9, 0.98), weight_decay=0.0)
    step = seen = 0
    if (args.out / "last.pt").exists():
        state = torch.load(args.out / "last.pt", map_location=args.device)
        weights.set_adapter(state["lora"], state["rank"], state["scale"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"].cpu())
        step, seen = state["step"], state["seen"]
    plain = seen // 3 if args.drafts else seen
    groups = data.stream(rows, args.seed, plain, 0 if args.start else data.WARM_GROUPS)
    if args.drafts:
        groups = data.with_drafts(groups, data.read_drafts(args.drafts, args.seed, rows), seen)
    stop = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(True))
    log = open(args.out / "log.jsonl", "a", buffering=1)
    saved = logged = time.time()
    losses, rewards, pairs_done = [], [], 0

    with ThreadPoolExecutor(args.workers) as pool:
        while step < args.steps and not stop:
            chosen = [next(groups) for _ in range(args.groups)]
            packs, pairs = packs_of(chosen, tokenizer, weights.index, args.pack, args.workers)
            seen += args.groups
            total = sum(p.weights.sum().item() for p in packs)
            weights.refresh()
            work = lambda p: gradients(weights, p.to(args.device), args.smoothing)
            loss = reward = 0.0
            for parameter in parameters:
                parameter.grad = None
            for part, rewarded, grads in pool.map(work, packs):
                loss += part / total
                reward += rewarded
                for parameter, grad in zip(parameters, grads):
                    parameter.grad = grad.float() if parameter.grad is None else parameter.grad.add_(grad)
            for parameter in parameters:
                parameter.grad.div_(total)
            norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0).item()
            done = step / args.steps
            rate = args.rate * min(1.0, (step + 1) / args.warmup) * (0.05 + 0.95 * (1 + math.cos(math.pi * done)) / 2)
            for entry in optimizer.param_groups:
                entry["lr"] = rate
            optimizer.step()
            step += 1
            losses.append(loss)
            drafted = sum(len(p.drafts) for p in packs)
            if drafted:
                rewards.append(reward / drafted)
            pairs_done += pairs
            if step % 10 == 0:
                now = time.time()
                log.write(json.dumps({"step": step, "groups": seen, "loss": round(sum(losses) / len(losses), 4),
                                      **({"reward": round(sum(rewards) / len(rewards), 4)} if rewards else {}),
                                      "norm": round(norm, 3), "rate": round(rate, 6),
                                      "pairs_per_s": round(pairs_done / (now - logged), 2), "time": int(now)}) + "\n")
                losses, rewards, pairs_done, logged = [], [], 0, now
            if time.time() - saved > args.save_minutes * 60:
                save(args.out, step, seen, weights, optimizer)
                saved = time.time()
    save(args.out, step, seen, weights, optimizer)


if __name__ == "__main__":
    main()
