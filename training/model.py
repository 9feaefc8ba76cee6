"""Gemma 3 270M with a LoRA adapter, written for training on a CPU.

What makes it quick: a source sentence is read once for all its target languages (one prefix, several branches);
linear layers see packed tokens without padding; frozen weights get no gradients; logits exist only for answer tokens,
only over the kept vocabulary, a few rows at a time. Sequences stay under the sliding window (512), so every layer
attends to everything before it.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

LAYERS, WIDTH, FFN, HEADS, HEAD_DIM = 18, 640, 2048, 4, 256
WINDOW, EPS = 512, 1e-6
GLOBAL_EVERY, THETA_LOCAL, THETA_GLOBAL = 6, 1e4, 1e6

# A group of projections that read the same input: (GGUF names, PEFT names, output widths).
PROJECTIONS = {
    "qkv": (("attn_q", "attn_k", "attn_v"), ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            (HEADS * HEAD_DIM, HEAD_DIM, HEAD_DIM)),
    "o": (("attn_output",), ("self_attn.o_proj",), (WIDTH,)),
    "gate_up": (("ffn_gate", "ffn_up"), ("mlp.gate_proj", "mlp.up_proj"), (FFN, FFN)),
    "down": (("ffn_down",), ("mlp.down_proj",), (WIDTH,)),
}
NORMS = ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm", "attn_q_norm", "attn_k_norm")


class Weights:
    """The frozen base in `dtype` (norms in float32) and the adapter's parameters in float32.

    `lora` maps a PEFT name such as `3.mlp.up_proj` to its pair (A [rank, in], B [out, rank]).
    """

    def __init__(self, base, kept, rank: int, alpha: float, seed=0, device="cpu", dtype=torch.bfloat16):
        load = lambda name: torch.from_numpy(base.tensor(name))
        self.rank, self.scale, self.device, self.dtype = rank, alpha / rank, device, dtype
        embedding = load("token_embd.weight")
        self.kept = torch.as_tensor(kept)
        self.head = embedding[self.kept].to(device, dtype)
        self.index = torch.full((embedding.shape[0],), -1).index_put_((self.kept,), torch.arange(len(kept)))
        self.final_norm = load("output_norm.weight").to(device)
        generator = torch.Generator().manual_seed(seed)
        self.frozen, self.norms, self.lora = [], [], {}
        for layer in range(LAYERS):
            self.norms.append({n: load(f"blk.{layer}.{n}.weight").to(device) for n in NORMS})
            weights = {}
            for group, (names, peft_names, widths) in PROJECTIONS.items():
                weights[group] = torch.cat([load(f"blk.{layer}.{n}.weight") for n in names]).to(device, dtype)
                inputs = weights[group].shape[1]
                for name, width in zip(peft_names, widths):
                    a = torch.rand(rank, inputs, generator=generator).mul_(2).sub_(1).div_(math.sqrt(inputs))
                    self.lora[f"{layer}.{name}"] = (a.to(device), torch.zeros(width, rank, device=device))
            self.frozen.append(weights)
        self.merged = None

    def parameters(self):
        return [p for pair in self.lora.values() for p in pair]

    @torch.no_grad()
    def set_adapter(self, lora, rank, scale):
        """Takes the (A, B) pairs of another adapter, which must have this one's rank and scale."""
        if (rank, scale) != (self.rank, self.scale):
            raise ValueError(f"the adapter has rank {rank} and scale {scale}, this model {self.rank} and {self.scale}")
        for name, pair in self.lora.items():
            for parameter, saved in zip(pair, lora[name]):
                parameter.copy_(saved)

    def refresh(self):
        """Brings `working`, the adapter's copies in `dtype`, up to date with the parameters."""
        self.working = {k: (a.to(self.dtype), b.to(self.dtype)) for k, (a, b) in self.lora.items()}

    def merge(self):
        """Brings `working` and `merged`, the sums of weights and adapter that `decode` uses, up to date."""
        self.refresh()
        if self.merged is None:
            self.merged = [{g: torch.empty_like(w) for g, w in layer.items()} for layer in self.frozen]
        for layer in range(LAYERS):
            self._merge_layer(layer)

    @torch.no_grad()
    def _merge_layer(self, layer):
        for group, (_, names, widths) in PROJECTIONS.items():
            target, start = self.merged[layer][group], 0
            for name, width in zip(names, widths):
                a, b = self.working[f"{layer}.{name}"]
                rows = slice(start, start + width)
                torch.addmm(self.frozen[layer][group][rows], b, a, alpha=self.scale, out=target[rows])
                start += width

    def embed(self, ids):
        return self.head[ids].float() * math.sqrt(WIDTH)


