"""Makes blocks.gguf: random blocks of every format, and what the reference implementation decodes them to.

Reference: the `gguf` package from PyPI, version 0.19.0, MIT licence (part of llama.cpp), with numpy 2.4.6.
The data are random numbers from a fixed seed; the file carries no licence of its own (CC0).

    pip install gguf==0.19.0 numpy==2.4.6 && python make.py
"""

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import GGUFWriter
from gguf.quants import dequantize, quantize

rng = np.random.default_rng(2026)
out = GGUFWriter(Path(__file__).parent / "blocks.gguf", "golden")
out.add_string("golden.string", "Edisi — 版 — نسخة")
out.add_array("golden.strings", ["satu", "", "三"])
out.add_array("golden.floats", [0.5, -1.0])
out.add_array("golden.ints", [-1, 2, 3])
out.add_bool("golden.bool", True)
out.add_uint64("golden.u64", 2**40)
out.add_int8("golden.i8", -8)
out.add_float64("golden.f64", 0.1)

VALUES, ROWS = 512, 2
# Values per block, bytes per block, and where in a block its 16-bit scales and minima are.
LAYOUT = {
    T.Q4_0: (32, 18, [0]),
    T.Q4_1: (32, 20, [0, 2]),
    T.Q5_0: (32, 22, [0]),
    T.Q5_1: (32, 24, [0, 2]),
    T.Q8_0: (32, 34, [0]),
    T.Q4_K: (256, 144, [0, 2]),
    T.Q5_K: (256, 176, [0, 2]),
    T.Q6_K: (256, 210, [208]),
    T.F16: (1, 2, [0]),
    T.BF16: (1, 2, [0]),
}
for kind, (values, size, halves) in LAYOUT.items():
    blocks = rng.integers(0, 256, (ROWS * VALUES // values, size), dtype=np.uint8)
    for at in halves:  # finite scales: a random half may be NaN
        scales = rng.normal(size=len(blocks)).astype(np.float16)
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(-1, 2)
    data = blocks.reshape(ROWS, -1)
    name = kind.name.lower()
    if kind == T.BF16:
        expected = (data.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    else:
        expected = dequantize(data.view(np.float16) if kind == T.F16 else data, kind)
    out.add_tensor(name, data, raw_dtype=kind)
    out.add_tensor(f"{name}.expected", np.ascontiguousarray(expected, dtype=np.float32))

source = rng.normal(scale=0.05, size=(4, 256)).astype(np.float32)
source[0, :32] = 0  # a block whose scale is zero
source[1, :32] = np.arange(-16, 16) * 0.5  # halves and ties
out.add_tensor("source", source)
out.add_tensor("source.q8_0", quantize(source, T.Q8_0), raw_dtype=T.Q8_0)

out.write_header_to_file()
out.write_kv_data_to_file()
out.write_tensors_to_file()
out.close()
