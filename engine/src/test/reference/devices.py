"""Runs the engine's programs on pretended CUDA tensors: python devices.py. Needs torch 2.7.1, no GPU.

FakeTensorMode computes shapes, dtypes and devices of every operation, and refuses one whose tensors lie on two devices.
It says nothing of kernels: whether an operation exists for CUDA in that dtype is for a GPU to show.
"""

import io
import pathlib
import zipfile

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE.parents[1] / "main/resources/dev/apprentice/engine/decoder"
DEVICE = torch.device("cuda", 0)
LAYERS, HEADS, KV, DIM, WIDTH, INNER, WORDS, RANK = 2, 4, 2, 8, 32, 48, 96, 4
SHAPE = [LAYERS, HEADS, KV, DIM]
EPS, ROPE = 1e-5, 1.0


def program(file, name):
    """What ProgramArchive.java packs."""
    pickled = b"\x80\x02c__torch__\n" + name.encode() + b"\n)\x81}(X\x08\x00\x00\x00training\x89ub."
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("program/data.pkl", pickled)
        text = (PROGRAMS / file).read_text()
        # FakeTensorMode does not know the form of this one that writes into a given tensor.
        text = text.replace(", gate, grad_input=torch.narrow(dgu, 1, 0, I))", ", gate)")
        # Nor a tensor's value.
        text = text.replace("float(torch.select(numbers, 0, 0))", "1e-5")
        archive.writestr("program/code/__torch__.py", text)
        archive.writestr("program/constants.pkl", b"\x80\x02).")
        archive.writestr("program/version", "3\n")
    out.seek(0)
    return torch.jit.load(out)


def empty(*shape, dtype=torch.float32):
    return torch.empty(shape, dtype=dtype, device=DEVICE)


def numbers(*values):
    return torch.empty([len(values)], dtype=torch.int64, device=DEVICE)


def weights(dtype, qk_norm):
    """In the order of decoder.py's legend."""
    none = empty(0)
    every = [empty(WORDS, WIDTH, dtype=dtype), empty(WIDTH), none]
    heads = HEADS + 2 * KV
    for _ in range(LAYERS):
        norm = empty(DIM) if qk_norm else none
        every += [empty(WIDTH), empty(heads * DIM, WIDTH, dtype=dtype), empty(heads * DIM, dtype=dtype), norm, norm]
        every += [empty(WIDTH, HEADS * DIM, dtype=dtype), none, empty(WIDTH)]
        every += [empty(2 * INNER, WIDTH, dtype=dtype), none, empty(WIDTH, INNER, dtype=dtype), none]
    return every


def serving_weights(exact):
    """As ServingWeights.java has them where there is one copy."""
    none = empty(0)

    def product(weight, bias=None):
        return [weight, none if bias is None else bias, none, none, none]

    every = exact[:2] + product(exact[0])
    for at in range(3, len(exact), 12):
        w = exact[at : at + 12]
        every += [w[0], *product(w[1], w[2]), w[3], w[4], *product(w[5], w[6]), w[7]]
        every += [*product(w[8], w[9]), *product(w[10], w[11])]
    return every


def modules():
    """(in, out) of q k v o gate up down."""
    q, k, o = (WIDTH, HEADS * DIM), (WIDTH, KV * DIM), (HEADS * DIM, WIDTH)
    return [q, k, k, o, (WIDTH, INNER), (WIDTH, INNER), (INNER, WIDTH)]


def adapter(dtype):
    return [t for i, o in modules() for t in (empty(RANK, i, dtype=dtype), empty(o, RANK, dtype=dtype))]


def there(found, what):
    for value in found if isinstance(found, (list, tuple)) else [found]:
        if isinstance(value, (list, tuple)):
            there(value, what)
        elif isinstance(value, torch.Tensor):
            assert value.device == DEVICE, f"{what} gave a tensor on {value.device}"


