# One layer on the way forward and back, written out by hand: what decoder.py's layer computes, with the gradients that
# reach its adapter and its input. Packed verbatim into a TorchScript archive by ProgramArchive.java, called by
# LearningPass.java only. Autograd would keep more, copy a gradient for every module that adds to a part of a product,
# and cannot go back through packed weights.
#
# Legend and equations are decoder.py's. Besides them   m dropout's mask. All is fp32 but what products read.
#
# how       [kind, dtype, attention]: kind 0 torch's product on the weight as it is, 1 oneDNN's on the weight packed for
#           it, 2 torch's on the bf16 weight that serves too; dtype 6 fp32 or 15 bf16; attention 0 libtorch's fused one
#           for processors, 1 written out below
# shape     [H, K, D]
# numbers   [eps, scale, dropout], the last in 256ths
# w         a layer's twelve weights as decoder.py has them, the four products' ready for `how`, then four that products
#           of gradients go back through: qkv, o, gate-up, down
# lora      a layer's fourteen: A [r, in], B [out, r] of q k v o gate up down; both empty where absent
# grads     their gradients, added to
# rows      per row: first token, tokens, how many of the first tokens of all it goes on from
# wanted    which tokens' outputs a layer is asked for, none named for all: in the highest those that are judged, and
#           so its second half is computed for them alone; [M]
# masks     per row, for those that go on: which keys its queries may see, added to their scores; [c, past + c]
# kept      what `through` made, for `back`: y, x, r1, m1, z1, raw, heads, a, m2, z2, x2, r3, m3, z3, gu, m4, z4, lse...
class Training(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # (1) and the factor of each row
  def norm(self: __torch__.Training, x: Tensor, gain: Tensor, eps: float) -> Tuple[Tensor, Tensor]:
    n = torch.linalg_vector_norm(x, 2, [-1], True)                                         # [.., 1]
    r = torch.rsqrt_(torch.add_(torch.div_(torch.mul(n, n), torch.size(x, -1)), eps))
    return (torch.mul_(torch.mul(x, r), gain), r)                                          # [.., C]

  # (1) back: dx = r g dy - x r^3 / C sum(g dy x), added to `more`
  def unnorm(self: __torch__.Training, dy: Tensor, x: Tensor, r: Tensor, gain: Tensor, more: Tensor) -> Tensor:
    t = torch.mul_(torch.mul(dy, gain), r)                                                 # [.., C]
    c = torch.sum(torch.mul(t, x), [-1], True)
    c = torch.div_(torch.mul_(torch.mul_(c, r), r), torch.neg(torch.size(x, -1)))          # [.., 1]
    return torch.addcmul_(torch.add_(t, more), x, c)

  # A product in the dtype of `how`; what comes in and goes out is fp32.
  def product(self: __torch__.Training, x: Tensor, w: Tensor, bias: Tensor, how: List[int]) -> Tensor:
    if torch.eq(how[0], 0):
      if torch.gt(torch.numel(bias), 0):
        y = torch.linear(x, w, bias)
      else:
        y = torch.linear(x, w, None)
    elif torch.eq(how[0], 2):
      if torch.gt(torch.numel(bias), 0):
        y = torch.to(torch.linear(torch.to(x, how[1]), w, bias), 6)
      else:
        y = torch.to(torch.linear(torch.to(x, how[1]), w, None), 6)
    elif torch.gt(torch.numel(bias), 0):
      y = torch.to(ops.mkldnn._linear_pointwise(torch.to(x, how[1]), w, bias, "none", [], ""), 6)
    else:
      y = torch.to(ops.mkldnn._linear_pointwise(torch.to(x, how[1]), w, None, "none", [], ""), 6)
    return y                                                                               # [N, out]

  def unproduct(self: __torch__.Training, dy: Tensor, w: Tensor, how: List[int]) -> Tensor:
    if torch.eq(how[0], 0):
      dx = torch.mm(dy, w)
    elif torch.eq(how[0], 2):
      dx = torch.to(torch.mm(torch.to(dy, how[1]), w), 6)
    else:
      dx = torch.to(ops.mkldnn._linear_pointwise(torch.to(dy, how[1]), w, None, "none", [], ""), 6)
    return dx                                                                              # [N, in]

  # Which inputs the adapter sees: ones and zeros; what is left of them is scaled up by `scale`. Empty without dropout.
  # One number is drawn for eight inputs: drawing is done by one core, however many there are.
  def mask(self: __torch__.Training, x: Tensor, dropout: float) -> Tensor:
    if torch.gt(dropout, 0.):
      n = torch.numel(x)
      words = torch.empty([torch.floordiv(torch.add(n, 7), 8)], dtype=4, layout=None, device=ops.prim.device(x),
        pin_memory=None)
      words = torch.random_(words, -9223372036854775807, None)
      chances = torch.narrow(torch.view_copy(words, dtype=0), 0, 0, n)                     # 0 to 255
      m = torch.view(torch.to(torch.ge(chances, torch.mul(dropout, 256.)), 6), torch.size(x))
    else:
      m = torch.empty([0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    return m

  def masked(self: __torch__.Training, x: Tensor, m: Tensor) -> Tensor:
    if torch.gt(torch.numel(m), 0):
      y = torch.mul(x, m)
    else:
      y = x
    return y

  # The A of the n modules from `at` on that are there, one below the other: [sum of r, in]
  def joined(self: __torch__.Training, lora: List[Tensor], at: int, n: int) -> Tensor:
    all = annotate(List[Tensor], [])
    for i in range(n):
      a = lora[torch.add(at, torch.mul(2, i))]
      if torch.gt(torch.numel(a), 0):
        all = torch.append(all, a)
    if torch.eq(torch.len(all), 0):
      y = lora[at]
    elif torch.eq(torch.len(all), 1):
      y = all[0]
    else:
      y = torch.cat(all, 0)
    return y

  # (5) y += s B A x for the n modules from `at` on, each in its columns; returns A x.
  def adapt(self: __torch__.Training, y: Tensor, x: Tensor, lora: List[Tensor], at: int, columns: List[int],
      scale: float) -> Tensor:
    n = torch.len(columns)
    a = (self).joined(lora, at, n, )
    if torch.gt(torch.numel(a), 0):
      z = torch.linear(x, a, None)                                                         # [N, sum of r]
      k = 0
      for i in range(n):
        b = lora[torch.add(torch.add(at, torch.mul(2, i)), 1)]
        if torch.gt(torch.numel(b), 0):
          r = torch.size(b, 1)
          part = torch.narrow(y, 1, columns[i], torch.size(b, 0))
          bt = torch.t(b)
          part = torch.addmm_(part, torch.narrow(z, 1, k, r), bt, beta=1, alpha=scale)
          k = torch.add(k, r)
    else:
      z = a
    return z

  # (5) back: gradients of the modules' A and B, and of what went in, without its mask; empty without modules.
  def unadapt(self: __torch__.Training, dy: Tensor, x: Tensor, z: Tensor, lora: List[Tensor], grads: List[Tensor],
      at: int, columns: List[int], scale: float, onwards: bool) -> Tensor:
    n = torch.len(columns)
    dx = z
    if torch.gt(torch.numel(z), 0):
      dz = torch.empty_like(z)
      k = 0
      for i in range(n):
        b = lora[torch.add(torch.add(at, torch.mul(2, i)), 1)]
        if torch.gt(torch.numel(b), 0):
          r = torch.size(b, 1)
          part = torch.narrow(dy, 1, columns[i], torch.size(b, 0))                         # [N, out]
          own = torch.narrow(z, 1, k, r)
          gb = torch.mm(torch.t(part), own)                                                # [out, r]
          gb = torch.add_(grads[torch.add(torch.add(at, torch.mul(2, i)), 1)], gb, alpha=scale)
          d = torch.mul_(torch.mm(part, b), scale)
          d = torch.copy_(torch.narrow(dz, 1, k, r), d)
          k = torch.add(k, r)
      ga = torch.mm(torch.t(dz), x)                                                        # [sum of r, in]
      k = 0
      for i in range(n):
        g = grads[torch.add(at, torch.mul(2, i))]
        if torch.gt(torch.numel(g), 0):
          r = torch.size(g, 0)
          g = torch.add_(g, torch.narrow(ga, 0, k, r))
          k = torch.add(k, r)
      if onwards:
        dx = torch.mm(dz, (self).joined(lora, at, n, ))                                # [N, in]
    return dx

  # The tokens of x that are wanted, all if none are named; and back, zeros for the rest.
  def picked(self: __torch__.Training, x: Tensor, wanted: Tensor) -> Tensor:
    y = x
    if torch.gt(torch.numel(wanted), 0):
      y = torch.index_select(x, 0, wanted)
    return y

  def spread(self: __torch__.Training, x: Tensor, wanted: Tensor, n: int) -> Tensor:
    y = x
    if torch.gt(torch.numel(wanted), 0):
      y = torch.index_copy_(torch.zeros([n, torch.size(x, 1)], dtype=6, layout=None, device=ops.prim.device(x),
        pin_memory=None), 0, wanted, x)
    return y

  # dx of a product, with what its adapter hands back.
  def joinback(self: __torch__.Training, dx: Tensor, more: Tensor, m: Tensor) -> Tensor:
    y = dx
    if torch.gt(torch.numel(more), 0):
      if torch.gt(torch.numel(m), 0):
        y = torch.addcmul_(dx, more, m)
      else:
        y = torch.add_(dx, more)
    return y

  # What a pass needs once: embeddings, the table of (2), masks of the rows that go on.
  def open(self: __torch__.Training, embedding: Tensor, ids: Tensor, positions: Tensor, inverse: Tensor, rope: float,
      rows: List[int]) -> List[Tensor]:
    angle = torch.mul(torch.unsqueeze(torch.to(positions, 6), 1), torch.unsqueeze(inverse, 0))
    cos = torch.mul(torch.cos(angle), rope)                                                # [N, D/2]
    sin = torch.mul(torch.sin(angle), rope)
    made = [torch.to(torch.embedding(embedding, ids), 6), torch.unsqueeze(torch.cat([cos, cos], 1), 1),
      torch.unsqueeze(torch.cat([torch.neg(sin), sin], 1), 1)]
    R = torch.floordiv(torch.len(rows), 3)
    for i in range(R):
      count = rows[torch.add(torch.mul(i, 3), 1)]
      past = rows[torch.add(torch.mul(i, 3), 2)]
      m = torch.empty([0], dtype=6, layout=None, device=ops.prim.device(ids), pin_memory=None)
      if torch.gt(past, 0):
        full = torch.full([count, torch.add(past, count)], -inf, dtype=6, layout=None, device=ops.prim.device(ids),
          pin_memory=None)
        m = torch.triu(full, torch.add(past, 1))                                           # [c, past + c]
      made = torch.append(made, m)
    return made

  # Keys or values (`which` 0 or 1) that row i sees, as many times as query heads share them: [K, G, t, D]
  def seen(self: __torch__.Training, kv: Tensor, which: int, first: int, count: int, past: int, G: int) -> Tensor:
    all = torch.select(kv, 0, which)                                                       # [K, N, D]
    own = torch.narrow(all, 1, first, count)
    if torch.gt(past, 0):
      own = torch.cat([torch.narrow(all, 1, 0, past), own], 1)
    return torch.expand(torch.unsqueeze(own, 1), [-1, G, -1, -1])

  # (3) written out, for devices that the fused attention is not for; q [K, G, c, D], k and v [K, G, t, D], the same for
  # each of a group's G. The group's queries are the rows of its product, so that keys are not copied.
  def scores(self: __torch__.Training, q: Tensor, k: Tensor, mask: Tensor) -> Tensor:
    c = torch.size(q, 2)
    hidden = mask
    if torch.eq(torch.numel(mask), 0):
      full = torch.full([c, c], -inf, dtype=6, layout=None, device=ops.prim.device(q), pin_memory=None)
      hidden = torch.triu(full, 1)
    keys = torch.transpose(torch.select(k, 1, 0), 1, 2)                                    # [K, D, t]
    s = torch.bmm(torch.reshape(q, [torch.size(q, 0), -1, torch.size(q, 3)]), keys)
    s = torch.mul_(s, torch.pow(torch.size(q, 3), -0.5))
    return torch.add_(torch.view(s, [torch.size(q, 0), torch.size(q, 1), c, -1]), hidden)  # [K, G, c, t]

  # Results [K, G, c, D] and the logarithm of each query's sum of exponentials [K, G, c].
  def attend(self: __torch__.Training, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
    s = (self).scores(q, k, mask, )
    lse = torch.logsumexp(s, [-1])
    p = torch.exp_(torch.sub_(s, torch.unsqueeze(lse, -1)))
    o = torch.bmm(torch.view(p, [torch.size(q, 0), -1, torch.size(k, 2)]), torch.select(v, 1, 0))
    return (torch.view(o, torch.size(q)), lse)

  # And back, Dao et al. 2022, appendix B.2: gradients of q, and of k and v summed over each group [K, 1, t, D].
  def unattend(self: __torch__.Training, do: Tensor, q: Tensor, k: Tensor, v: Tensor, o: Tensor, lse: Tensor,
      mask: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    K = torch.size(q, 0)
    D = torch.size(q, 3)
    p = torch.exp_(torch.sub_((self).scores(q, k, mask, ), torch.unsqueeze(lse, -1)))
    p = torch.view(p, [K, -1, torch.size(k, 2)])                                           # [K, G*c, t]
    d = torch.reshape(do, [K, -1, D])                                                      # [K, G*c, D]
    dv = torch.bmm(torch.transpose(p, 1, 2), d)                                            # [K, t, D]
    ds = torch.bmm(d, torch.transpose(torch.select(v, 1, 0), 1, 2))                        # [K, G*c, t]
    own = torch.sum(torch.mul(d, torch.reshape(o, [K, -1, D])), [-1], True)                # [K, G*c, 1]
    ds = torch.mul_(torch.mul_(torch.sub_(ds, own), p), torch.pow(D, -0.5))
    dq = torch.view(torch.bmm(ds, torch.select(k, 1, 0)), torch.size(q))
    dk = torch.bmm(torch.transpose(ds, 1, 2), torch.reshape(q, [K, -1, D]))
    return (dq, torch.unsqueeze(dk, 1), torch.unsqueeze(dv, 1))

  # One layer from `before`, what `open`, `laid` or the layer below made; its output and, if asked to `keep`, the rest.
  def through(self: __torch__.Training, before: List[Tensor], w: List[Tensor], lora: List[Tensor], how: List[int],
      shape: List[int], numbers: List[float], table: List[Tensor], rows: List[int], wanted: Tensor, keep: bool) -> List[Tensor]:
    x = before[0]
    H = shape[0]
    K = shape[1]
    D = shape[2]
    G = torch.floordiv(H, K)
    n = torch.size(x, 0)
    eps = numbers[0]
    dropout = numbers[2]
    scale = torch.div(numbers[1], torch.sub(1., dropout))
    h, r1 = (self).norm(x, w[0], eps, )                                                    # [N, C]
    qkv = (self).product(h, w[1], w[2], how, )                                            # [N, (H+2K)*D]
    m1 = (self).mask(h, dropout, )
    columns = [0, torch.mul(H, D), torch.mul(torch.add(H, K), D)]
    z1 = (self).adapt(qkv, (self).masked(h, m1, ), lora, 0, columns, scale, )
    heads = torch.view(qkv, [n, torch.add(H, torch.mul(2, K)), D])
    raw = torch.empty([0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    if torch.gt(torch.numel(w[3]), 0):
      raw = torch.clone(heads, memory_format=0)
      q, rq = (self).norm(torch.narrow(heads, 1, 0, H), w[3], eps, )
      k, rk = (self).norm(torch.narrow(heads, 1, H, K), w[4], eps, )
      q = torch.copy_(torch.narrow(heads, 1, 0, H), q)
      k = torch.copy_(torch.narrow(heads, 1, H, K), k)
    qk = torch.narrow(heads, 1, 0, torch.add(H, K))
    turned = torch.roll(qk, [torch.floordiv(D, 2)], [-1])                                  # (2)
    qk = torch.addcmul_(torch.mul_(qk, table[1]), turned, table[2])
    q = torch.permute(torch.view(torch.narrow(heads, 1, 0, H), [n, K, G, D]), [1, 2, 0, 3])
    kv = torch.permute(torch.view(torch.narrow(heads, 1, H, torch.mul(2, K)), [n, 2, K, D]), [1, 2, 0, 3])
    outs = annotate(List[Tensor], [])
    lses = annotate(List[Tensor], [])
    R = torch.floordiv(torch.len(rows), 3)
    for i in range(R):
      first = rows[torch.mul(i, 3)]
      count = rows[torch.add(torch.mul(i, 3), 1)]
      past = rows[torch.add(torch.mul(i, 3), 2)]
      qi = torch.narrow(q, 2, first, count)                                                # [K, G, c, D]
      ki = (self).seen(kv, 0, first, count, past, G, )
      vi = (self).seen(kv, 1, first, count, past, G, )
      if torch.eq(how[2], 1):
        o, lse = (self).attend(qi, ki, vi, table[torch.add(3, i)], )
      elif torch.gt(past, 0):
        o, lse = torch._scaled_dot_product_flash_attention_for_cpu(qi, ki, vi, 0., False,
          attn_mask=table[torch.add(3, i)])
      else:
        o, lse = torch._scaled_dot_product_flash_attention_for_cpu(qi, ki, vi, 0., True)
      outs = torch.append(outs, torch.reshape(torch.permute(o, [2, 0, 1, 3]), [count, torch.mul(H, D)]))
      lses = torch.append(lses, lse)
    a = torch.cat(outs, 0)                                                                 # [N, H*D]
    aw = (self).picked(a, wanted, )                                                        # from here on M for N
    o = (self).product(aw, w[5], w[6], how, )
    m2 = (self).mask(aw, dropout, )
    z2 = (self).adapt(o, (self).masked(aw, m2, ), lora, 6, [0], scale, )
    x2 = torch.add((self).picked(x, wanted, ), o)                                          # [N, C]
    h, r3 = (self).norm(x2, w[7], eps, )
    gu = (self).product(h, w[8], w[9], how, )                                             # [N, 2*I]
    I = torch.floordiv(torch.size(gu, 1), 2)
    m3 = (self).mask(h, dropout, )
    z3 = (self).adapt(gu, (self).masked(h, m3, ), lora, 8, [0, I], scale, )
    f = torch.mul_(torch.silu(torch.narrow(gu, 1, 0, I)), torch.narrow(gu, 1, I, I))       # (4)
    y = (self).product(f, w[10], w[11], how, )
    m4 = (self).mask(f, dropout, )
    z4 = (self).adapt(y, (self).masked(f, m4, ), lora, 12, [0], scale, )
    made = [torch.add(x2, y)]
    if keep:
      kept = [x, r1, m1, z1, raw, heads, a, m2, z2, x2, r3, m3, z3, gu, m4, z4]
      for i in range(torch.len(kept)):
        made = torch.append(made, kept[i])
      for i in range(R):
        made = torch.append(made, lses[i])
    return made                                                                            # [N, C], kept...

  # From the gradient dy at a layer's output to that at its input, which is empty unless wanted `onwards`.
  def back(self: __torch__.Training, dy: Tensor, kept: List[Tensor], w: List[Tensor], lora: List[Tensor],
      grads: List[Tensor], how: List[int], shape: List[int], numbers: List[float], table: List[Tensor],
      rows: List[int], wanted: Tensor, onwards: bool) -> Tensor:
    H = shape[0]
    K = shape[1]
    D = shape[2]
    G = torch.floordiv(H, K)
    n = torch.size(kept[1], 0)
    eps = numbers[0]
    scale = torch.div(numbers[1], torch.sub(1., numbers[2]))
    gu = kept[14]
    I = torch.floordiv(torch.size(gu, 1), 2)
    gate = torch.narrow(gu, 1, 0, I)
    s = torch.silu(gate)                                                                   # [N, I]
    f = torch.mul(s, torch.narrow(gu, 1, I, I))
    more = (self).unadapt(dy, (self).masked(f, kept[15], ), kept[16], lora, grads, 12, [0], scale, True, )
    df = (self).joinback((self).unproduct(dy, w[15], how, ), more, kept[15], )             # [N, I]
    dgu = torch.empty_like(gu)
    done = torch.mul(df, s, out=torch.narrow(dgu, 1, I, I))
    done = torch.silu_backward(torch.mul_(df, torch.narrow(gu, 1, I, I)), gate, grad_input=torch.narrow(dgu, 1, 0, I))
    x2 = kept[10]
    h = torch.mul_(torch.mul(x2, kept[11]), w[7])
    more = (self).unadapt(dgu, (self).masked(h, kept[12], ), kept[13], lora, grads, 8, [0, I], scale, True, )
    dh = (self).joinback((self).unproduct(dgu, w[14], how, ), more, kept[12], )           # [N, C]
    dx2 = (self).unnorm(dh, x2, kept[11], w[7], dy, )                         # [N, C] fp32
    a = kept[7]
    aw = (self).picked(a, wanted, )
    more = (self).unadapt(dx2, (self).masked(aw, kept[8], ), kept[9], lora, grads, 6, [0], scale, True, )
    da = (self).joinback((self).unproduct(dx2, w[13], how, ), more, kept[8], )             # [M, H*D]
    da = (self).spread(da, wanted, n, )                                                    # [N, H*D]
    dx2 = (self).spread(dx2, wanted, n, )                                                  # [N, C]
    heads = kept[6]
    q = torch.permute(torch.view(torch.narrow(heads, 1, 0, H), [n, K, G, D]), [1, 2, 0, 3])
    kv = torch.permute(torch.view(torch.narrow(heads, 1, H, torch.mul(2, K)), [n, 2, K, D]), [1, 2, 0, 3])
    dheads = torch.zeros_like(heads)
    dkv = torch.permute(torch.view(torch.narrow(dheads, 1, H, torch.mul(2, K)), [n, 2, K, D]), [1, 2, 0, 3])
    R = torch.floordiv(torch.len(rows), 3)
    for i in range(R):
      first = rows[torch.mul(i, 3)]
      count = rows[torch.add(torch.mul(i, 3), 1)]
      past = rows[torch.add(torch.mul(i, 3), 2)]
      qi = torch.narrow(q, 2, first, count)                                                # [K, G, c, D]
      ki = (self).seen(kv, 0, first, count, past, G, )
      vi = (self).seen(kv, 1, first, count, past, G, )
      oi = torch.permute(torch.view(torch.narrow(a, 0, first, count), [count, K, G, D]), [1, 2, 0, 3])
      doi = torch.permute(torch.view(torch.narrow(da, 0, first, count), [count, K, G, D]), [1, 2, 0, 3])
      lse = kept[torch.add(17, i)]
      if torch.eq(how[2], 1):
        dq, dk, dv = (self).unattend(doi, qi, ki, vi, oi, lse, table[torch.add(3, i)], )
      elif torch.gt(past, 0):
        dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(doi, qi, ki, vi, oi, lse, 0., False,
          attn_mask=table[torch.add(3, i)])
      else:
        dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(doi, qi, ki, vi, oi, lse, 0., True)
      into = torch.view(torch.narrow(torch.narrow(dheads, 0, first, count), 1, 0, H), [count, K, G, D])
      into = torch.copy_(into, torch.permute(dq, [2, 0, 1, 3]))
      both = torch.stack([torch.sum(dk, [1]), torch.sum(dv, [1])], 0)                      # [2, K, t, D]
      own = torch.add_(torch.narrow(dkv, 2, first, count), torch.narrow(both, 2, past, count))
      if torch.gt(past, 0):
        shared = torch.add_(torch.narrow(dkv, 2, 0, past), torch.narrow(both, 2, 0, past))
    qk = torch.narrow(dheads, 1, 0, torch.add(H, K))
    turned = torch.roll(qk, [torch.floordiv(D, 2)], [-1])                                  # (2), the other way
    qk = torch.addcmul_(torch.mul_(qk, table[1]), turned, table[2], value=-1)
    if torch.gt(torch.numel(w[3]), 0):
      raw = kept[5]
      none = torch.zeros([1], dtype=6, layout=None, device=ops.prim.device(raw), pin_memory=None)
      xq = torch.narrow(raw, 1, 0, H)
      xk = torch.narrow(raw, 1, H, K)
      q, rq = (self).norm(xq, w[3], eps, )
      k, rk = (self).norm(xk, w[4], eps, )
      into = torch.narrow(dheads, 1, 0, H)
      into = torch.copy_(into, (self).unnorm(into, xq, rq, w[3], none, ))
      into = torch.narrow(dheads, 1, H, K)
      into = torch.copy_(into, (self).unnorm(into, xk, rk, w[4], none, ))
    dqkv = torch.view(dheads, [n, torch.mul(torch.add(H, torch.mul(2, K)), D)])
    x = kept[1]
    h = torch.mul_(torch.mul(x, kept[2]), w[0])
    columns = [0, torch.mul(H, D), torch.mul(torch.add(H, K), D)]
    more = (self).unadapt(dqkv, (self).masked(h, kept[3], ), kept[4], lora, grads, 0, columns, scale, onwards, )
    if onwards:
      dh = (self).joinback((self).unproduct(dqkv, w[12], how, ), more, kept[3], )
      dx = (self).unnorm(dh, x, kept[2], w[0], dx2, )                         # [N, C]
    else:
      dx = torch.empty([0], dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    return dx

  # A weight as oneDNN's product wants it, opaque, for about so many rows: of a product, and of its gradients.
  def pack(self: __torch__.Training, w: Tensor, dtype: int, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(torch.to(w, dtype), rows)

  def packback(self: __torch__.Training, w: Tensor, dtype: int, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.t(torch.to(w, dtype)), memory_format=0), rows)

  # A tensor in another dtype.
  def cast(self: __torch__.Training, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype, False, True)

  # Parts of some tensors, [first row, rows] each, one below the other.
  def laid(self: __torch__.Training, parts: List[Tensor], spans: List[int]) -> List[Tensor]:
    all = annotate(List[Tensor], [])
    for i in range(torch.len(parts)):
      all = torch.append(all, torch.narrow(parts[i], 0, spans[torch.mul(i, 2)], spans[torch.add(torch.mul(i, 2), 1)]))
    return [torch.cat(all, 0)]

  # A layer's output into a tensor of another kind: one that autograd may follow.
  def fill(self: __torch__.Training, into: Tensor, before: List[Tensor]) -> Tensor:
    return torch.copy_(into, before[0])

  # Gradients that were not used, forgotten.
  def forget(self: __torch__.Training, grads: List[Tensor]) -> int:
    n = torch.len(grads)
    for i in range(n):
      g = torch.zero_(grads[i])
    return n