class Projection(torch.autograd.Function):
    """x @ (frozen + scale * B @ A).T without forming the sum, whose rounding to bfloat16 would swallow small updates;
    gradients for x and for the A and B of each part of the output. `pairs`: A, B, A, B, ..."""

    @staticmethod
    def forward(ctx, x, frozen, scale, *pairs):
        y = x @ frozen.T
        inner = (x @ torch.cat(pairs[::2]).T).mul_(scale)
        start = 0
        for part, b in zip(inner.split([a.shape[0] for a in pairs[::2]], 1), pairs[1::2]):
            y[:, start : start + b.shape[0]].addmm_(part, b.T)
            start += b.shape[0]
        ctx.save_for_backward(x, frozen, inner, *pairs)
        ctx.scale = scale
        return y

    @staticmethod
    def backward(ctx, grad):
        x, frozen, inner, *pairs = ctx.saved_tensors
        a, b = pairs[::2], pairs[1::2]
        ranks = [t.shape[0] for t in a]
        parts = grad.split([t.shape[0] for t in b], 1)
        of_inner = torch.cat([part @ t for part, t in zip(parts, b)], 1).mul_(ctx.scale)
        of_a = (of_inner.T @ x).float().split(ranks)
        of_b = [(part.T @ h).float() for part, h in zip(parts, inner.split(ranks, 1))]
        grad_x = (grad @ frozen).addmm_(of_inner, torch.cat(a)) if ctx.needs_input_grad[0] else None
        return grad_x, None, None, *(t for pair in zip(of_a, of_b) for t in pair)


class RmsNorm(torch.autograd.Function):
    """RMS norm over the last axis, reading any type and returning `dtype`; the weight is frozen."""

    @staticmethod
    def forward(ctx, x, weight, dtype):
        wide = x.float()
        inverse = torch.rsqrt(wide.square().mean(-1, keepdim=True) + EPS)
        ctx.save_for_backward(x, weight, inverse)
        return (wide * inverse).mul_(weight).to(dtype)

    @staticmethod
    def backward(ctx, grad):
        x, weight, inverse = ctx.saved_tensors
        unit = x.float() * inverse
        grad = grad.float() * weight
        grad -= unit * (grad * unit).mean(-1, keepdim=True)
        return grad.mul_(inverse).to(x.dtype), None, None


class GatedGelu(torch.autograd.Function):
    """gelu_tanh(gate) * up, from the two halves of one tensor."""

    @staticmethod
    def forward(ctx, both):
        ctx.save_for_backward(both)
        gate, up = both.chunk(2, -1)
        return F.gelu(gate, approximate="tanh").mul_(up)

    @staticmethod
    def backward(ctx, grad):
        (both,) = ctx.saved_tensors
        gate, up = both.chunk(2, -1)
        out = torch.empty_like(both)
        out_gate, out_up = out.chunk(2, -1)
        torch.mul(F.gelu(gate, approximate="tanh"), grad, out=out_up)
        out_gate.copy_(torch.ops.aten.gelu_backward(grad * up, gate, approximate="tanh"))
        return out


BLOCK = 64  # rows of logits computed at a time


