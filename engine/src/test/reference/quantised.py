"""GGUF files, one for each quantisation and some for each architecture, with what transformers answers on the dequantised weights:
quantised.py [VARIANT...]"""

import json
import os
import shutil
import sys
import tempfile

import gguf
import numpy
import torch
from gguf import GGMLQuantizationType as Type
from transformers import AutoTokenizer

import expect
import tiny
import words
from tiny import rope

WIDE = dict(hidden_size=256, num_hidden_layers=1, num_attention_heads=8, num_key_value_heads=2, intermediate_size=256)
DULL = {"different": 3}  # random blocks make weights with a few strong directions, and so the same words again and again

# name: (about, family, config, matrices, other types by part of the name, how)
VARIANTS = {
    "gguf-f32": ("F32", "llama", {}, "F32", {}, {}),
    "gguf-f16": ("F16", "llama", {}, "F16", {}, {}),
    "gguf-bf16": ("BF16, alignment 64", "llama", {}, "BF16", {}, {"alignment": 64}),
    "gguf-q8_0": ("Q8_0", "llama", {}, "Q8_0", {}, {}),
    "gguf-q4_0": ("Q4_0, untied, Q8_0 output", "llama", dict(tie_word_embeddings=False), "Q4_0", {"output.weight": "Q8_0"}, {}),
    "gguf-q4_1": ("Q4_1, embedding Q8_0, as the default model", "llama", {}, "Q4_1", {"token_embd": "Q8_0"}, {}),
    "gguf-q5_0": ("Q5_0", "llama", {}, "Q5_0", {}, {}),
    "gguf-q5_1": ("Q5_1", "llama", {}, "Q5_1", {}, {}),
    "gguf-q4_k": ("Q4_K, embedding Q6_K, random blocks", "llama", WIDE, "Q4_K", {"token_embd": "Q6_K"}, DULL),
    "gguf-q5_k": ("Q5_K, embedding Q6_K, ffn_down Q5_1 as its rows are no multiple of 256, random blocks", "llama",
        {**WIDE, "intermediate_size": 64}, "Q5_K", {"token_embd": "Q6_K", "ffn_down": "Q5_1"}, DULL),
    "gguf-q6_k": ("Q6_K, embedding too, ffn_down Q8_0, random blocks", "llama",
        {**WIDE, "intermediate_size": 64}, "Q6_K", {"ffn_down": "Q8_0"}, DULL),
    "gguf-llama-biases": ("F16, Llama with attention_bias: the biases of q and k are permuted too", "llama",
        dict(attention_bias=True), "F16", {}, {}),
    "gguf-rope-freqs": ("F16, Llama 3 rope scaling by rope_freqs, llama-bpe, bos before raw text", "llama",
        tiny.VARIANTS["llama-rope-llama3"][2], "F16", {}, {"pre": "llama-bpe"}),
    "gguf-rope-linear": ("F16, linear rope scaling, head_dim 16 at hidden size 32", "llama",
        dict(head_dim=16, rope_parameters=rope("linear", 10000.0, factor=2.5)), "F16", {}, {}),
    "gguf-qwen2": ("Q8_0, Qwen2, untied, biases, not permuted, unused tokens at the end", "qwen2",
        dict(vocab_size=336, tie_word_embeddings=False, rope_parameters=rope("default", 1000000.0)), "Q8_0", {}, {}),
    "gguf-qwen2-yarn": ("F16, Qwen2 with yarn", "qwen2",
        dict(rope_parameters=rope("yarn", 1000000.0, factor=4.0, original_max_position_embeddings=32)), "F16", {}, {}),
    "gguf-qwen3": ("F16 with Q4_1 ffn_down, Qwen3, tied, q and k norms, not permuted", "qwen3",
        dict(head_dim=16, rope_parameters=rope("default", 1000000.0)), "F16", {"ffn_down": "Q4_1"}, {"different": 6}),
}

# Which bytes of a K-quant's block are half-precision scales: (first byte, first value, value that follows the deviation of the rest).
SCALES = {"Q4_K": [(0, 1.0), (2, 7.5)], "Q5_K": [(0, 1.0), (2, 15.5)], "Q6_K": [(208, 1.0)]}


