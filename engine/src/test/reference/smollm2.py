"""What transformers answers with the default model's dequantised weights: smollm2.py SmolLM2-135M-Instruct.Q4_1.gguf"""

import hashlib
import json
import os
import sys

import gguf
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer

import expect

COUNT = 48
WANTED = 20
MARGIN = 2e-2
STOP = (0, 2)
LAYERS = (1, 11, 30)


def user(text):
    return [{"role": "user", "content": text}]


CHATS = [
    user("What is the capital of France?"),
    user("Write a haiku about the sea."),
    user("Explain in one sentence why the sky is blue."),
    user("Write a Python function that returns the n-th Fibonacci number."),
    user("Fix this code:\n```python\nfor i in range(10)\n    print(i)\n```"),
    user("Übersetze ins Deutsche: The weather is nice today."),
    user("Quelle est la différence entre « savoir » et « connaître » ?"),
    user("「ありがとう」は英語で何と言いますか？"),
    user("What does the emoji 🙂 mean, and how is it different from 😂?"),
    user("List five fruits, separated by commas."),
    user("Which desk takes a message about a parcel that came too late?"),
    user("2 + 2 = ?"),
    user("Convert 72 degrees Fahrenheit to Celsius."),
    user("Give me three tips to sleep better."),
    user("SELECT name FROM users WHERE age > 30; what does this query do?"),
    user("Tell me a very short story about a dragon who is afraid of mice."),
    [{"role": "system", "content": "You answer with exactly one word."}, *user("Is water wet?")],
    [{"role": "system", "content": "You are a pirate. Always speak like a pirate."}, *user("How do I boil an egg?")],
    [{"role": "system", "content": ""}, *user("Hello!")],
    [*user("My name is Ada."), {"role": "assistant", "content": "Nice to meet you, Ada!"}, *user("What is my name?")],
    [
        *user("Name a planet."), {"role": "assistant", "content": "Mars."}, *user("Another one, please."),
        {"role": "assistant", "content": "Saturn."}, *user("Which of the two is bigger?"),
    ],
    [
        {"role": "system", "content": "Sort each message to a desk: Falcon takes parcels, Heron takes invoices."},
        *user("My parcel is late."), {"role": "assistant", "content": "Falcon"}, *user("The invoice is wrong."),
    ],
    user("   What is   this:\t\ttabs and    blanks?\n\n\nAnd new lines?   "),
    user("Summarise: \"The quick brown fox jumps over the lazy dog. The dog sleeps on; the fox runs away into the forest, where it meets an owl.\""),
    user("Write JSON with the keys \"name\" and \"age\" for a person of your choice."),
    user("Why do cats purr?"),
    user("Continue the series: 1, 1, 2, 3, 5, 8,"),
    user("Что такое фотосинтез?"),
]

STRINGS = [
    "", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n ", "a", " a", "a ", "A", "ab", "Hello, world!", "hello  world", "Hello\nworld",
    "don't", "DON'T I'll we've it's you're", "can’t", "1", "12", "1234567890", "3.14159", "1,000,000.00", "v1.2.3-beta+4", "2025-01-31T12:59:00Z",
    "a1b2c3", " 7 8", "x²+y³=½", "٣٤٥", "Ⅷ", "Grüße aus Köln", "naïve café", "cafe\u0301", "Ελληνικά", "Привет, мир", "שלום", "مرحبا", "हिन्दी", "日本語テキスト", "你好，世界",
    "한국어", "🙂", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "\u200b", "\ufeffbom", "a\u00a0b", "\u0000", "\u007f", "def f(x):\n    return x ** 2\n", "if (a&&b) { c[0] += 1; }",
    "<p class=\"x\">&amp;</p>", "https://example.org/a?b=c&d=%20#e", "C:\\dir\\file.txt", "<|im_start|>user\nhi<|im_end|>\n", "a<|endoftext|>b", "<|im_start", "<|im_end|><|im_end|>",
    "<repo_name>x<file_sep>", "supercalifragilisticexpialidocious", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "________", "......", "!?!?", "#$%^&*()", "\\n", "\ud7ff\ue000\uffff", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
]


def tokenizer(path):
    """The file's vocabulary and merges under the pre-tokenizer of the model's own tokenizer.json."""
    fields = gguf.GGUFReader(path).fields
    tokens, merges, kinds = (fields["tokenizer.ggml." + name].contents() for name in ("tokens", "merges", "token_type"))
    it = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [tuple(m.split(" ")) for m in merges]))
    it.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    it.decoder = decoders.ByteLevel()
    it.add_special_tokens([t for t, kind in zip(tokens, kinds) if kind == 3])
    return it


@torch.no_grad()
def answer(model, ids):
    """Greedy tokens by generation with a cache, and their margin by one pass over the whole, which must agree."""
    out = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=COUNT, do_sample=False,
        eos_token_id=list(STOP), pad_token_id=2,
    )[0]
    best = torch.topk(model(input_ids=out[None, :-1], use_cache=False).logits[0, len(ids) - 1:], 2)
    agree = torch.equal(best.indices[:, 0], out[len(ids):])
    return out[len(ids):].tolist(), (best.values[:, 0] - best.values[:, 1]).min().item() if agree else 0.0


@torch.no_grad()
def states(model, ids):
    hidden = model(input_ids=torch.tensor([ids]), use_cache=False, output_hidden_states=True).hidden_states
    return [[round(x, 6) for x in hidden[layer][0].mean(0)[:16].tolist()] for layer in LAYERS]


def main(path):
    folder, name = os.path.split(os.path.abspath(path))
    model = expect.load(folder, gguf_file=name)
    model.hf_quantizer, model.is_quantized = None, False
    theirs, ours = AutoTokenizer.from_pretrained(folder, gguf_file=name), tokenizer(path)
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    chats = []
    for messages in CHATS:
        text = theirs.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        ids = ours.encode(text, add_special_tokens=False).ids
        assert ids == theirs(text, add_special_tokens=False)["input_ids"], text
        tokens, margin = answer(model, ids)
        print(f"{margin:.5f}", len(tokens), repr(messages[-1]["content"][:40]), repr(ours.decode(tokens)[:60]), flush=True)
        chats.append({"messages": messages, "text": text, "ids": ids, "greedy": tokens, "margin": round(margin, 5), "answer": ours.decode(tokens)})
    kept = [c for c in chats if c["margin"] > MARGIN][:WANTED]
    assert len(kept) == WANTED, len(kept)
    strings = [{"text": s, "ids": ours.encode(s, add_special_tokens=False).ids} for s in STRINGS]
    for s in strings:
        if s["ids"] != theirs(s["text"], add_special_tokens=False)["input_ids"]:
            print("transformers' own reader differs on", repr(s["text"]))
    home = os.path.join(expect.HOME, "smollm2")
    os.makedirs(home, exist_ok=True)
    with open(os.path.join(home, "smollm2.json"), "w") as out:
        out.write(expect.compact({
            "sha256": digest, "stop": list(STOP), "maxTokens": COUNT, "chats": kept,
            "states": {
                "about": "mean over all prompt tokens of the hidden state after these layers (the last: after the final norm), its first 16 numbers",
                "layers": list(LAYERS),
                "prompts": [{"ids": c["ids"], "means": states(model, c["ids"])} for c in (kept[0], kept[4], kept[-1])],
            },
            "strings": strings,
        }))


if __name__ == "__main__":
    main(sys.argv[1])
