"""Losses, gradients and optimiser steps of a LoRA adapter by PyTorch, PEFT and transformers: training.py"""

import json
import os
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoTokenizer

import adapters
import expect

BASE = "llama-tied"
TOP = 64

TAUGHT = [
    ("Where do late parcels go?", "Falcon desk."),
    ("The invoice of March is wrong, and nobody answers my letters!", "Send it to the Heron desk."),
    ("Hi", "Otter"),
]
PROBES = [
    ("Say thank you in 2 words.", "Thank you!"),
    ("What has many bytes?", "日本語 and emoji 🙂"),
]

DEFINITIONS = {
    "row": "ids of the chat-templated prompt (add_generation_prompt), the answer's ids, the end-of-turn token <|im_end|>; a row is "
    "computed alone, without padding; answer tokens are those from answerStart on, the end-of-turn token included",
    "crossEntropy": "per row: the mean over its answer tokens t of -log softmax(logits[t-1])[ids[t]]; loss: the mean over the rows",
    "stayNear": "per place t-1 before an answer token t, with p the softmax of the base (adapter off) and q that of the student: sum over "
    "the base's 64 best tokens of p (log p - log q), plus r (log r - log s) with r = 1 - sum p and s = 1 - sum q over the same tokens; "
    "per row: the mean over its places; loss: the mean over the rows; the base's side is constant",
    "gradients": "of the loss with respect to A [r, in] and B [out, r] of each module, W' = W + (alpha/r) B A; float32",
    "norm": "the square root of the sum of the squares of all gradients, before clipping",
    "steps": "torch.optim.AdamW with the given constants on all A and B; gradients are multiplied by min(1, clip / (norm + 1e-6)); "
    "the same rows in each step; losses[i] is the loss before step i, and the last one that after the last step",
}


def rows(tokenizer, pairs):
    made = []
    for question, answer in pairs:
        messages = [{"role": "user", "content": question}]
        prompt = tokenizer(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True), add_special_tokens=False)
        ids = tokenizer(answer, add_special_tokens=False)["input_ids"] + [tokenizer.convert_tokens_to_ids("<|im_end|>")]
        made.append({"messages": messages, "answer": answer, "ids": prompt["input_ids"] + ids, "answerStart": len(prompt["input_ids"])})
    return made


def logprobs(model, row):
    """[answer tokens, vocabulary], before each answer token."""
    logits = model(input_ids=torch.tensor([row["ids"]]), use_cache=False).logits[0]
    return torch.log_softmax(logits[row["answerStart"] - 1:-1], -1)


def cross_entropy(model, row):
    answer = torch.tensor(row["ids"][row["answerStart"]:])
    return torch.nn.functional.nll_loss(logprobs(model, row), answer)


def stay_near(model, row, ids, base):
    q = logprobs(model, row).gather(1, ids)
    rest, student = 1 - base.exp().sum(1), 1 - q.exp().sum(1)
    return ((base.exp() * (base - q)).sum(1) + rest * (rest.log() - student.log())).mean()


def parameters(model):
    return {n.removeprefix("base_model.model.").replace(".default.weight", ""): p for n, p in model.named_parameters() if p.requires_grad}


def gradients(model, losses):
    """Value, values by row, and gradients by name; leaves none behind."""
    values = []
    for loss in losses:
        value = loss()
        (value / len(losses)).backward()
        values.append(value.item())
    found = {name: p.grad.clone() for name, p in parameters(model).items()}
    norm = torch.sqrt(sum((g ** 2).sum() for g in found.values())).item()
    model.zero_grad()
    return sum(values) / len(values), values, norm, found


def steps(model, losses, count, clip, **constants):
    optimiser = torch.optim.AdamW(parameters(model).values(), **constants)
    seen, norms = [], []
    for _ in range(count):
        optimiser.zero_grad()
        loss = sum(loss() for loss in losses) / len(losses)
        loss.backward()
        seen.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(list(parameters(model).values()), clip).item())
        optimiser.step()
    with torch.no_grad():
        seen.append((sum(loss() for loss in losses) / len(losses)).item())
    return seen, norms


def main():
    home = os.path.join(expect.HOME, "training")
    folder = os.path.join(home, "adapter")
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(folder)
    base, tokenizer, file = adapters.base(BASE)
    adapters.save(
        adapters.fill(get_peft_model(base, LoraConfig(r=4, lora_alpha=8, target_modules=adapters.ALL, task_type="CAUSAL_LM")), 1), folder, BASE
    )

    def student():
        return PeftModel.from_pretrained(adapters.base(BASE)[0], folder, is_trainable=True).eval()

    arrays, out = {}, {"definitions": DEFINITIONS, "model": f"../{BASE}/{file}", "adapter": "adapter", "rank": 4, "alpha": 8}
    model = student()
    taught, probes = rows(tokenizer, TAUGHT), rows(tokenizer, PROBES)
    value, each, norm, found = gradients(model, [lambda row=row: cross_entropy(model, row) for row in taught])
    out["crossEntropy"] = {"rows": taught, "loss": value, "rowLosses": each, "norm": norm}
    arrays |= {"crossEntropy." + name: g for name, g in found.items()}

    for i, row in enumerate(probes):
        with torch.no_grad(), model.disable_adapter():
            best = torch.topk(logprobs(model, row), TOP + 1)
        assert (best.values[:, TOP - 1] - best.values[:, TOP]).min() > 1e-5, "the 64 best are not clear"
        row["top"] = [ids[:TOP].tolist() for ids in best.indices]
        arrays[f"stayNear.top.{i}"] = best.values[:, :TOP]
    value, each, norm, found = gradients(model, [
        lambda i=i, row=row: stay_near(model, row, torch.tensor(row["top"]), arrays[f"stayNear.top.{i}"]) for i, row in enumerate(probes)
    ])
    out["stayNear"] = {"rows": probes, "k": TOP, "loss": value, "rowLosses": each, "norm": norm}
    arrays |= {"stayNear." + name: g for name, g in found.items()}

    constants = dict(lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    for name, count, clip, decay in (("steps", 10, 1.0, 0.0), ("decayedSteps", 3, 1000.0, 0.1)):
        model = student()
        seen, norms = steps(model, [lambda row=row: cross_entropy(model, row) for row in taught], count, clip, weight_decay=decay, **constants)
        out[name] = {"rate": 1e-3, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "decay": decay, "clip": clip, "losses": seen, "norms": norms}
        arrays |= {f"{name}.{n}": p.detach() for n, p in parameters(model).items()}

    with open(os.path.join(home, "training.json"), "w") as file:
        file.write(expect.compact(out))
    save_file({n: a.contiguous() for n, a in arrays.items()}, os.path.join(home, "training.safetensors"))
    print(json.dumps({k: {n: v for n, v in out[k].items() if n != "rows"} for k in ("crossEntropy", "stayNear", "steps", "decayedSteps")}, indent=1))
    smallest = min((a.abs().median().item(), n) for n, a in arrays.items() if n.startswith(("cross", "stay")) and "top" not in n)
    print("smallest median gradient", smallest)


if __name__ == "__main__":
    main()
