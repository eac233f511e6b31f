"""Tiny random Hugging Face folders, one for each architecture variant, with what transformers answers: tiny.py [VARIANT...]"""

import json
import os
import shutil
import sys

import torch
from transformers import AutoTokenizer, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config
from transformers import LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM

import expect
import words

FAMILY = {
    "llama": (LlamaConfig, LlamaForCausalLM, "smollm"),
    "mistral": (MistralConfig, MistralForCausalLM, "smollm"),
    "qwen2": (Qwen2Config, Qwen2ForCausalLM, "qwen2"),
    "qwen3": (Qwen3Config, Qwen3ForCausalLM, "qwen2"),
}
BASE = dict(
    vocab_size=320, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=256, tie_word_embeddings=True, rms_norm_eps=1e-5,
)


def rope(kind, theta=10000.0, **more):
    return {"rope_type": kind, "rope_theta": theta, **more}


# Weights so small that bfloat16 kernels which round in another order stay within 2e-2 of each other.
QUIET = {"stored": "bfloat16", "quiet": True}

# name: (about, family, config, how it is written)
VARIANTS = {
    "llama-tied": ("Llama, tied embeddings, 4 query heads on 2 kv heads", "llama", {}, {}),
    "llama-untied": ("Llama, own output matrix, as many kv heads as heads, old config spelling", "llama",
        dict(tie_word_embeddings=False, num_key_value_heads=4, rope_parameters=rope("default", 5000.0)), {"old": "rope_type"}),
    "llama-one-kv-head": ("Llama, three layers, 4 query heads on 1 kv head, no head_dim or kv default written", "llama",
        dict(num_hidden_layers=3, num_key_value_heads=1), {"old": "rope_type", "drop": ["head_dim"]}),
    "llama-head-dim": ("Llama, 8 heads of 6 on 2 kv heads at hidden size 32 (heads x head_dim is not the hidden size)", "llama",
        dict(num_attention_heads=8, num_key_value_heads=2, head_dim=6), {}),
    "llama-biases": ("Llama with attention_bias and mlp_bias", "llama",
        dict(attention_bias=True, mlp_bias=True, tie_word_embeddings=False), {"old": "rope_type"}),
    "llama-rope-llama3": ("Llama 3.1 rope scaling, its pre-tokenizer, bos before raw text, list of eos", "llama",
        dict(rope_parameters=rope("llama3", 10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
             original_max_position_embeddings=96)), {"pre": "llama-bpe"}),
    "llama-rope-linear": ("linear rope scaling, old spelling with `type`", "llama",
        dict(rope_parameters=rope("linear", 10000.0, factor=2.5)), {"old": "type"}),
    "llama-rope-yarn": ("yarn rope scaling, new spelling", "llama",
        dict(head_dim=16, rope_parameters=rope("yarn", 10000.0, factor=4.0, original_max_position_embeddings=64)), {}),
    "llama-rope-dynamic": ("dynamic rope scaling within the original length, old spelling", "llama",
        dict(rope_parameters=rope("dynamic", 10000.0, factor=4.0)), {"old": "rope_type"}),
    "mistral": ("Mistral, no sliding window, untied", "mistral",
        dict(sliding_window=None, tie_word_embeddings=False, head_dim=8, rope_parameters=rope("default", 1000000.0)), {}),
    "qwen2-tied": ("Qwen2 (q, k, v biases), tied, more rows in the vocabulary than the tokenizer has", "qwen2",
        dict(vocab_size=336, rope_parameters=rope("default", 1000000.0)), {"old": "rope_type", "template": "file"}),
    "qwen2-untied": ("Qwen2, untied, new spelling", "qwen2",
        dict(tie_word_embeddings=False, rope_parameters=rope("default", 1000000.0)), {}),
    "qwen2-yarn": ("Qwen2 with yarn as Qwen2.5's model card writes it: `type`, its own betas and attention_factor", "qwen2",
        dict(rope_parameters=rope("yarn", 1000000.0, factor=4.0, original_max_position_embeddings=32, beta_fast=16.0, beta_slow=2.0,
             attention_factor=1.2)), {"old": "type"}),
    "qwen3": ("Qwen3 (q and k norms), heads x head_dim twice the hidden size", "qwen3",
        dict(head_dim=16, rope_parameters=rope("default", 1000000.0)), {"template": "file"}),
    "qwen3-untied": ("Qwen3, untied, old spelling, 4 query heads on 1 kv head", "qwen3",
        dict(head_dim=8, tie_word_embeddings=False, num_key_value_heads=1, rope_parameters=rope("default", 1000000.0)), {"old": "rope_type"}),
    "llama-sharded": ("Llama in three files with an index, stored as bfloat16", "llama",
        dict(tie_word_embeddings=False), {"stored": "bfloat16", "shard": "30KB"}),
    "llama-stored-fp16": ("Llama stored as float16", "llama", {}, {"stored": "float16"}),
    "llama-bf16": ("Llama, stored as bfloat16 and computed in bfloat16 too", "llama", {}, QUIET),
    "llama-biases-bf16": ("Llama with biases, computed in bfloat16 too", "llama",
        dict(attention_bias=True, mlp_bias=True, tie_word_embeddings=False), {**QUIET, "old": "rope_type"}),
    "qwen2-bf16": ("Qwen2, computed in bfloat16 too", "qwen2", dict(rope_parameters=rope("default", 1000000.0)), QUIET),
    "qwen3-bf16": ("Qwen3, computed in bfloat16 too", "qwen3",
        dict(head_dim=16, tie_word_embeddings=False, rope_parameters=rope("default", 1000000.0)), QUIET),
}


