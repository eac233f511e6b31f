"""What a model answers, by transformers: logits at some positions and greedy tokens of two prompts."""

import json
import os
import re

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
import transformers
from safetensors.numpy import save_file

torch.set_num_threads(2)
transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
os.environ["TQDM_DISABLE"] = "1"

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "reference")

# Rendered with the model's chat template, encoded without special tokens; and raw text, encoded with them.
CHAT = [{"role": "user", "content": "Which desk takes order 12?"}]
TEXT = "The parcel 4711 isn't here: send Ü or 日本 to the Otter desk!"

GREEDY = 24


def prompts(tokenizer):
    chat = tokenizer.apply_chat_template(CHAT, tokenize=False, add_generation_prompt=True)
    return [
        {"name": "chat", "messages": CHAT, "text": chat, "ids": tokenizer(chat, add_special_tokens=False)["input_ids"]},
        {"name": "text", "text": TEXT, "ids": tokenizer(TEXT)["input_ids"]},
    ]


def positions(length):
    """Logits are kept at the start, in the middle and at the last eight positions."""
    return sorted({0, 1, length // 2, *range(length - 8, length)})


@torch.no_grad()
def logits(model, ids):
    return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].float()


@torch.no_grad()
def greedy(model, ids, count=GREEDY, stop=()):
    """The most probable token each time, recomputed in full; and the smallest distance between the best and the second."""
    ids, chosen, margin = list(ids), [], float("inf")
    for _ in range(count):
        best = torch.topk(model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].float(), 2)
        margin = min(margin, (best.values[0] - best.values[1]).item())
        chosen.append(best.indices[0].item())
        ids.append(chosen[-1])
        if chosen[-1] in stop:
            break
    return chosen, margin


def cached(model, ids, count=GREEDY):
    """The same by transformers' own generation with its cache, which must agree."""
    out = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=count, min_new_tokens=count,
        do_sample=False, eos_token_id=None, pad_token_id=0,
    )
    return out[0, len(ids):].tolist()


def load(folder, dtype=torch.float32, attention="eager", **how):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation=attention, **how).eval()


def answers(model, tokenizer):
    """Two prompts with greedy tokens, and the arrays of logits by prompt."""
    found, arrays = prompts(tokenizer), {}
    for prompt in found:
        at = positions(len(prompt["ids"]))
        tokens, margin = greedy(model, prompt["ids"])
        arrays[prompt["name"] + ".float32"] = logits(model, prompt["ids"])[at].numpy()
        prompt.update(positions=at, greedy=tokens, margin=round(margin, 5))
    return found, arrays


def calm(found, ordinary, margin=0.01, different=8):
    """Whether float noise cannot flip a greedy choice, every choice is an ordinary token, and they are not all the same."""
    return all(
        p["margin"] > margin and all(t in ordinary for t in p["greedy"]) and len(set(p["greedy"])) >= different for p in found
    )


def compact(value):
    """JSON with one line for each list of numbers."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return re.sub(r"\[\s+(-?[\d.e-]+(?:,\s+-?[\d.e-]+)*)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text) + "\n"


def write(folder, expected, arrays):
    expected["madeWith"] = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    with open(os.path.join(folder, "expected.json"), "w") as out:
        out.write(compact(expected))
    save_file({k: numpy.ascontiguousarray(v, numpy.float32) for k, v in arrays.items()}, os.path.join(folder, "expected.safetensors"))


def bfloat16(folder, found, arrays):
    """Adds the logits that transformers computes in bfloat16; says how far they lie from its float32 and from its other attention kernel."""
    model, other = load(folder, torch.bfloat16), load(folder, torch.bfloat16, attention="sdpa")
    error, noise = 0.0, 0.0
    for prompt in found:
        name, at = prompt["name"], prompt["positions"]
        here, there = (logits(it, prompt["ids"])[at].numpy() for it in (model, other))
        arrays[name + ".bfloat16"] = here
        error = max(error, float(numpy.abs(here - arrays[name + ".float32"]).max()))
        noise = max(noise, float(numpy.abs(here - there).max()))
    return {"float32": round(error, 5), "otherKernel": round(noise, 5)}
