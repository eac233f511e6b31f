"""Random LoRA adapters saved by the PEFT library, with what transformers answers through them: adapters.py [VARIANT...]"""

import json
import os
import shutil
import sys
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoTokenizer

import expect
import quantised
import tiny
import words

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# name: (about, base, LoraConfig, stored as)
VARIANTS = {
    "peft-all": ("LoRA r 4 on all seven modules of all layers", "llama-untied", dict(target_modules=ALL, lora_alpha=8), "float32"),
    "peft-patterns": ("rank_pattern, alpha_pattern and the last two of three layers", "llama-one-kv-head",
        dict(target_modules=ALL, lora_alpha=8, layers_to_transform=[1, 2],
             rank_pattern={"down_proj": 2, r"layers\.2\.self_attn\.q_proj": 6}, alpha_pattern={"down_proj": 5, "k_proj": 16}), "float32"),
    "peft-rslora": ("rslora on some modules of a Qwen3, stored as bfloat16, with dropout that serving ignores", "qwen3",
        dict(target_modules=["q_proj", "v_proj", "down_proj"], lora_alpha=8, use_rslora=True, lora_dropout=0.1), "bfloat16"),
    "peft-biases": ("LoRA on a Qwen2 with biases, stored as float16", "qwen2-tied", dict(target_modules=ALL, lora_alpha=6), "float16"),
    "peft-gguf": ("LoRA in Hugging Face row order on a GGUF base whose q and k are permuted", "gguf-q8_0",
        dict(target_modules=ALL, lora_alpha=8), "float32"),
}


def base(name):
    """The base in float32, its tokenizer and where expected.json says it is."""
    home = os.path.join(expect.HOME, name)
    if not name.startswith("gguf"):
        return expect.load(os.path.join(home, "model")), AutoTokenizer.from_pretrained(os.path.join(home, "model")), "model"
    model = expect.load(home, gguf_file="model.gguf")
    model.hf_quantizer = None
    with tempfile.TemporaryDirectory() as folder:
        words.write(folder, tiny.FAMILY[quantised.VARIANTS[name][1]][2])
        return model, AutoTokenizer.from_pretrained(folder), "model.gguf"


def fill(model, seed):
    """Updates about half as large as the weights they change."""
    draw = torch.Generator().manual_seed(seed)
    for name, weight in sorted(model.named_parameters()):
        if "lora_A" in name:
            weight.data = torch.randn(weight.shape, generator=draw) * weight.shape[1] ** -0.5
        elif "lora_B" in name:
            weight.data = torch.randn(weight.shape, generator=draw) * 0.1
    return model.eval()


def save(model, folder, name):
    """As PEFT writes it, less its model card and this machine's path."""
    model.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    with open(path) as source:
        config = json.load(source)
    config["base_model_name_or_path"] = name
    config["target_modules"] = sorted(config["target_modules"])
    with open(path, "w") as out:
        json.dump(config, out, indent=2)
        out.write("\n")


def make(name, seed):
    about, of, changes, stored = VARIANTS[name]
    home = os.path.join(expect.HOME, name)
    folder = os.path.join(home, "adapter")
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(folder)
    model, tokenizer, file = base(of)
    model = fill(get_peft_model(model, LoraConfig(r=4, task_type="CAUSAL_LM", **changes)), seed)
    save(model.to(getattr(torch, stored)) if stored != "float32" else model, folder, of)

    model, _, _ = base(of)
    before = [expect.logits(model, p["ids"]) for p in expect.prompts(tokenizer)]
    model = PeftModel.from_pretrained(model, folder).eval()
    found, arrays = expect.answers(model, tokenizer)
    special = {tokenizer.convert_tokens_to_ids(token) for token in words.SPECIAL}
    if not expect.calm(found, set(range(len(tokenizer))) - special, different=6):
        return False
    assert all(expect.cached(model, p["ids"]) == p["greedy"] for p in found), "generate() disagrees"
    scales = {n.removeprefix("base_model.model."): m.scaling["default"] for n, m in model.named_modules() if hasattr(m, "lora_A")}
    moved = min((a - expect.logits(model, p["ids"])).abs().mean().item() for a, p in zip(before, found))
    expect.write(home, {
        "about": about, "seed": seed, "model": f"../{of}/{file}", "adapter": "adapter", "scales": scales, "prompts": found,
        "tolerance": {"float32": 1e-4},
    }, arrays)
    print(name, "seed", seed, "margins", [p["margin"] for p in found], "logits moved by", round(moved, 3), flush=True)
    return True


def exported(name="peft-exported", of="llama-one-kv-head"):
    """What PEFT makes of a folder that Apprentice wrote: peft-patterns, read and written again (ReferenceTest compares the bytes)."""
    home = os.path.join(expect.HOME, name)
    model, tokenizer, file = base(of)
    model = PeftModel.from_pretrained(model, os.path.join(home, "adapter")).eval()
    found, arrays = expect.answers(model, tokenizer)
    assert all(expect.cached(model, p["ids"]) == p["greedy"] for p in found), "generate() disagrees"
    scales = {n.removeprefix("base_model.model."): m.scaling["default"] for n, m in model.named_modules() if hasattr(m, "lora_A")}
    expect.write(home, {
        "about": "written by Apprentice, read by PEFT", "seed": 0, "model": f"../{of}/{file}", "adapter": "adapter", "scales": scales,
        "prompts": found, "tolerance": {"float32": 1e-4},
    }, arrays)


if __name__ == "__main__":
    if sys.argv[1:] == ["exported"]:
        sys.exit(exported())
    for variant in sys.argv[1:] or VARIANTS:
        assert any(make(variant, seed) for seed in range(1, 200)), variant
