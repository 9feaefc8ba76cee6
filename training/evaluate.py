"""Scores an adapter on the dev split: greedy drafts, BLEU and chrF by sacrebleu, per direction."""

import argparse
import time
from pathlib import Path

import sacrebleu
import torch

import data
from base import NEWLINE, Base
from export import read_adapter
from model import Weights, decode, loss_of
from train import chosen_dtype

BLEU_TOKENIZER = {"zh": "zh", "ja": "char"}


def load(base, path, kept, device, dtype=torch.bfloat16):
    """The merged model with the adapter of `path`: a `.pt` checkpoint or a PEFT folder."""
    lora, rank, scale = read_adapter(path)
    weights = Weights(base, kept, rank, scale * rank, device=device, dtype=dtype)
    weights.set_adapter(lora, rank, scale)
    weights.merge()
    return weights


def translate(weights, tokenizer, texts, source, target, batch=20):
    """Greedy drafts of `texts`, in their order; long ones are decoded together."""
    stop = weights.index[NEWLINE].item()
    prompts = [weights.index[torch.tensor(data.prompt(tokenizer, source, t, target))].tolist() for t in texts]
    order = sorted(range(len(texts)), key=lambda i: len(prompts[i]))
    drafts = [""] * len(texts)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        limit = 30 + 3 * max(len(prompts[i]) for i in chosen) // 2
        for i, out in zip(chosen, decode(weights, [prompts[i] for i in chosen], stop, limit)):
            drafts[i] = tokenizer.decode(weights.kept[out].tolist()).strip()
    return drafts


@torch.no_grad()
def answer_loss(weights, tokenizer, rows, source, target):
    """Mean cross-entropy per reference token: a cheap sign of progress, comparable between checkpoints only."""
    total = count = 0.0
    for row in rows:
        tree = data.tree(tokenizer, data.Group(source, row[source], {target: row[target]}))
        if tree:
            pack = data.pack([tree], weights.index).to(weights.device)
            pack.weights.fill_(1.0)
            total += loss_of(weights, pack, weights.working, 0.0)[0].item()
            count += len(pack.targets)
    return total / count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--adapter", required=True, help="checkpoint (.pt) or folder with adapter_model.safetensors")
    parser.add_argument("--kept", default="../models/edisi-draft/vocab-kept.txt", help="the shipped vocabulary")
    parser.add_argument("--pairs", default="id-en,id-zh,id-ja,id-ar,id-fr",
                        help="directions; id-en-fr translates through English")
    parser.add_argument("--lines", type=int, default=300, help="evenly spread over the split")
    parser.add_argument("--loss", action="store_true", help="only the loss on the references, no drafts")
    parser.add_argument("--drafts", type=Path, help="folder for the drafts, one file per direction")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    base = Base(args.base)
    kept = data.read_ranges(args.kept)
    tokenizer = base.tokenizer(kept)
    dev = list(data.read_rows(args.data, "dev"))
    weights = load(base, args.adapter, kept, args.device, chosen_dtype("auto", args.device))
    chosen = [dev[i * len(dev) // args.lines] for i in range(args.lines)]
    for direction in args.pairs.split(","):
        started = time.time()
        langs = direction.split("-")
        if args.loss:
            print(f"{direction}\t{answer_loss(weights, tokenizer, chosen, *langs):.4f}", flush=True)
            continue
        texts = [row[langs[0]] for row in chosen]
        for source, target in zip(langs, langs[1:]):
            texts = translate(weights, tokenizer, texts, source, target)
        references = [[row[langs[-1]] for row in chosen]]
        bleu = sacrebleu.corpus_bleu(texts, references, tokenize=BLEU_TOKENIZER.get(langs[-1], "13a"))
        chrf = sacrebleu.corpus_chrf(texts, references)
        print(f"{direction}\t{bleu.score:.1f}\t{chrf.score:.1f}\t{time.time() - started:.0f} s", flush=True)
        if args.drafts:
            args.drafts.mkdir(parents=True, exist_ok=True)
            (args.drafts / f"{direction}.txt").write_text("\n".join(texts) + "\n")


if __name__ == "__main__":
    main()