def block(kind, weight, draw):
    """Random blocks of a K-quant, scaled so that the values spread as those of `weight` do; gguf itself cannot quantise to these."""
    type_ = Type[kind]
    size, width = gguf.GGML_QUANT_SIZES[type_]
    raw = draw.integers(0, 256, (weight.shape[0], weight.shape[1] // size, width), dtype=numpy.uint8)

    def scaled(by):
        out = raw.copy()
        for at, value in SCALES[kind]:
            scale = (value * by).astype(numpy.float16)
            out[..., at:at + 2] = scale[..., None].view(numpy.uint8)
        return out.reshape(weight.shape[0], -1)

    spread = gguf.dequantize(scaled(numpy.full(raw.shape[:2], 2.0 ** -8)), type_).std() * 2 ** 8
    return scaled(weight.std() / spread * draw.uniform(0.8, 1.2, raw.shape[:2]))


def pack(kind, weight, draw):
    if kind in SCALES:
        return block(kind, weight, draw)
    return gguf.quantize(weight, Type[kind])


def permute(weight, heads):
    """As llama.cpp's converter reorders the rows of q and k for architecture llama."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def unpermute(weight, heads):
    return weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def heads_of(name, family, config):
    """How many heads' rows a tensor of q or k holds; 0 for what is stored as it is."""
    if family != "llama":
        return 0
    return config.num_attention_heads if ".attn_q." in name else config.num_key_value_heads if ".attn_k." in name else 0


def rope_freqs(model):
    """The divisors of the default frequencies."""
    plain = 10000.0 ** -(torch.arange(0, model.config.head_dim, 2, dtype=torch.float) / model.config.head_dim)
    return (plain / model.model.rotary_emb.inv_freq).numpy()


def words_into(out, pre, folder, config):
    """The tokenizer as metadata."""
    tokenizer = words.write(folder, pre)
    special = [tokenizer.token_to_id(token) for token in words.SPECIAL]
    with open(os.path.join(folder, "tokenizer.json")) as source:
        merges = json.load(source)["model"]["merges"]
    texts = [tokenizer.id_to_token(i) or f"[PAD{i}]" for i in range(config.vocab_size)]
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre(pre)
    out.add_token_list(texts)
    out.add_token_types([3 if i in special else 5 if t.startswith("[PAD") else 1 for i, t in enumerate(texts)])
    out.add_token_merges([" ".join(pair) if isinstance(pair, list) else pair for pair in merges])
    out.add_bos_token_id(special[0 if pre == "llama-bpe" else 1])
    out.add_eos_token_id(special[2])
    out.add_pad_token_id(special[2])
    out.add_add_bos_token(pre == "llama-bpe")
    out.add_chat_template(words.template(pre))


def write(path, model, family, matrices, others, how, pre, folder, draw):
    config, names = model.config, gguf.get_tensor_name_map(gguf.MODEL_ARCH[family.upper()], model.config.num_hidden_layers)
    out = gguf.GGUFWriter(path, family)
    if "alignment" in how:
        out.add_custom_alignment(how["alignment"])
    out.add_type("model")
    out.add_name("tiny")
    out.add_block_count(config.num_hidden_layers)
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    out.add_head_count_kv(config.num_key_value_heads)
    out.add_layer_norm_rms_eps(config.rms_norm_eps)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    if head_dim * config.num_attention_heads != config.hidden_size:
        out.add_key_length(head_dim)
        out.add_value_length(head_dim)
    scaling = config.rope_parameters
    out.add_rope_freq_base(scaling["rope_theta"])
    if family == "llama":
        out.add_rope_dimension_count(head_dim)
        out.add_vocab_size(config.vocab_size)
    if scaling["rope_type"] in ("linear", "yarn"):
        out.add_rope_scaling_type(gguf.RopeScalingType[scaling["rope_type"].upper()])
        out.add_rope_scaling_factor(scaling["factor"])
    if scaling["rope_type"] == "yarn":
        out.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
    words_into(out, pre, folder, config)
    if scaling["rope_type"] == "llama3":
        out.add_tensor("rope_freqs.weight", rope_freqs(model))
    for name, weight in model.named_parameters():
        name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        weight = weight.detach().numpy()
        heads = heads_of(name, family, config)
        if heads:
            weight = permute(weight, heads)
        kind = next((kind for part, kind in others.items() if part in name), matrices) if weight.ndim > 1 else "F32"
        out.add_tensor(name, pack(kind, weight, draw), raw_dtype=Type[kind])
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def read_into(model, path, family):
    """Sets the weights to the file's, dequantised by gguf."""
    found = {t.name: torch.from_numpy(gguf.dequantize(t.data, t.tensor_type).copy()) for t in gguf.GGUFReader(path).tensors}
    found.pop("rope_freqs.weight", None)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[family.upper()], model.config.num_hidden_layers)
    for name, parameter in model.named_parameters():
        name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        weight = found.pop(name)
        heads = heads_of(name, family, model.config)
        parameter.data.copy_(unpermute(weight, heads) if heads else weight)
    assert not found, found.keys()


def make(name, seed):
    about, family, changes, matrices, others, how = VARIANTS[name]
    config_type, model_type, pre = tiny.FAMILY[family]
    pre = how.get("pre", pre)
    home = os.path.join(expect.HOME, name)
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    path = os.path.join(home, "model.gguf")
    model = tiny.fill(model_type(config_type(**{**tiny.BASE, **changes}, attn_implementation="eager")), seed)
    with tempfile.TemporaryDirectory() as folder:
        write(path, model, family, matrices, others, how, pre, folder, numpy.random.default_rng(seed))
        tokenizer = AutoTokenizer.from_pretrained(folder)
    read_into(model, path, family)
    found, arrays = expect.answers(model, tokenizer)
    special = {tokenizer.convert_tokens_to_ids(token) for token in words.SPECIAL}
    if not expect.calm(found, set(range(len(tokenizer))) - special, different=how.get("different", 8)):
        return False
    # transformers' own reader of GGUF files must agree to the bit (given the configuration: it reads neither scaling nor biases from the file).
    theirs = expect.load(home, gguf_file="model.gguf", config=model.config)
    assert all(torch.equal(expect.logits(model, p["ids"]), expect.logits(theirs, p["ids"])) for p in found), "another reader disagrees"
    expect.write(home, {
        "about": about, "family": family, "seed": seed, "model": "model.gguf", "prompts": found, "tolerance": {"float32": 1e-4},
    }, arrays)
    print(name, "seed", seed, "margins", [p["margin"] for p in found], "bytes", os.path.getsize(path), flush=True)
    return True


if __name__ == "__main__":
    for variant in sys.argv[1:] or VARIANTS:
        assert any(make(variant, seed) for seed in range(1, 200)), variant
