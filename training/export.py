"""Writes checkpoints of `train.py` as one adapter in PEFT's format: their average, in bfloat16."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

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


def averaged(paths):
    """The checkpoints' (A, B) pairs, each matrix averaged, in float32; their rank and alpha."""
    checkpoints = [torch.load(path, map_location="cpu") for path in paths]
    first = checkpoints[0]
    if any((c["rank"], c["scale"]) != (first["rank"], first["scale"]) for c in checkpoints):
        raise SystemExit("checkpoints of different rank or scale cannot be averaged")
    mean = lambda tensors: torch.stack(tensors).mean(0)
    lora = {name: tuple(map(mean, zip(*(c["lora"][name] for c in checkpoints)))) for name in first["lora"]}
    return lora, first["rank"], first["scale"] * first["rank"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="+")
    parser.add_argument("--out", required=True, type=Path, help="folder, such as models/edisi-draft")
    args = parser.parse_args()
    lora, rank, alpha = averaged(args.checkpoints)
    tensors = {}
    for name, (a, b) in lora.items():
        tensors[f"base_model.model.model.layers.{name}.lora_A.weight"] = a.to(torch.bfloat16).contiguous()
        tensors[f"base_model.model.model.layers.{name}.lora_B.weight"] = b.to(torch.bfloat16).contiguous()
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.out / "adapter_model.safetensors")
    config = dict(sorted({**CONFIG, "r": rank, "lora_alpha": alpha}.items()))
    (args.out / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