def serve(dtype, qk_norm):
    run = program("serving.py", "Serving")
    exact = weights(dtype, qk_norm)
    half = dtype == torch.bfloat16
    kinds = [5] * 5 + [2] if half else [0] * 5 + [3]
    inverse = empty(DIM // 2)
    slab = run.cache(SHAPE, 4, 64, inverse)
    there(slab, "cache")
    part = run.slot(slab, 1)
    there([part, run.keep(part, 0, 64), run.put(part, 0, run.keep(part, 0, 64))], "slots")
    lora = [t for _ in range(LAYERS) for t in adapter(dtype)]
    stacked = run.stack(lora * 3, 14 * LAYERS)
    there(stacked, "stack")
    w = serving_weights(exact)
    none, nothing = numbers(), torch.jit.annotate(list[torch.Tensor], [])
    rows = 3
    spots = numbers(*range(rows * 2 * KV + rows + 2 * 4))  # three rows in four slots
    steps = {
        "three rows": (rows, nothing, [], [slab], [0, 4, 64, rows, 0], numbers(*range(2 * KV * rows + rows + 8 + rows))),
        "three whole": (rows, nothing, [], [slab], [0, 3, 64, rows, 1], numbers(*range(2 * KV * rows + rows + 6))),
        "a piece": (5, [part], [0, 5, 7], nothing, [], none),
    }
    for what, (tokens, kv, pieces, slabs, calls, spots) in steps.items():
        for adapters, groups in ((nothing, []), (lora, [0, 2]), (stacked, [0, 3])):
            if adapters is stacked and tokens != rows:
                continue
            seen = run.step(w, kinds, SHAPE, EPS, inverse, ROPE, numbers(*range(tokens)), numbers(*range(tokens)), kv,
                            pieces, slabs, calls, spots, numbers(1, 2), WORDS - 3, numbers(0), numbers(7),
                            adapters, groups, [1, LAYERS])
            assert [t.dtype for t in seen[:2]] == [torch.float32] * 2, what
            there(seen, what)
    there(run.score(empty(5, WORDS), numbers(*range(5))), "score")


def look(dtype, qk_norm):
    run = program("decoder.py", "Decoder")
    w, inverse = weights(dtype, qk_norm), empty(DIM // 2)
    cache = empty(LAYERS, 2, KV, 64, DIM)
    tokens = numbers(*range(6))
    for kv, past in (([], 0), ([cache], 0), ([cache], 9)):
        there(run.embed(w, SHAPE, EPS, inverse, ROPE, tokens, tokens, kv, [0, 6, past], [0, 1, LAYERS]), "embed")
    there(run.top(w, SHAPE, EPS, inverse, ROPE, tokens, tokens, [0, 6, 0], numbers(3, 4), [], [], 5), "top")
    params = [empty(RANK, WIDTH), empty(WIDTH, RANK)]
    run.adamw(params, params, params, params, 1.0, 1e-3, 0.9, 0.95, 1e-8, 0.1, 0.1, 0.05)
    there(run.squares(params), "squares")


def judge(dtype):
    run = program("decoder.py", "Decoder")
    w = [run.halved(t) if dtype == torch.bfloat16 and t.dim() == 2 else t for t in weights(torch.float32, False)[:3]]
    loss, chosen, kl = run.judge(empty(5, WIDTH), w, empty(1, dtype=torch.float64), numbers(0, 1), numbers(7, 8), empty(2),
                                 numbers(2, 3, 4), torch.empty([3, 4], dtype=torch.int64, device=DEVICE), empty(3, 4),
                                 empty(3))
    there([loss, chosen, kl], "judge")
    assert loss.dtype == torch.float32  # autograd through it would ask for a driver


def learn(dtype, qk_norm):
    run = program("training.py", "Training")
    w, inverse = weights(dtype, qk_norm), empty(DIM // 2)
    how = [2, 15, 1] if dtype == torch.bfloat16 else [0, 6, 1]
    rows = [0, 3, 0, 3, 4, 3, 7, 5, 3]
    tokens = numbers(*range(12))
    table = run.open(w[0], tokens, tokens, inverse, ROPE, rows)
    there(table, "open")
    lora, grads = adapter(torch.float32), adapter(torch.float32)
    layer = w[3:15] + [w[4], w[8], w[11], w[13]]
    for dropout in (0.0, 0.1):
        for wanted in (numbers(), numbers(4, 8)):
            values = [EPS, 2.0, dropout]
            made = run.through(table, layer, lora, how, SHAPE[1:], values, table, rows, wanted, True)
            there(made, "through")
            for onwards in (True, False):
                dx = run.back(empty(*made[0].shape), made, layer, lora, grads, how, SHAPE[1:], values, table, rows,
                              wanted, onwards)
                there(dx, "back")
    there(run.laid([made[0], made[0]], [0, 1, 0, 2]), "laid")
    run.fill(empty(2, WIDTH), made)
    run.forget(grads)


def main():
    torch._C._jit_set_profiling_executor(False)
    torch._C._set_graph_executor_optimize(False)  # as the engine does; fusing would ask for a driver
    for backend in ("flash", "mem_efficient", "cudnn"):  # which is chosen depends on the chip
        getattr(torch.backends.cuda, f"enable_{backend}_sdp")(False)
    for dtype in (torch.float32, torch.bfloat16):
        with FakeTensorMode():
            judge(dtype)
        for qk_norm in (False, True):
            for part in (serve, look, learn):
                with FakeTensorMode(), torch.inference_mode():
                    part(dtype, qk_norm)
                print(f"{part.__name__} in {dtype}, {'with' if qk_norm else 'without'} norms of queries: all on {DEVICE}")


if __name__ == "__main__":
    main()