class AnswerLoss(torch.autograd.Function):
    """Label-smoothed cross-entropy over the kept vocabulary, weighted per token and summed; rows in blocks.

    `smoothing` [m] is each token's. A token of negative weight is made less likely.
    """

    @staticmethod
    def forward(ctx, x, head, targets, weights, smoothing):
        grad = torch.empty_like(x)
        size, total = head.shape[0], 0.0
        for start in range(0, x.shape[0], BLOCK):
            rows = slice(start, start + BLOCK)
            logits = (x[rows] @ head.T).float()
            target, weight, smooth = targets[rows, None], weights[rows, None], smoothing[rows, None]
            norm = torch.logsumexp(logits, -1, keepdim=True)
            picked = logits.gather(1, target)
            mean = logits.mean(-1, keepdim=True)
            total += ((norm - (1 - smooth) * picked - smooth * mean) * weight).sum()
            p = logits.sub_(norm).exp_().sub_(smooth / size)
            p.scatter_add_(1, target, smooth - 1)
            grad[rows] = p.mul_(weight).to(head.dtype) @ head
        ctx.save_for_backward(grad)
        return total

    @staticmethod
    def backward(ctx, upstream):
        return ctx.saved_tensors[0] * upstream.to(ctx.saved_tensors[0].dtype), None, None, None, None


def rope_tables(positions, theta):
    """cos and signed sin tables [n, 1, HEAD_DIM] in float32."""
    half = torch.arange(0, HEAD_DIM, 2, dtype=torch.float64) / HEAD_DIM
    angles = positions.double().cpu()[:, None] / theta**half
    cos, sin = angles.cos(), angles.sin()
    tables = torch.cat([cos, cos], -1), torch.cat([-sin, sin], -1)
    return tuple(t[:, None].float().to(positions.device) for t in tables)


