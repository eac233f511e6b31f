# The decoder that looks and judges, exact, in fp32; the one that answers is serving.py, the one that learns is
# training.py. Packed verbatim into a TorchScript archive by ProgramArchive.java; written in TorchScript's serialised dialect (calls as torch.add(x, y)).
#
# Legend  N tokens of all rows laid end to end   R rows   H query heads   K key/value heads   G = H / K   D head dim
#         C hidden   I intermediate   V vocabulary   L layers   S key/value capacity of a row   r rank   M positions asked for
#
# Families differ in data alone: an absent bias or norm is a tensor without elements.
#
# Equations
#  (1) RMSNorm            Zhang & Sennrich 2019:   y = x / sqrt(mean(x^2) + eps) * g
#  (2) rotary positions   Su et al. 2021, rotate-half form:   [x1 cos - x2 sin, x2 cos + x1 sin]
#  (3) attention          Vaswani et al. 2017, grouped queries Ainslie et al. 2023:   softmax(q k' / sqrt(D)) v
#  (4) gated MLP          Shazeer 2020 (SwiGLU):   down(silu(gate x) * up x)
#  (5) LoRA               Hu et al. 2021, section 4.1:   W x + s B A x, row by row, never merged
#  (6) AdamW              Loshchilov & Hutter 2019, algorithm 2
#  (7) cross-entropy      -log softmax(z)[target]
#  (8) KL(base || pi)     over the base's best k tokens and one bucket for the rest: a lower bound of the full KL
#
# Weights are fp32, or all but the norms bf16 where one copy of them serves, learns and looks: then products are in
# bf16 and all between them is in fp32.
#
# weights   [embed, final norm, head] then per layer
#           0 input norm, 1 qkv, 2 qkv bias, 3 q norm, 4 k norm, 5 o, 6 o bias, 7 post norm,
#           8 gate-up, 9 gate-up bias, 10 down, 11 down bias
# lora      per adapter, per layer, per module (q k v o gate up down): A [r, in], B [out, r]; both empty where absent
# groups    per adapter: first token, past the last token (tokens are sorted so that an adapter's rows are neighbours)
# rows      per row: first token, tokens, tokens already in its cache; without caches, how many of the first tokens of
#           all it goes on from
# shape     [L, H, K, D]
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # (1)
  def norm(self: __torch__.Decoder, x: Tensor, gain: Tensor, eps: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], gain, eps)                               # [.., C]

  def affine(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    xw = torch.to(x, weight)
    if torch.eq(torch.numel(bias), 0):
      y = torch.linear(xw, weight, None)                                                   # [N, out]
    else:
      y = torch.linear(xw, weight, bias)
    return torch.to(y, x)

  # (5) adds each adapter's part of module m to the columns that belong to it
  def adapt(self: __torch__.Decoder, y: Tensor, x: Tensor, column: int, lora: List[Tensor], at: int, stride: int,
      groups: List[int], scale: float, dropout: float) -> Tensor:
    n = torch.floordiv(torch.len(groups), 2)
    z = y
    for g in range(n):
      a = lora[torch.add(torch.mul(g, stride), at)]
      if torch.gt(torch.numel(a), 0):
        b = lora[torch.add(torch.add(torch.mul(g, stride), at), 1)]
        first = groups[torch.mul(g, 2)]
        count = torch.sub(groups[torch.add(torch.mul(g, 2), 1)], first)
        xs = torch.narrow(x, 0, first, count)                                              # [n, in]
        if torch.gt(dropout, 0.):
          xs = torch.dropout(xs, dropout, True)
        d = torch.linear(torch.linear(xs, a, None), b, None)                               # [n, out]
        if torch.ne(scale, 1.):
          d = torch.mul(d, scale)
        part = torch.narrow(torch.narrow(z, 0, first, count), 1, column, torch.size(b, 0))
        torch.add_(part, d)
    return z

  # (2)
  def rotate(self: __torch__.Decoder, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = torch.floordiv(torch.size(x, -1), 2)
    x1 = torch.narrow(x, -1, 0, half)                                                      # [N, heads, D/2]
    x2 = torch.narrow(x, -1, half, half)
    return torch.cat([torch.sub(torch.mul(x1, cos), torch.mul(x2, sin)),
      torch.add(torch.mul(x2, cos), torch.mul(x1, sin))], -1)                              # [N, heads, D]

  # (3) one row: its new queries against all its keys
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, past: int, G: int) -> Tensor:
    c = torch.size(q, 0)                                                                   # q [c, H, D]; k, v [K, t, D]
    H = torch.size(q, 1)
    D = torch.size(q, 2)
    t = torch.size(k, 1)
    if torch.eq(c, 1):
      qg = torch.reshape(q, [1, torch.size(k, 0), G, D])                                   # the group as query length
      o = torch.scaled_dot_product_attention(qg, torch.unsqueeze(k, 0), torch.unsqueeze(v, 0))
      y = torch.reshape(o, [1, torch.mul(H, D)])
    else:
      qh = torch.unsqueeze(torch.transpose(q, 0, 1), 0)                                    # [1, H, c, D]
      kh = torch.unsqueeze(torch.repeat_interleave(k, G, 0), 0)                            # [1, H, t, D]
      vh = torch.unsqueeze(torch.repeat_interleave(v, G, 0), 0)
      if torch.eq(past, 0):
        o = torch.scaled_dot_product_attention(qh, kh, vh, None, 0., True)
      else:
        keys = torch.arange(t, dtype=4, layout=None, device=ops.prim.device(q), pin_memory=None)
        queries = torch.add(torch.arange(c, dtype=4, layout=None, device=ops.prim.device(q), pin_memory=None), past)
        seen = torch.le(torch.unsqueeze(keys, 0), torch.unsqueeze(queries, 1))             # [c, t]
        o = torch.scaled_dot_product_attention(qh, kh, vh, seen, 0., False)
      y = torch.reshape(torch.transpose(torch.squeeze(o, 0), 0, 1), [c, torch.mul(H, D)])
    return y                                                                               # [c, H*D]

  def layer(self: __torch__.Decoder, x: Tensor, l: int, w: List[Tensor], shape: List[int], eps: float, cos: Tensor,
      sin: Tensor, kv: List[Tensor], rows: List[int], lora: List[Tensor], groups: List[int], scale: float,
      dropout: float) -> Tensor:
    at = torch.add(3, torch.mul(12, l))
    L = shape[0]
    H = shape[1]
    K = shape[2]
    D = shape[3]
    stride = torch.mul(14, L)
    la = torch.mul(14, l)
    n = torch.size(x, 0)
    h = (self).norm(x, w[at], eps, )                                                       # [N, C]
    qkv = (self).affine(h, w[torch.add(at, 1)], w[torch.add(at, 2)], )                     # [N, (H+2K)*D]
    qkv = (self).adapt(qkv, h, 0, lora, la, stride, groups, scale, dropout, )
    qkv = (self).adapt(qkv, h, torch.mul(H, D), lora, torch.add(la, 2), stride, groups, scale, dropout, )
    qkv = (self).adapt(qkv, h, torch.mul(torch.add(H, K), D), lora, torch.add(la, 4), stride, groups, scale, dropout, )
    heads = torch.view(qkv, [n, torch.add(H, torch.mul(2, K)), D])
    q = torch.narrow(heads, 1, 0, H)                                                       # [N, H, D]
    k = torch.narrow(heads, 1, H, K)                                                       # [N, K, D]
    v = torch.narrow(heads, 1, torch.add(H, K), K)
    if torch.gt(torch.numel(w[torch.add(at, 3)]), 0):
      q = (self).norm(q, w[torch.add(at, 3)], eps, )
      k = (self).norm(k, w[torch.add(at, 4)], eps, )
    q = (self).rotate(q, cos, sin, )
    k = torch.transpose((self).rotate(k, cos, sin, ), 0, 1)                                # [K, N, D]
    v = torch.transpose(v, 0, 1)
    outs = annotate(List[Tensor], [])
    R = torch.floordiv(torch.len(rows), 3)
    for i in range(R):
      first = rows[torch.mul(i, 3)]
      count = rows[torch.add(torch.mul(i, 3), 1)]
      past = rows[torch.add(torch.mul(i, 3), 2)]
      qi = torch.narrow(q, 0, first, count)
      ki = torch.narrow(k, 1, first, count)
      vi = torch.narrow(v, 1, first, count)
      if torch.gt(torch.len(kv), 0):
        cache = torch.select(kv[i], 0, l)                                                  # [2, K, S, D]
        ks = torch.select(cache, 0, 0)
        vs = torch.select(cache, 0, 1)
        torch.copy_(torch.narrow(ks, 1, past, count), ki)
        torch.copy_(torch.narrow(vs, 1, past, count), vi)
        ki = torch.narrow(ks, 1, 0, torch.add(past, count))
        vi = torch.narrow(vs, 1, 0, torch.add(past, count))
      elif torch.gt(past, 0):
        ki = torch.cat([torch.narrow(k, 1, 0, past), ki], 1)                               # [K, past + count, D]
        vi = torch.cat([torch.narrow(v, 1, 0, past), vi], 1)
      o = (self).attend(qi, ki, vi, past, torch.floordiv(H, K), )
      outs = torch.append(outs, o)
    a = torch.cat(outs, 0)                                                                 # [N, H*D]
    o = (self).affine(a, w[torch.add(at, 5)], w[torch.add(at, 6)], )
    o = (self).adapt(o, a, 0, lora, torch.add(la, 6), stride, groups, scale, dropout, )
    x = torch.add(x, o)                                                                    # [N, C]
    h = (self).norm(x, w[torch.add(at, 7)], eps, )
    gu = (self).affine(h, w[torch.add(at, 8)], w[torch.add(at, 9)], )                      # [N, 2*I]
    I = torch.floordiv(torch.size(gu, 1), 2)
    gu = (self).adapt(gu, h, 0, lora, torch.add(la, 8), stride, groups, scale, dropout, )
    gu = (self).adapt(gu, h, I, lora, torch.add(la, 10), stride, groups, scale, dropout, )
    f = torch.mul(torch.silu(torch.narrow(gu, 1, 0, I)), torch.narrow(gu, 1, I, I))        # (4)
    y = (self).affine(f, w[torch.add(at, 10)], w[torch.add(at, 11)], )
    y = (self).adapt(y, f, 0, lora, torch.add(la, 12), stride, groups, scale, dropout, )
    return torch.add(x, y)

  def angles(self: __torch__.Decoder, positions: Tensor, inverse: Tensor) -> Tensor:
    return torch.unsqueeze(torch.mul(torch.unsqueeze(torch.to(positions, 6), 1), torch.unsqueeze(inverse, 0)), 1)

  def head(self: __torch__.Decoder, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
    h = (self).norm(x, w[1], eps, )
    if torch.eq(torch.numel(w[2]), 0):
      z = torch.linear(torch.to(h, w[0]), w[0], None)
    else:
      z = torch.linear(torch.to(h, w[2]), w[2], None)
    return torch.to(z, 6)                                                                  # [M, V] fp32

  # One serving step: every row's new tokens through all layers, their keys and values into the rows' caches.
  def step(self: __torch__.Decoder, w: List[Tensor], shape: List[int], eps: float, inverse: Tensor, rope: float,
      ids: Tensor, positions: Tensor, kv: List[Tensor], rows: List[int], wanted: Tensor, lora: List[Tensor],
      groups: List[int]) -> Tensor:
    x = torch.to(torch.embedding(w[0], ids), 6)                                            # [N, C]
    angle = (self).angles(positions, inverse, )
    cos = torch.to(torch.mul(torch.cos(angle), rope), x)                                   # [N, 1, D/2]
    sin = torch.to(torch.mul(torch.sin(angle), rope), x)
    L = shape[0]
    for l in range(L):
      x = (self).layer(x, l, w, shape, eps, cos, sin, kv, rows, lora, groups, 1., 0., )
    if torch.gt(torch.numel(wanted), 0):
      z = (self).head(torch.index_select(x, 0, wanted), w, eps, )
    else:
      z = torch.zeros([0, 0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    return z                                                                               # [M, V]

  # Mean hidden state of each row's new tokens after the named layers (0 the embedding, L after the final norm).
  def embed(self: __torch__.Decoder, w: List[Tensor], shape: List[int], eps: float, inverse: Tensor, rope: float,
      ids: Tensor, positions: Tensor, kv: List[Tensor], rows: List[int], layers: List[int]) -> Tensor:
    x = torch.to(torch.embedding(w[0], ids), 6)
    angle = (self).angles(positions, inverse, )
    cos = torch.to(torch.mul(torch.cos(angle), rope), x)
    sin = torch.to(torch.mul(torch.sin(angle), rope), x)
    L = shape[0]
    R = torch.floordiv(torch.len(rows), 3)
    kept = annotate(List[Tensor], [])
    for l in range(torch.add(L, 1)):
      if torch.gt(l, 0):
        x = (self).layer(x, torch.sub(l, 1), w, shape, eps, cos, sin, kv, rows,
          annotate(List[Tensor], []), annotate(List[int], []), 1., 0., )
      if torch.__contains__(layers, l):
        h = x
        if torch.eq(l, L):
          h = (self).norm(x, w[1], eps, )
        for i in range(R):
          part = torch.narrow(h, 0, rows[torch.mul(i, 3)], rows[torch.add(torch.mul(i, 3), 1)])
          kept = torch.append(kept, torch.mean(torch.to(part, 6), [0]))
    return torch.view(torch.stack(kept, 0), [torch.len(layers), R, -1])                    # [layers, R, C] fp32

  # (7) + (8) The loss at some positions and its parts, by autograd; x is the highest layer's output, numbers [eps].
  #   targets   [M] next tokens at positions ce_at, weights ce_weight
  #   top_ids   [Q, k] the base's best tokens at positions kl_at, top_logp their base log-probabilities, kl_weight
  def judge(self: __torch__.Decoder, x: Tensor, w: List[Tensor], numbers: Tensor, ce_at: Tensor, targets: Tensor,
      ce_weight: Tensor, kl_at: Tensor, top_ids: Tensor, top_logp: Tensor, kl_weight: Tensor) -> List[Tensor]:
    eps = float(torch.select(numbers, 0, 0))
    M = torch.size(ce_at, 0)
    Q = torch.size(kl_at, 0)
    h = torch.index_select(x, 0, torch.cat([ce_at, kl_at], 0))
    logp = torch.log_softmax((self).head(h, w, eps, ), -1)                                 # [M+Q, V]
    loss = torch.zeros([], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    chosen = torch.zeros([0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    kl = torch.zeros([0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    if torch.gt(M, 0):
      chosen = torch.squeeze(torch.gather(torch.narrow(logp, 0, 0, M), 1, torch.unsqueeze(targets, 1)), 1)  # [M]
      loss = torch.sub(loss, torch.sum(torch.mul(chosen, ce_weight)))
    if torch.gt(Q, 0):
      q = torch.gather(torch.narrow(logp, 0, M, Q), 1, top_ids)                            # [Q, k]
      p = torch.exp(top_logp)
      p_rest = torch.clamp(torch.sub(1., torch.sum(p, [1])), 1e-8)                         # [Q]
      q_rest = torch.clamp(torch.sub(1., torch.sum(torch.exp(q), [1])), 1e-8)
      kl = torch.add(torch.sum(torch.mul(p, torch.sub(top_logp, q)), [1]),
        torch.mul(p_rest, torch.sub(torch.log(p_rest), torch.log(q_rest))))
      loss = torch.add(loss, torch.sum(torch.mul(kl, kl_weight)))
    return [loss, chosen, kl]

  # The base's (or an adapter's) best k log-probabilities at some positions: ids and log-probabilities, for (8).
  def top(self: __torch__.Decoder, w: List[Tensor], shape: List[int], eps: float, inverse: Tensor, rope: float,
      ids: Tensor, positions: Tensor, rows: List[int], wanted: Tensor, lora: List[Tensor], groups: List[int],
      k: int) -> Tuple[Tensor, Tensor]:
    z = (self).step(w, shape, eps, inverse, rope, ids, positions, annotate(List[Tensor], []), rows, wanted, lora,
      groups, )
    best, which = torch.topk(torch.log_softmax(z, -1), k)
    return (which, best)                                                                   # [M, k] int64, [M, k] fp32

  # (6) one AdamW step on every parameter, after scaling gradients by clip; gradients are zeroed.
  def adamw(self: __torch__.Decoder, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
      clip: float, rate: float, beta1: float, beta2: float, eps: float, decay: float, fix1: float, fix2: float) -> int:
    n = torch.len(params)
    for i in range(n):
      g = torch.mul(grads[i], clip)
      torch.add_(torch.mul_(m[i], beta1), g, alpha=torch.sub(1., beta1))
      torch.addcmul_(torch.mul_(v[i], beta2), g, g, value=torch.sub(1., beta2))
      torch.mul_(params[i], torch.sub(1., torch.mul(rate, decay)))
      bottom = torch.add(torch.div(torch.sqrt(v[i]), torch.sqrt(fix2)), eps)
      torch.addcdiv_(params[i], m[i], bottom, value=torch.neg(torch.div(rate, fix1)))
      torch.zero_(grads[i])
    return n

  # A weight in bf16.
  def halved(self: __torch__.Decoder, w: Tensor) -> Tensor:
    return torch.to(w, 15)

  # Sum of squares of all gradients.
  def squares(self: __torch__.Decoder, grads: List[Tensor]) -> Tensor:
    total = torch.zeros([], dtype=7, layout=None, device=ops.prim.device(grads[0]), pin_memory=None)
    n = torch.len(grads)
    for i in range(n):
      total = torch.add(total, torch.to(torch.sum(torch.mul(grads[i], grads[i])), 7))
    return total
