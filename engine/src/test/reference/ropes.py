"""What transformers makes of rotary settings: ../resources/model/ropes.json, a list of config, inverse frequencies and scale."""

import json
import os

from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "model", "ropes.json")
CONFIGS = [
    {"rope_theta": 10000.0},
    {"rope_theta": 500000.0, "rope_scaling": None},
    {"rope_parameters": {"rope_theta": 100000.0, "rope_type": "default"}},
    {"rope_theta": 50000.0, "rope_scaling": {"type": "linear", "factor": 2.5}},
    {"rope_parameters": {"rope_theta": 50000.0, "rope_type": "linear", "factor": 8.0}},
    {"rope_theta": 10000.0, "rope_scaling": {"type": "dynamic", "factor": 4.0}},
    {"rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192}},
    {"rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64}},
    {"rope_theta": 1000000.0, "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}},
    {"rope_theta": 1000000.0, "rope_scaling": {"rope_type": "yarn", "factor": 4.0}},
    {"rope_parameters": {"rope_theta": 10000.0, "rope_type": "yarn", "factor": 16.0, "original_max_position_embeddings": 64,
        "attention_factor": 0.75}},
    {"rope_parameters": {"rope_theta": 10000.0, "rope_type": "yarn", "factor": 40.0, "original_max_position_embeddings": 128,
        "mscale": 1.0, "mscale_all_dim": 0.5, "beta_fast": 16, "beta_slow": 2}},
    {"rope_parameters": {"rope_theta": 150000.0, "rope_type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096,
        "truncate": False}},
]

cases = []
for config in CONFIGS:
    made = LlamaConfig(hidden_size=128, num_attention_heads=4, max_position_embeddings=131072, **config)
    type_ = made.rope_parameters["rope_type"]
    if type_ == "default":
        inverse, scale = LlamaRotaryEmbedding.compute_default_rope_parameters(made)
    else:
        inverse, scale = ROPE_INIT_FUNCTIONS[type_](made, device="cpu")
    cases.append({"config": config, "inverse": inverse.tolist(), "scale": float(scale)})
with open(OUT, "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
