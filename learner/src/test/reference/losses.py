"""Losses of judged answers and their slopes by PyTorch's autograd and TRL's own functions: losses.py

TRL's functions are taken out of its files, so that nothing else of it, and nothing that it needs, has to be installed.
"""

import ast
import importlib.util
import json
import os
from types import SimpleNamespace

import torch
import torch.nn.functional as F

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "reference", "losses.json")
SEED = 7

DEFINITIONS = {
    "preference": "trl.DPOTrainer.dpo_loss (sigmoid, label_smoothing) + likelihood * -(chosen / chosenTokens); slopes by autograd",
    "thumbs": "trl.KTOTrainer.kto_loss on all rows at once, its losses added up; moved is the student's log-probability of each mismatched row above the reference's; slopes by autograd",
    "graded": "-advantage * clip(exp(now - then), 0, 1).detach() * now / length, without the factor where advantage >= 0; slope by autograd",
    "leaveOneOut": "trl.RLOOTrainer: baseline = (sum - own) / (k - 1), advantage = own - baseline",
}


def method(module, class_name, name):
    """A method of a class of TRL's, as a function."""
    path = os.path.join(os.path.dirname(importlib.util.find_spec("trl").origin), "trainer", module + ".py")
    with open(path) as file:
        tree = ast.parse(file.read())
    found = next(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == class_name)
    function = next(n for n in found.body if isinstance(n, ast.FunctionDef) and n.name == name)
    function.returns, function.decorator_list = None, []
    for argument in function.args.args:
        argument.annotation = None
    kinds = SimpleNamespace(**{name: SimpleNamespace(value=name) for name in ("ALPHA_DIVERGENCE", "JS_DIVERGENCE")})
    scope = {"torch": torch, "F": F, "FDivergenceType": kinds}
    exec(compile(ast.Module([function], []), path, "exec"), scope)
    return scope[name]


def draw(generator, count, low, high):
    return (low + (high - low) * torch.rand(count, generator=generator, dtype=torch.float64)).requires_grad_()


def preferences(generator):
    dpo = method("dpo_trainer", "DPOTrainer", "dpo_loss")
    cases = []
    for beta, smoothing, likelihood, tokens in ((0.1, 0.0, 1.0, 7), (0.1, 0.1, 1.0, 12), (0.5, 0.3, 0.0, 3), (2.0, 0.0, 0.2, 1)):
        for _ in range(3):
            now, before = draw(generator, 2, -40, -0.1), draw(generator, 2, -40, -0.1)
            trainer = SimpleNamespace(accelerator=SimpleNamespace(device="cpu"), beta=beta, label_smoothing=smoothing, loss_type="sigmoid",
                                      reference_free=False, f_divergence_type=None, f_divergence_params=None)
            loss = dpo(trainer, now[0:1], now[1:2], before[0:1].detach(), before[1:2].detach())[0].sum() - likelihood * now[0] / tokens
            loss.backward()
            cases.append({"beta": beta, "smoothing": smoothing, "likelihood": likelihood, "tokens": tokens, "now": now.tolist(),
                          "before": before.tolist(), "loss": loss.item(), "slopes": now.grad.tolist()})
    return cases


def thumbs(generator):
    kto = method("kto_trainer", "KTOTrainer", "kto_loss")
    cases = []
    for beta, up, down, ups, downs in ((0.1, 1.0, 1.15, 3, 3), (0.3, 1.0, 0.5, 2, 1), (0.1, 1.0, 1.0, 2, 2)):
        good, bad = draw(generator, ups, -40, -0.1), draw(generator, downs, -40, -0.1)
        before = draw(generator, ups + downs, -40, -0.1).detach()
        moved = draw(generator, ups + downs, -1, 6).detach()
        trainer = SimpleNamespace(
            accelerator=SimpleNamespace(device="cpu", gather=lambda x: x, gather_for_metrics=lambda x: x), beta=beta, loss_type="kto",
            desirable_weight=up, undesirable_weight=down, calculate_KL=True)
        zeros = torch.zeros(ups + downs, dtype=torch.float64)
        found = kto(trainer, good, bad, moved, before[:ups], before[ups:], zeros)
        loss = found[0].nansum()
        loss.backward()
        cases.append({"beta": beta, "up": up, "down": down, "good": good.tolist(), "bad": bad.tolist(), "before": before.tolist(),
                      "moved": moved.tolist(), "losses": found[0].tolist(), "slopes": good.grad.tolist() + bad.grad.tolist()})
    return cases


def graded(generator):
    cases = []
    for advantage in (0.6, 0.05, -0.3, -0.9):
        for _ in range(2):
            now, then = draw(generator, 1, -20, -0.1), draw(generator, 1, -20, -0.1).detach()
            factor = 1 if advantage >= 0 else torch.clip(torch.exp(now - then), 0, 1).detach()
            loss = (-advantage * factor * now / 32).sum()
            loss.backward()
            cases.append({"length": 32, "advantage": advantage, "now": now.item(), "then": then.item(), "loss": loss.item(), "slope": now.grad.item()})
    return cases


def leave_one_out(generator):
    cases = []
    for count in (2, 3, 8):
        rewards = torch.rand(count, 1, generator=generator, dtype=torch.float64)  # as in rloo_trainer.py: [k, batch]
        baseline = (rewards.sum(0) - rewards) / (count - 1)
        cases.append({"rewards": rewards.flatten().tolist(), "advantages": (rewards - baseline).flatten().tolist()})
    return cases


def main():
    generator = torch.Generator().manual_seed(SEED)
    out = {"definitions": DEFINITIONS, "preference": preferences(generator), "thumbs": thumbs(generator), "graded": graded(generator),
           "leaveOneOut": leave_one_out(generator)}
    with open(HOME, "w") as file:
        json.dump(out, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
