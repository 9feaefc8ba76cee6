"""Draws drafts of training texts from a model and scores them against the references, for `train.py --drafts`."""

import argparse
import itertools
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from sacrebleu.metrics import BLEU, CHRF

import data
from base import NEWLINE, Base
from evaluate import BLEU_TOKENIZER, load
from model import decode
from train import chosen_dtype, keep_memory

# Of the jobs, how many go from this language into that one.
SHARES = {("id", "en"): 15, ("id", "zh"): 20, ("id", "ja"): 20, ("id", "ar"): 17, ("id", "fr"): 17,
          ("en", "zh"): 3, ("en", "ja"): 3, ("en", "ar"): 3, ("en", "fr"): 2}
LONGEST = 90  # tokens of a prompt
BATCH = 24  # texts decoded together


def jobs(rows, tokenizer, seed):
    """(source, target, text, reference, text as it is asked) of news rows, at random by `SHARES`, each once."""
    rng = random.Random(seed)
    queues = {}
    for pair in SHARES:
        source, target = pair
        queues[pair] = [(source, target, r[source], r[target], r.get("forms", {}).get(pair, r[source])) for r in rows
                        if r["source"] in data.NEWS and source in r and target in r]
        rng.shuffle(queues[pair])
    while any(queues.values()):
        pairs = [p for p in queues if queues[p]]
        job = queues[rng.choices(pairs, [SHARES[p] for p in pairs])[0]].pop()
        if len(data.prompt(tokenizer, job[0], job[4], job[1])) <= LONGEST:
            yield job


def batched(todo):
    """The jobs in batches, those of a batch of like length; the batches of a block in random order, so that a file that
    is cut short still holds texts of all lengths."""
    block, batches = BATCH * 20, []
    for at in range(0, len(todo), block):
        part = sorted(todo[at : at + block], key=lambda job: len(job[2]) * (2 if job[1] in ("ar", "ja") else 1))
        part = [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
        random.Random(at).shuffle(part)
        batches += part
    return batches


def rewards(drafts, reference, target):
    """Mean of chrF and smoothed BLEU of each draft, 0 to 1."""
    bleu = BLEU(tokenize=BLEU_TOKENIZER.get(target, "13a"), effective_order=True)
    chrf = CHRF()
    score = lambda draft: (bleu.sentence_score(draft, [reference]).score + chrf.sentence_score(draft, [reference]).score) / 200
    return [round(score(draft), 4) for draft in drafts]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--adapter", required=True, help="checkpoint (.pt) or folder in PEFT's format")
    parser.add_argument("--out", required=True, type=Path, help="JSON lines; what it has is not done again")
    parser.add_argument("--forms", type=Path, help="the folder of forms.py: texts are asked with these in them")
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--copies", type=int, default=6, help="drafts of each text")
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--workers", type=int, default=2, help="batches decoded side by side, one thread each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    keep_memory()
    if args.device == "cpu":
        torch.set_num_threads(1)
    base = Base(args.base)
    rows = list(data.read_rows(args.data, "train"))
    kept = data.kept_tokens(base.tokenizer(), rows)
    if args.forms:
        data.read_forms(args.forms, rows)
    tokenizer = base.tokenizer(kept)
    weights = load(base, args.adapter, kept, args.device, chosen_dtype("auto", args.device))
    stop = weights.index[NEWLINE].item()

    todo = list(itertools.islice(jobs(rows, tokenizer, args.seed), args.texts))
    batches = batched(todo)
    ends = list(itertools.accumulate(map(len, batches), initial=0))
    done = args.out.read_text(encoding="utf-8").count("\n") if args.out.exists() else 0
    if done not in ends:
        raise SystemExit(f"{args.out} ends within a batch: cut it to {max(e for e in ends if e < done)} lines")

    def run(number):
        batch = batches[number]
        prompts = [weights.index[torch.tensor(data.prompt(tokenizer, s, asked, t))].tolist()
                   for s, t, _, _, asked in batch]
        limit = 20 + 2 * max(map(len, prompts))
        generator = torch.Generator(args.device).manual_seed(args.seed * 100_003 + number)
        tokens = decode(weights, prompts, stop, limit, args.copies, args.temperature, generator)
        texts = [tokenizer.decode(weights.kept[t].tolist()).strip() for t in tokens]
        lines = []
        for i, (source, target, text, reference, _) in enumerate(batch):
            drafts = sorted(set(texts[i * args.copies : (i + 1) * args.copies]))
            lines.append({"source": source, "target": target, "text": text, "reference": reference,
                          "drafts": drafts, "rewards": rewards(drafts, reference, target)})
        return lines

    started, first = time.time(), ends.index(done)
    with ThreadPoolExecutor(args.workers) as pool, open(args.out, "a", encoding="utf-8") as file:
        for number, lines in enumerate(pool.map(run, range(first, len(batches))), first + 1):
            file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
            file.flush()
            each = (time.time() - started) / (number - first)
            print(f"\r{number}/{len(batches)} batches, {each:.1f} s each, {each * (len(batches) - number) / 60:.0f} min left",
                  end="", flush=True)
    print()


if __name__ == "__main__":
    main()
