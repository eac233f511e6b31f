"""Random blocks of every stored type and the floats that the gguf package makes of them: ../resources/model/blocks/TYPE.{bin,f32}"""

import os

import gguf
import numpy
from gguf import GGMLQuantizationType as Type

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "model", "blocks")
ROWS, WIDTH = 3, 512
# Where a block's half-precision numbers begin.
HALVES = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "F16": [0]}


def stored(name, draw):
    """Random bytes, all half-precision numbers finite (subnormal ones too)."""
    size, width = gguf.GGML_QUANT_SIZES[Type[name]]
    blocks = draw.integers(0, 256, (ROWS * WIDTH // size, width), dtype=numpy.uint8)
    if name in ("F32", "BF16"):
        values = draw.normal(0, 1, (len(blocks), 1)).astype("<f4").view("<u4")
        return values.view(numpy.uint8) if name == "F32" else (values >> 16).astype("<u2").view(numpy.uint8)
    for at in HALVES[name]:
        halves = blocks[:, at:at + 2].copy().view("<u2")
        halves[(halves & 0x7C00) == 0x7C00] ^= 0x4000
        blocks[:, at:at + 2] = halves.view(numpy.uint8)
    return blocks


os.makedirs(OUT, exist_ok=True)
for name in ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"):
    draw = numpy.random.default_rng(1)
    raw = numpy.ascontiguousarray(stored(name, draw)).reshape(ROWS, -1)
    with numpy.errstate(over="raise", invalid="raise"):
        floats = gguf.quants.dequantize(raw if name != "F32" else raw.view("<f4"), Type[name] if name != "F32" else Type.F32)
    floats = numpy.asarray(floats, dtype="<f4").reshape(ROWS, WIDTH)
    assert numpy.isfinite(floats).all()
    raw.tofile(os.path.join(OUT, name + ".bin"))
    floats.tofile(os.path.join(OUT, name + ".f32"))
