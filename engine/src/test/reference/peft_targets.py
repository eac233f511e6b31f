"""Which modules PEFT changes, how wide and how strongly, by adapter_config.json: ../resources/model/peft-targets.json"""

import json
import os

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "model", "peft-targets.json")
CONFIGS = [
    {"target_modules": ["q_proj", "v_proj"]},
    {"target_modules": ["self_attn.k_proj", "model.layers.1.mlp.up_proj"]},
    {"target_modules": ["q_proj", "model.layers.2.mlp.up_proj"], "layers_to_transform": [0, 1]},
    {"target_modules": ["q_proj", "down_proj"], "layers_to_transform": 1},
    {"target_modules": ["q_proj"], "layers_to_transform": [2], "layers_pattern": "layers"},
    {"target_modules": ["q_proj"], "layers_to_transform": [2], "layers_pattern": ["layers"]},
    {"target_modules": "all-linear"},
    {"target_modules": "all-linear", "exclude_modules": ["gate_proj", "model.layers.1.self_attn.q_proj"]},
    {"target_modules": r".*\.(q|k)_proj", "exclude_modules": r".*layers\.0.*"},
    {"target_modules": r"model\.layers\.[12]\.mlp\..*_proj"},
    {"target_modules": ["q_proj", "k_proj"], "rank_pattern": {r"layers.1.*q_proj": 2, "q_proj": 3}, "alpha_pattern": {"k_proj": 5}},
    {"target_modules": ["q_proj", "k_proj"], "rank_pattern": {r"^model.layers.0.self_attn.k_proj": 1}, "use_rslora": True},
    {"target_modules": ["q_proj"], "rank_pattern": {"roj": 2}, "alpha_pattern": {"model.layers.2.self_attn.q_proj": 7.5}},
]

cases = []
for config in CONFIGS:
    base = LlamaForCausalLM(LlamaConfig(vocab_size=12, hidden_size=8, intermediate_size=6, num_hidden_layers=3, num_attention_heads=2,
        num_key_value_heads=1))
    asked = {"r": 4, "lora_alpha": 6, **config}
    model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", **asked))
    modules = {name: {"rank": module.r["default"], "scale": module.scaling["default"]}
        for name, module in base.named_modules() if hasattr(module, "lora_A")}
    cases.append({"config": {"peft_type": "LORA", "task_type": "CAUSAL_LM", **asked}, "modules": modules})
with open(OUT, "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