def fill(model, seed, quiet=False):
    """Random weights with some life in them: sharp attention, layers louder than the embedding, norms that are not one."""
    table, score, layer = (0.03, 0.8, 0.7) if quiet else (0.2, 1.5, 1.0)
    draw = torch.Generator().manual_seed(seed)
    width = model.config.hidden_size ** -0.5
    for name, weight in sorted(model.named_parameters()):
        noise = torch.randn(weight.shape, generator=draw)
        if weight.dim() == 1:
            noise = 1 + 0.1 * noise if "norm" in name else 0.1 * noise
        elif "embed" in name or "lm_head" in name:
            noise = table * noise
        elif "q_proj" in name or "k_proj" in name:
            noise = score * width * noise
        elif "down_proj" in name:
            noise = layer * model.config.intermediate_size ** -0.5 * noise
        else:
            noise = layer * width * noise
        weight.data.copy_(noise)
    return model.eval()


def spell_old(folder, kind, drop):
    """Rewrites config.json as transformers 4 wrote it."""
    path = os.path.join(folder, "config.json")
    with open(path) as source:
        config = json.load(source)
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    scaling[kind] = scaling.pop("rope_type")
    config["rope_scaling"] = None if scaling[kind] == "default" else scaling
    config["torch_dtype"] = config.pop("dtype")
    for key in drop:
        config.pop(key, None)
    with open(path, "w") as out:
        json.dump(config, out, indent=2, sort_keys=True)
        out.write("\n")


def make(name, seed):
    about, family, changes, how = VARIANTS[name]
    config_type, model_type, pre = FAMILY[family]
    pre = how.get("pre", pre)
    home = os.path.join(expect.HOME, name)
    folder = os.path.join(home, "model")
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(folder)
    ids = {token: words.tokenizer(pre).token_to_id(token) for token in words.SPECIAL}
    special = dict(bos_token_id=ids["<|im_start|>"], eos_token_id=ids["<|im_end|>"], pad_token_id=ids["<|im_end|>"])
    model = fill(model_type(config_type(**{**BASE, **special, **changes})), seed, how.get("quiet", False))
    stored = how.get("stored", "float32")
    model.to(getattr(torch, stored)).save_pretrained(folder, max_shard_size=how.get("shard", "1GB"))
    words.write(folder, pre, where=how.get("template", "config"))
    if "old" in how:
        spell_old(folder, how["old"], how.get("drop", []))

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = expect.load(folder)
    found, arrays = expect.answers(model, tokenizer)
    ordinary = set(range(len(tokenizer))) - set(ids.values())
    quiet = how.get("quiet", False)
    if not expect.calm(found, ordinary, *((0.001, 2) if quiet else ())):
        return False
    assert all(expect.cached(model, p["ids"]) == p["greedy"] for p in found), "generate() disagrees"
    expected = {"about": about, "family": family, "seed": seed, "model": "model", "prompts": found, "tolerance": {"float32": 1e-4}}
    if quiet:
        noise = expect.bfloat16(folder, found, arrays)
        if noise["otherKernel"] > 0.007 or noise["float32"] > 0.008:
            return False
        expected["tolerance"]["bfloat16"] = 2e-2
        expected["bfloat16Distance"] = noise
    expect.write(home, expected, arrays)
    print(name, "seed", seed, "margins", [p["margin"] for p in found], "lengths", [len(p["ids"]) for p in found],
          expected.get("bfloat16Distance", ""), flush=True)
    return True


if __name__ == "__main__":
    for variant in sys.argv[1:] or VARIANTS:
        assert any(make(variant, seed) for seed in range(1, 200)), variant