class Rope(torch.autograd.Function):
    """Rotary position embedding of [n, heads, HEAD_DIM]; its backward pass is the opposite rotation."""

    @staticmethod
    def forward(ctx, x, cos, sin):
        ctx.save_for_backward(cos, sin)
        return (x * cos).add_(x.roll(HEAD_DIM // 2, -1) * sin)

    @staticmethod
    def backward(ctx, grad):
        cos, sin = ctx.saved_tensors
        return (grad * cos).sub_(grad.roll(HEAD_DIM // 2, -1) * sin), None, None


@dataclass
class Pack:
    """Several trees of tokens, one after another; each tree is a prefix and branches that see only it and themselves."""

    ids: torch.Tensor  # [n] positions in the kept vocabulary
    positions: torch.Tensor  # [n]
    masks: list  # per tree, a bias [size, size]: minus infinity where a query may not look at a key, else zero
    answers: torch.Tensor  # [m] token indices whose next token is an answer token
    targets: torch.Tensor  # [m] those next tokens, in the kept vocabulary
    weights: torch.Tensor  # [m] each token's weight in the loss; 0 in drafts, whose weights `risk` gives
    drafts: list  # per text that has drafts, of each: (first of its answer tokens, one past the last, reward)

    def to(self, device):
        move = lambda v: [m.to(device) for m in v] if isinstance(v, list) else v.to(device)
        return Pack(**{k: v if k == "drafts" else move(v) for k, v in self.__dict__.items()})


class TreeAttention(torch.autograd.Function):
    """Attention of one tree: q [n, HEADS, d], the one key and value head [n, 1, d], bias [n, n] with minus infinity
    where a query may not look. The heads become further rows of one matrix, so all is plain matrix products."""

    @staticmethod
    def forward(ctx, q, k, v, bias):
        n = q.shape[0]
        rows, k, v = q.reshape(n * HEADS, HEAD_DIM), k[:, 0], v[:, 0]
        scores = (rows @ k.T).view(n, HEADS, n).float().mul_(HEAD_DIM**-0.5).add_(bias[:, None])
        p = scores.softmax(-1).to(q.dtype).view(n * HEADS, n)
        ctx.save_for_backward(rows, k, v, p)
        return (p @ v).view(n, HEADS * HEAD_DIM)

    @staticmethod
    def backward(ctx, grad):
        rows, k, v, p = ctx.saved_tensors
        grad = grad.reshape(-1, HEAD_DIM)
        wide = p.float()
        scores = (grad @ v.T).float().mul_(wide)
        scores -= wide * scores.sum(-1, keepdim=True)
        scores = scores.mul_(HEAD_DIM**-0.5).to(p.dtype)
        return (scores @ k).view(-1, HEADS, HEAD_DIM), (scores.T @ rows)[:, None], (p.T @ grad)[:, None], None


def project(weights, layer, group, x, working):
    pairs = [p for name in PROJECTIONS[group][1] for p in working[f"{layer}.{name}"]]
    return Projection.apply(x, weights.frozen[layer][group], weights.scale, *pairs)


def rms_norm(weights, x, weight):
    return RmsNorm.apply(x, weight, weights.dtype)


def queries_keys_values(weights, layer, y, tables):
    """The parts of one layer's `qkv` output, normed and rotated: [n, HEADS, d], [n, 1, d], [n, 1, d]."""
    norms = weights.norms[layer]
    cos, sin = tables[THETA_GLOBAL if (layer + 1) % GLOBAL_EVERY == 0 else THETA_LOCAL]
    q, k, v = y.view(-1, HEADS + 2, HEAD_DIM).split((HEADS, 1, 1), 1)
    turned = lambda t, name: Rope.apply(RmsNorm.apply(t, norms[name], torch.float32), cos, sin).to(weights.dtype)
    return turned(q, "attn_q_norm"), turned(k, "attn_k_norm"), v


REWARD_UNIT = 0.1  # a draft this much better than is expected of its text weighs as much as a reference


@torch.no_grad()
def risk(x, head, pack: Pack):
    """Weights [m] of the drafts' tokens that raise the expected reward; that reward, summed over texts; and what the
    drafts, so weighted, add to the loss.

    A draft's probability is taken among the drafts of its text, in proportion to the exponent of its mean log
    probability per token (Edunov et al. 2018, "Classical structured prediction losses for sequence to sequence
    learning"), so the gradient of a draft ends where it has become unlikely.
    """
    logp = torch.zeros(len(pack.targets))
    for first, end in ((text[0][0], text[-1][1]) for text in pack.drafts):
        for start in range(first, end, BLOCK):
            rows = slice(start, min(start + BLOCK, end))
            logits = (x[rows] @ head.T).float()
            logp[rows] = (logits.gather(1, pack.targets[rows, None])[:, 0] - torch.logsumexp(logits, -1)).cpu()
    weights, total = torch.zeros(len(pack.targets)), 0.0
    for text in pack.drafts:
        share = torch.stack([logp[first:end].mean() for first, end, _ in text]).softmax(0)
        rewards = torch.tensor([reward for _, _, reward in text])
        expected = (share * rewards).sum()
        length = (text[-1][1] - text[0][0]) / len(text)
        for (first, end, _), pull in zip(text, share * (rewards - expected) / REWARD_UNIT):
            weights[first:end] = pull * length / (end - first)
        total += expected.item()
    return weights.to(x.device), total, -(weights * logp).sum().item()


def loss_of(weights, pack: Pack, working, smoothing):
    """The weighted sum of the answer losses of the pack's references, differentiable in `working`, and the expected
    reward summed over its texts with drafts, which the gradient of that sum raises too."""
    sizes = [m.shape[0] for m in pack.masks]
    tables = {theta: rope_tables(pack.positions, theta) for theta in (THETA_LOCAL, THETA_GLOBAL)}
    x = weights.embed(pack.ids)
    for layer in range(LAYERS):
        norms = weights.norms[layer]
        y = project(weights, layer, "qkv", rms_norm(weights, x, norms["attn_norm"]), working)
        q, k, v = queries_keys_values(weights, layer, y, tables)
        y = torch.cat([TreeAttention.apply(*p) for p in zip(q.split(sizes), k.split(sizes), v.split(sizes), pack.masks)])
        x = x + RmsNorm.apply(project(weights, layer, "o", y, working), norms["post_attention_norm"], torch.float32)
        y = project(weights, layer, "gate_up", rms_norm(weights, x, norms["ffn_norm"]), working)
        y = project(weights, layer, "down", GatedGelu.apply(y), working)
        x = x + RmsNorm.apply(y, norms["post_ffw_norm"], torch.float32)
    x = rms_norm(weights, x[pack.answers], weights.final_norm)
    pull, reward, added = risk(x, weights.head, pack)
    smoothing = torch.where(pack.weights > 0, smoothing, 0.0)
    return AnswerLoss.apply(x, weights.head, pack.targets, pack.weights + pull, smoothing) - added, reward


def gradients(weights, pack: Pack, smoothing):
    """(loss sum, expected reward sum, gradients in the order of `weights.parameters()`) of one pack."""
    working = {k: tuple(t.detach().requires_grad_() for t in pair) for k, pair in weights.working.items()}
    loss, reward = loss_of(weights, pack, working, smoothing)
    return loss.item(), reward, torch.autograd.grad(loss, [t for pair in working.values() for t in pair])


TOP = 50  # of the vocabulary, how many tokens a draw chooses from


@torch.no_grad()
def decode(weights, prompts, stop, limit=200, copies=1, temperature=0.0, generator=None):
    """Continuations of `prompts` (lists of kept-vocabulary ids, first to last) up to the token `stop`: `copies` of each,
    side by side in the result. Greedy at temperature 0, else drawn with `generator`."""
    device, longest = weights.device, max(map(len, prompts))
    ids = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
    pad = torch.tensor([longest - len(p) for p in prompts], device=device)
    slots = torch.arange(longest + limit, device=device)
    keys = torch.zeros(LAYERS, len(prompts), longest + limit, HEAD_DIM, device=device, dtype=weights.dtype)
    values = torch.zeros_like(keys)
    out = [[] for _ in range(copies * len(prompts))]
    alive = torch.arange(len(out))
    ended = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    block, start = ids.to(device), 0
    for _ in range(limit):
        count, n = block.shape
        at, end = slots[start : start + n], start + n
        seen, begin = slots[None, None, :end], pad[:, None, None]
        # A padding slot sees itself, so that its softmax has something to add up.
        visible = (seen <= at[None, :, None]) & (seen >= begin) | (seen == at[None, :, None])
        mask = torch.zeros(visible.shape, device=device).masked_fill_(~visible, float("-inf"))[:, :, None]
        positions = (at[None] - pad[:, None]).clamp(min=0).flatten()
        tables = {theta: rope_tables(positions, theta) for theta in (THETA_LOCAL, THETA_GLOBAL)}
        x = weights.embed(block.flatten())
        for layer in range(LAYERS):
            norms, merged = weights.norms[layer], weights.merged[layer]
            q, k, v = queries_keys_values(weights, layer, F.linear(rms_norm(weights, x, norms["attn_norm"]), merged["qkv"]), tables)
            keys[layer, :, start:end] = k.view(count, n, HEAD_DIM)
            values[layer, :, start:end] = v.reshape(count, n, HEAD_DIM)
            scores = q.view(count, n * HEADS, HEAD_DIM) @ keys[layer, :, :end].transpose(1, 2)
            scores = scores.view(count, n, HEADS, end).float().mul_(HEAD_DIM**-0.5).add_(mask)
            y = scores.softmax(-1).to(weights.dtype).view(count, n * HEADS, end) @ values[layer, :, :end]
            y = F.linear(y.view(count * n, HEADS * HEAD_DIM), merged["o"])
            x = x + RmsNorm.apply(y, norms["post_attention_norm"], torch.float32)
            y = GatedGelu.apply(F.linear(rms_norm(weights, x, norms["ffn_norm"]), merged["gate_up"]))
            x = x + RmsNorm.apply(F.linear(y, merged["down"]), norms["post_ffw_norm"], torch.float32)
        x = rms_norm(weights, x.view(count, n, WIDTH)[:, -1], weights.final_norm)
        logits = F.linear(x, weights.head)
        if start == 0 and copies > 1:
            logits, pad, ended = (t.repeat_interleave(copies, 0) for t in (logits, pad, ended))
            keys, values = (t.repeat_interleave(copies, 1) for t in (keys, values))
        if temperature == 0:
            chosen = logits.argmax(-1)
        else:
            likely, tokens = logits.float().topk(TOP, -1)
            drawn = torch.multinomial(likely.div_(temperature).softmax(-1), 1, generator=generator)
            chosen = tokens.gather(1, drawn)[:, 0]
        start = end
        going = (chosen != stop) & ~ended
        for row, token in zip(alive[going.cpu()].tolist(), chosen[going].tolist()):
            out[row].append(token)
        if not going.any():
            break
        ended = ~going
        if going.sum() < 0.8 * len(going):  # fewer would not repay the copies of keys and values
            alive, chosen, pad, ended = alive[going.cpu()], chosen[going], pad[going], ended[going]
            keys, values = keys[:, going], values[:, going]
        block = chosen[:, None]
    return out
