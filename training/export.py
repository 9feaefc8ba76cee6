"""Adapters in PEFT's format: reads them, and writes checkpoints of `train.py` as one, in bfloat16.

Checkpoints of one run are averaged matrix by matrix. Those of different runs cannot be, since each has its own
directions; what they add to the weights can: `--blend` puts the matrices of both side by side, and the ranks add up
(Wortsman et al. 2022, "Model soups"). `--rank` then keeps the strongest directions of the sum.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

CONFIG = {
    "base_model_name_or_path": "google/gemma-3-270m",
    "bias": "none",
    "fan_in_fan_out": False,
    "inference_mode": True,
    "lora_dropout": 0.0,
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    "use_dora": False,
    "use_rslora": False,
}


PEFT_NAME = "base_model.model.model.layers.{}.lora_{}.weight"


def read_adapter(path):
    """The (A, B) pairs by name, the rank and the scale of a `.pt` checkpoint or a folder in PEFT's format."""
    if not Path(path).is_dir():
        state = torch.load(path, map_location="cpu")
        return state["lora"], state["rank"], state["scale"]
    config = json.loads((Path(path) / "adapter_config.json").read_text())
    tensors = load_file(Path(path) / "adapter_model.safetensors")
    suffix = PEFT_NAME.format("", "A")[len("base_model.model.model.layers.") :]
    names = [n.removeprefix("base_model.model.model.layers.").removesuffix(suffix) for n in tensors if n.endswith(suffix)]
    lora = {name: tuple(tensors[PEFT_NAME.format(name, part)].float() for part in "AB") for name in names}
    return lora, config["r"], config["lora_alpha"] / config["r"]


def averaged(paths):
    """The adapters' (A, B) pairs, each matrix averaged, in float32; their rank and alpha."""
    adapters = [read_adapter(path) for path in paths]
    first, rank, scale = adapters[0]
    if any((r, s) != (rank, scale) for _, r, s in adapters):
        raise SystemExit("adapters of different rank or scale cannot be averaged")
    mean = lambda tensors: torch.stack(tensors).mean(0)
    lora = {name: tuple(map(mean, zip(*(pairs[name] for pairs, _, _ in adapters)))) for name in first}
    return lora, rank, scale * rank


def blended(parts):
    """The weighted sum of what adapters add to the weights: `parts` are (share, pairs, rank, alpha) of each. Its pairs,
    its rank and its alpha, which is the rank."""
    lora = {}
    for name in parts[0][1]:
        downs = [pairs[name][0] for _, pairs, _, _ in parts]
        ups = [share * alpha / rank * pairs[name][1] for share, pairs, rank, alpha in parts]
        lora[name] = torch.cat(downs), torch.cat(ups, 1)
    rank = sum(rank for _, _, rank, _ in parts)
    return lora, rank, rank


def reduced(lora, rank, alpha, to):
    """The nearest adapter of rank `to` (truncated singular value decomposition); its pairs, rank and alpha, and the share
    of the squares of what it adds to the weights that it keeps."""
    out, kept, whole = {}, 0.0, 0.0
    for name, (a, b) in lora.items():
        (left, r_left), (right, r_right) = torch.linalg.qr(alpha / rank * b), torch.linalg.qr(a.T)
        u, s, v = torch.linalg.svd(r_left @ r_right.T)
        root = s[:to].sqrt()
        out[name] = (root[:, None] * v[:to]) @ right.T, left @ u[:, :to] * root
        kept, whole = kept + s[:to].square().sum().item(), whole + s.square().sum().item()
    return out, to, to, kept / whole


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="+", help="checkpoints (.pt) or folders in PEFT's format")
    parser.add_argument("--blend", nargs=2, action="append", default=[], metavar=("SHARE", "ADAPTERS"),
                        help="another run's share of the whole, such as 0.35, and its checkpoints with commas between them; "
                        "may be given again")
    parser.add_argument("--rank", type=int, help="the rank of the result; else that of all runs together")
    parser.add_argument("--out", required=True, type=Path, help="folder, such as models/edisi-draft")
    args = parser.parse_args()
    lora, rank, alpha = averaged(args.checkpoints)
    if args.blend:
        others = [(float(share), *averaged(paths.split(","))) for share, paths in args.blend]
        rest = 1 - sum(share for share, _, _, _ in others)
        lora, rank, alpha = blended([(rest, lora, rank, alpha), *others])
    if args.rank and args.rank < rank:
        lora, rank, alpha, kept = reduced(lora, rank, alpha, args.rank)
        print(f"rank {rank} keeps {kept:.2%} of the squares")
    tensors = {}
    for name, (a, b) in lora.items():
        for part, tensor in (("A", a), ("B", b)):
            tensors[PEFT_NAME.format(name, part)] = tensor.to(torch.bfloat16).contiguous()
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.out / "adapter_model.safetensors")
    config = dict(sorted({**CONFIG, "r": rank, "lora_alpha": alpha}.items()))
    (args.out / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
