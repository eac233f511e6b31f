# The serving step: what decoder.py's layers compute, on weights made ready for the machine, in few small operations.
# Packed verbatim into a TorchScript archive by ProgramArchive.java, called by Decoder.java only.
#
# Legend and equations are decoder.py's. Besides them   S key/value capacity of a row
#
# kinds     how each product computes, [head, qkv, o, gate-up, down]:
#           0 plain     torch.linear on the weight as it is
#           1 bf16      oneDNN's product on the weight packed for it
#           2 int8      W8A8: weights per output channel, inputs per row, both symmetric (9)
#           3 watched   plain, and the largest |input| of each channel is kept in `smooth`
#           4 fine      the weights as in 2, without smoothing; inputs in two bytes, as two rows of one int8 product
#           5 half      torch.linear in bf16 on the bf16 weight that learning reads too: on a GPU
# product   five tensors: weight, bias, smooth [in], scale [out], zeros [out]; all but the weight empty where not
#           needed; in `smooth` of an int8 qkv or gate-up product is the gain of the norm before it too
# w         [embed, final norm, head product] then per layer
#           0 input norm, 1 qkv product, 6 q norm, 7 k norm, 8 o product, 13 post norm, 14 gate-up product,
#           19 down product
# kinds[5]  how a piece of a prompt attends: 0 in bf16, 1 in fp32, both by the fused attention for processors; 2 in bf16,
#           3 in fp32, both by whichever libtorch has for the device, in longer strips and with no second cache to fit
# slab      the caches of some rows, one after the other in slots of S tokens, fp32: [L, 2, slots, K, S, D]
# kv        per piece of a prompt, its row's part of a slab: [L, 2, K, S, D]
# rows      per piece: first token, tokens, tokens already in its cache
# calls     per call of attention for rows of one token each: first slot, slots, keys (a multiple of 64), rows, and
#           whether its rows are all tokens of the step, in order
# spots     per call: where among all [D] of a layer's slab each row's new keys and values go [rows, 2*K], its token;
#           the token that asks in each slot, and how many keys of the slot count; after all calls: where each token's
#           result is, nothing if where it belongs
#
#  (9) W8A8 with smoothing   Xiao et al. 2023 (SmoothQuant), equation 3:   (x / s) (s W)
class Serving(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # (1) in fp32
  def norm(self: __torch__.Serving, x: Tensor, gain: Tensor, eps: Tensor) -> Tensor:
    n = torch.linalg_vector_norm(x, 2, [-1], True)                                         # [.., 1]
    r = torch.rsqrt_(torch.addcmul(eps, n, n, value=torch.div(1., torch.size(x, -1))))
    return torch.mul_(torch.mul(x, r), gain)                                               # [.., C]

  # The int8 product at w[at] of u8 rows, not yet multiplied by the rows' scales.
  def whole(self: __torch__.Serving, u: Tensor, w: List[Tensor], at: int) -> Tensor:
    return ops.onednn.qlinear_pointwise(u, 1., 128, w[at], w[torch.add(at, 3)], w[torch.add(at, 4)], None, 1., 0, 6,
      "none", [], "")

  # Rows x [N, in] in whole numbers: round(127 x / a), zero at 128, where a [N, 1] is the largest |x| of each row. What
  # becomes of a row of zeros does not count: it is multiplied by its a after.
  def rounded(self: __torch__.Serving, x: Tensor, a: Tensor, half: Tensor) -> Tensor:
    return torch.to(torch.addcmul(half, x, torch.reciprocal(a), value=127.), 0)            # u8

  def largest(self: __torch__.Serving, x: Tensor) -> Tensor:
    return torch.amax(torch.abs(x), [-1], True)                                            # [N, 1]

  # The same to two bytes, as twice as many rows of whole numbers: what the second ones give counts a 254th.
  def finely(self: __torch__.Serving, x: Tensor, a: Tensor, half: Tensor) -> Tensor:
    n = torch.size(x, 0)
    t = torch.addcmul(half, x, torch.reciprocal(a), value=127.)                            # 1.5 to 255.5
    u = torch.empty([torch.mul(2, n), torch.size(x, 1)], dtype=0, layout=None, device=ops.prim.device(x),
      pin_memory=None, memory_format=None)
    coarse = torch.copy_(torch.slice(u, 0, 0, n), t)
    rest = torch.add_(torch.mul_(torch.sub_(t, coarse), 254.), 1.5)                        # 1.5 to 255.5
    fine = torch.copy_(torch.slice(u, 0, n), rest)
    return u                                                                               # [2N, in] u8

  # What a product of `finely` rows is worth: [2N, out] -> [N, out]
  def joined(self: __torch__.Serving, two: Tensor) -> Tensor:
    n = torch.floordiv(torch.size(two, 0), 2)
    return torch.add_(torch.slice(two, 0, 0, n), torch.slice(two, 0, n), alpha=torch.div(1., 254.))

  # The int8 product at w[at] of the norm (1) of x: the norm's factor of a row goes into the row's scale.
  def normed(self: __torch__.Serving, x: Tensor, w: List[Tensor], at: int, least: Tensor, half: Tensor) -> Tensor:
    xs = torch.mul(x, w[torch.add(at, 2)])                                                 # (9) [N, in]
    a = (self).largest(xs, )
    n = torch.hypot(torch.linalg_vector_norm(x, 2, [-1], True), least)                     # [N, 1]
    y = torch.mul_((self).whole((self).rounded(xs, a, half, ), w, at, ), torch.div_(a, n))
    bias = w[torch.add(at, 1)]
    if torch.gt(torch.numel(bias), 0):
      y = torch.add_(y, bias)
    return y                                                                               # [N, out] fp32

  # The int8 product at w[at] of x [N, in], of kind 2 or 4, and what each of its rows is multiplied by [N, 1].
  def scaled(self: __torch__.Serving, x: Tensor, w: List[Tensor], at: int, kind: int,
      half: Tensor) -> Tuple[Tensor, Tensor]:
    if torch.eq(kind, 2):
      xs = torch.mul(x, w[torch.add(at, 2)])                                               # (9)
      a = (self).largest(xs, )
      y = (self).whole((self).rounded(xs, a, half, ), w, at, )
    else:
      a = (self).largest(x, )
      y = (self).joined((self).whole((self).finely(x, a, half, ), w, at, ), )
    return (y, a)

  # The product at w[at] of x; dtype of the result is bf16 for kinds 1 and 5, else fp32.
  def product(self: __torch__.Serving, x: Tensor, w: List[Tensor], at: int, kind: int, half: Tensor) -> Tensor:
    bias = w[torch.add(at, 1)]
    biased = torch.gt(torch.numel(bias), 0)
    if torch.eq(kind, 1):
      xb = torch.to(x, 15)
      if biased:
        y = ops.mkldnn._linear_pointwise(xb, w[at], bias, "none", [], "")
      else:
        y = ops.mkldnn._linear_pointwise(xb, w[at], None, "none", [], "")
    elif torch.__or__(torch.eq(kind, 2), torch.eq(kind, 4)):
      rows, a = (self).scaled(x, w, at, kind, half, )
      y = torch.mul_(rows, a)
      if biased:
        y = torch.add_(y, bias)
    else:
      if torch.eq(kind, 3):
        seen = w[torch.add(at, 2)]
        most = torch.copy_(seen, torch.maximum(seen, torch.amax(torch.abs(x), [0])))
      elif torch.eq(kind, 5):
        x = torch.to(x, 15)
      if biased:
        y = torch.linear(x, w[at], bias)
      else:
        y = torch.linear(x, w[at], None)
    return y                                                                               # [N, out]

  # x plus the product at w[at] of f, in x [N, C] fp32.
  def onto(self: __torch__.Serving, x: Tensor, f: Tensor, w: List[Tensor], at: int, kind: int, half: Tensor) -> Tensor:
    biased = torch.gt(torch.numel(w[torch.add(at, 1)]), 0)
    if torch.__or__(biased, torch.__and__(torch.ne(kind, 2), torch.ne(kind, 4))):
      y = torch.add_(x, (self).product(f, w, at, kind, half, ))
    else:
      rows, a = (self).scaled(f, w, at, kind, half, )
      y = torch.addcmul_(x, rows, a)
    return y

  # (5) of each group of rows by its own adapter, or of one group whose rows have one each: A [G, in, r], B [G, r, out]
  def adapt(self: __torch__.Serving, y: Tensor, x: Tensor, column: int, lora: List[Tensor], at: int, stride: int,
      groups: List[int]) -> int:
    n = torch.floordiv(torch.len(groups), 2)
    for g in range(n):
      a = lora[torch.add(torch.mul(g, stride), at)]
      if torch.gt(torch.numel(a), 0):
        b = lora[torch.add(torch.add(torch.mul(g, stride), at), 1)]
        first = groups[torch.mul(g, 2)]
        count = torch.sub(groups[torch.add(torch.mul(g, 2), 1)], first)
        xs = torch.to(torch.narrow(x, 0, first, count), a)                                 # [n, in]
        if torch.eq(torch.dim(a), 3):
          d = torch.squeeze(torch.bmm(torch.bmm(torch.unsqueeze(xs, 1), a), b), 1)
        else:
          d = torch.linear(torch.linear(xs, a, None), b, None)                             # [n, out]
        part = torch.narrow(torch.narrow(y, 0, first, count), 1, column, torch.size(d, 1))
        part = torch.add_(part, d)
    return n

  # (3) of rows with one new token each, whose caches are neighbours in a slab, all in one. `flat` [2*slots*K*S, D] is
  # all that a layer has of it, `keys` [slots*K, D, t] and `values` [slots*K, t, D] what is seen, each head by its own
  # queries.
  def together(self: __torch__.Serving, q: Tensor, new: Tensor, flat: Tensor, keys: Tensor, values: Tensor, whole: int,
      to: Tensor, tokens: Tensor, asking: Tensor, mask: Tensor) -> Tensor:
    D = torch.size(q, 2)
    if torch.eq(whole, 0):
      new = torch.index_select(new, 0, tokens)                                             # [rows, 2*K, D]
      q = torch.index_select(q, 0, asking)                                                 # [slots, H, D]
    put = torch.index_copy_(flat, 0, to, torch.reshape(new, [-1, D]))
    scores = torch.baddbmm(mask, torch.reshape(q, [torch.size(keys, 0), -1, D]), keys, beta=1,
      alpha=torch.pow(D, -0.5))                                                            # [slots*K, G, t]
    o = torch.bmm(torch.softmax(scores, -1, None), values)                                 # [slots*K, G, D]
    return torch.view(o, [torch.size(q, 0), -1])                                           # [slots, H*D]

  # (3) of a piece of a prompt, in strips of queries, each against no more keys than it may see.
  def piece(self: __torch__.Serving, q: Tensor, new: Tensor, kv: Tensor, l: int, past: int, mask: Tensor,
      how: int) -> Tensor:
    count = torch.size(q, 0)                                                               # [c, K, G, D]
    K = torch.size(q, 1)
    G = torch.size(q, 2)
    end = torch.add(past, count)
    cache = torch.select(kv, 0, l)                                                         # [2, K, S, D]
    put = torch.copy_(torch.slice(cache, 2, past, end), torch.view(new, [2, K, count, -1]))
    seen = torch.to(torch.slice(cache, 2, 0, end), q)
    keys = torch.expand(torch.unsqueeze(torch.select(seen, 0, 0), 1), [K, G, -1, -1])      # [K, G, t, D]
    values = torch.expand(torch.unsqueeze(torch.select(seen, 0, 1), 1), [K, G, -1, -1])
    qs = torch.permute(q, [1, 2, 0, 3])                                                    # [K, G, c, D]
    outs = annotate(List[Tensor], [])
    strip = torch.size(mask, 0)
    zero = torch.sub(torch.size(mask, 1), strip)                                           # where the mask begins to hide
    for i in range(torch.floordiv(torch.sub(torch.add(count, strip), 1), strip)):
      first = torch.mul(i, strip)
      n = ops.prim.min(strip, torch.sub(count, first))
      before = torch.add(past, first)
      t = torch.add(before, n)
      hidden = torch.narrow(torch.narrow(mask, 0, 0, n), 1, torch.sub(zero, before), t)
      if torch.ge(how, 2):
        o = torch.scaled_dot_product_attention(torch.narrow(qs, 2, first, n), torch.narrow(keys, 2, 0, t),
          torch.narrow(values, 2, 0, t), hidden, 0., False)
      else:
        o, lse = torch._scaled_dot_product_flash_attention_for_cpu(torch.narrow(qs, 2, first, n),
          torch.narrow(keys, 2, 0, t), torch.narrow(values, 2, 0, t), 0., False, attn_mask=hidden)
      outs = torch.append(outs, torch.reshape(torch.permute(o, [2, 0, 1, 3]), [n, -1]))
    if torch.eq(torch.len(outs), 1):
      y = outs[0]
    else:
      y = torch.cat(outs, 0)
    return y                                                                               # [c, H*D]

  # (3) of all tokens; the new keys and values go into the caches first.
  def attend(self: __torch__.Serving, heads: Tensor, l: int, how: int, shape: List[int], kv: List[Tensor],
      rows: List[int], mask: Tensor, views: List[List[Tensor]], calls: List[int], places: List[Tensor], back: Tensor) -> Tensor:
    H = shape[1]
    K = shape[2]
    outs = annotate(List[Tensor], [])
    R = torch.floordiv(torch.len(views), 3)
    if torch.gt(R, 0):
      q = torch.slice(heads, 1, 0, H)
      new = torch.slice(heads, 1, H)
      for g in range(R):
        c = torch.mul(g, 4)
        v = torch.mul(g, 3)
        o = (self).together(q, new, views[v][l], views[torch.add(v, 1)][l], views[torch.add(v, 2)][l],
          calls[torch.add(torch.mul(g, 5), 4)], places[c], places[torch.add(c, 1)], places[torch.add(c, 2)],
          places[torch.add(c, 3)], )
        outs = torch.append(outs, o)
    P = torch.len(kv)
    for i in range(P):
      first = rows[torch.mul(i, 3)]
      count = rows[torch.add(torch.mul(i, 3), 1)]
      part = torch.narrow(heads, 0, first, count)
      q = torch.to(torch.reshape(torch.narrow(part, 1, 0, H), [count, K, -1, shape[3]]), mask)
      new = torch.transpose(torch.narrow(part, 1, H, torch.mul(2, K)), 0, 1)               # [2*K, c, D]
      past = rows[torch.add(torch.mul(i, 3), 2)]
      o = (self).piece(q, torch.reshape(new, [2, K, count, shape[3]]), kv[i], l, past, mask, how, )
      outs = torch.append(outs, torch.to(o, heads))
    if torch.eq(torch.len(outs), 1):
      y = outs[0]
    else:
      y = torch.cat(outs, 0)
    if torch.gt(torch.numel(back), 0):
      y = torch.index_select(y, 0, back)
    return y                                                                               # [N, H*D]

  def layer(self: __torch__.Serving, x: Tensor, l: int, w: List[Tensor], kinds: List[int], shape: List[int],
      eps: Tensor, least: Tensor, half: Tensor, cos: Tensor, sin: Tensor, kv: List[Tensor], rows: List[int],
      mask: Tensor, views: List[List[Tensor]], calls: List[int], places: List[Tensor], back: Tensor, lora: List[Tensor],
      groups: List[int], lowest: int) -> Tensor:
    at = torch.add(7, torch.mul(24, l))
    H = shape[1]
    K = shape[2]
    D = shape[3]
    adapted = torch.ge(l, lowest)
    stride = torch.mul(14, shape[0])
    la = torch.mul(14, l)
    h = x
    if torch.__or__(adapted, torch.ne(kinds[1], 2)):
      h = (self).norm(x, w[at], eps, )                                                     # [N, C] fp32
    if torch.eq(kinds[1], 2):
      qkv = (self).normed(x, w, torch.add(at, 1), least, half, )                           # [N, (H+2K)*D]
    else:
      qkv = (self).product(h, w, torch.add(at, 1), kinds[1], half, )
    if adapted:
      done = (self).adapt(qkv, h, 0, lora, la, stride, groups, )
      done = (self).adapt(qkv, h, torch.mul(H, D), lora, torch.add(la, 2), stride, groups, )
      done = (self).adapt(qkv, h, torch.mul(torch.add(H, K), D), lora, torch.add(la, 4), stride, groups, )
    heads = torch.view(qkv, [torch.size(x, 0), torch.add(H, torch.mul(2, K)), D])
    if torch.gt(torch.numel(w[torch.add(at, 6)]), 0):
      q = torch.narrow(heads, 1, 0, H)
      q = torch.copy_(q, (self).norm(torch.to(q, 6), w[torch.add(at, 6)], eps, ))
      k = torch.narrow(heads, 1, H, K)
      k = torch.copy_(k, (self).norm(torch.to(k, 6), w[torch.add(at, 7)], eps, ))
    heads = torch.to(heads, 6)
    qk = torch.slice(heads, 1, 0, torch.add(H, K))
    turned = torch.roll(qk, [torch.floordiv(D, 2)], [-1])                                  # (2)
    qk = torch.addcmul_(torch.mul_(qk, cos), turned, sin)
    a = (self).attend(heads, l, kinds[5], shape, kv, rows, mask, views, calls, places, back, )
    x = (self).onto(x, a, w, torch.add(at, 8), kinds[2], half, )                           # [N, C] fp32
    if adapted:
      done = (self).adapt(x, a, 0, lora, torch.add(la, 6), stride, groups, )
    N = torch.size(x, 0)
    if torch.__or__(torch.__or__(adapted, torch.le(N, 128)), torch.ge(kinds[5], 2)):
      x = (self).mlp(x, l, w, kinds, shape, eps, least, half, lora, groups, adapted, )
    else:                                                                                  # what a processor's own cache holds
      for i in range(torch.floordiv(torch.add(N, 127), 128)):
        part = torch.slice(x, 0, torch.mul(i, 128), torch.mul(torch.add(i, 1), 128))
        part = (self).mlp(part, l, w, kinds, shape, eps, least, half, lora, groups, adapted, )
    return x

  # The lowest layer that an adapter of this step changes, L if none does: below it nothing is computed for adapters.
  def lowest(self: __torch__.Serving, lora: List[Tensor], groups: List[int], L: int) -> int:
    found = L
    for g in range(torch.floordiv(torch.len(groups), 2)):
      for l in range(found):
        for i in range(7):
          a = lora[torch.add(torch.mul(torch.add(torch.mul(g, L), l), 14), torch.mul(2, i))]
          if torch.gt(torch.numel(a), 0):
            found = ops.prim.min(found, l)
    return found

  # The second half of a layer, added to x [N, C].
  def mlp(self: __torch__.Serving, x: Tensor, l: int, w: List[Tensor], kinds: List[int], shape: List[int],
      eps: Tensor, least: Tensor, half: Tensor, lora: List[Tensor], groups: List[int], adapted: bool) -> Tensor:
    at = torch.add(7, torch.mul(24, l))
    la = torch.mul(14, l)
    stride = torch.mul(14, shape[0])
    h = x
    if torch.__or__(adapted, torch.ne(kinds[3], 2)):
      h = (self).norm(x, w[torch.add(at, 13)], eps, )
    if torch.eq(kinds[3], 2):
      gu = (self).normed(x, w, torch.add(at, 14), least, half, )                           # [N, 2*I]
    else:
      gu = (self).product(h, w, torch.add(at, 14), kinds[3], half, )
    I = torch.floordiv(torch.size(gu, 1), 2)
    if adapted:
      done = (self).adapt(gu, h, 0, lora, torch.add(la, 8), stride, groups, )
      done = (self).adapt(gu, h, I, lora, torch.add(la, 10), stride, groups, )
    f = torch.mul_(torch.silu(torch.slice(gu, 1, 0, I)), torch.slice(gu, 1, I))            # (4)
    x = (self).onto(x, f, w, torch.add(at, 19), kinds[4], half, )
    if adapted:
      done = (self).adapt(x, f, 0, lora, torch.add(la, 12), stride, groups, )
    return x

  # What the queries of a strip may not see, added to their scores: narrowed to t keys that begin `past` before the last
  # strip's own, it hides from each query what comes after it. [strip, longest past + strip]
  def mask(self: __torch__.Serving, device: Tensor, how: int, kv: List[Tensor], rows: List[int]) -> Tensor:
    dtype = 6
    if torch.eq(torch.remainder(how, 2), 0):
      dtype = 15
    strip = 128
    if torch.ge(how, 2):
      strip = 1024
    most = 0
    for i in range(torch.len(kv)):
      most = ops.prim.max(most, torch.add(rows[torch.add(torch.mul(i, 3), 1)], rows[torch.add(torch.mul(i, 3), 2)]))
    full = torch.full([strip, torch.add(most, strip)], -inf, dtype=dtype, layout=None, device=ops.prim.device(device),
      pin_memory=None)
    return torch.triu(full, torch.add(most, 1))

  # For each call of `together`: where to, which tokens, who asks, and what is hidden [slots*K, G, t].
  def places(self: __torch__.Serving, shape: List[int], calls: List[int], spots: Tensor) -> List[Tensor]:
    all = annotate(List[Tensor], [])
    K = shape[2]
    G = torch.floordiv(shape[1], K)
    at = 0
    for g in range(torch.floordiv(torch.len(calls), 5)):
      c = torch.mul(g, 5)
      slots = calls[torch.add(c, 1)]
      t = calls[torch.add(c, 2)]
      m = calls[torch.add(c, 3)]
      heads = torch.mul(torch.mul(2, K), m)
      all = torch.append(all, torch.narrow(spots, 0, at, heads))
      at = torch.add(at, heads)
      all = torch.append(all, torch.narrow(spots, 0, at, m))
      at = torch.add(at, m)
      all = torch.append(all, torch.narrow(spots, 0, at, slots))
      lengths = torch.unsqueeze(torch.narrow(spots, 0, torch.add(at, slots), slots), 1)
      at = torch.add(at, torch.mul(2, slots))
      numbers = torch.arange(t, dtype=4, layout=None, device=ops.prim.device(spots), pin_memory=None)
      hidden = torch.ge(torch.unsqueeze(numbers, 0), lengths)                              # [slots, t]
      mask = torch.masked_fill(torch.zeros_like(hidden, dtype=6, layout=None, device=None, pin_memory=None,
        memory_format=None), hidden, -inf)
      mask = torch.expand(torch.unsqueeze(torch.unsqueeze(mask, 1), 1), [-1, K, G, -1])
      all = torch.append(all, torch.reshape(mask, [torch.mul(slots, K), G, t]))
    return torch.append(all, torch.slice(spots, 0, at))

  # For each call of `together`, what each layer sees: all of its part of the slab, the keys and the values.
  def views(self: __torch__.Serving, slabs: List[Tensor], calls: List[int]) -> List[List[Tensor]]:
    all = annotate(List[List[Tensor]], [])
    for g in range(torch.len(slabs)):
      c = torch.mul(g, 5)
      slab = slabs[g]
      L = torch.size(slab, 0)
      S = torch.size(slab, 4)
      D = torch.size(slab, 5)
      seen = torch.narrow(slab, 2, calls[c], calls[torch.add(c, 1)])
      seen = torch.narrow(torch.view(seen, [L, 2, -1, S, D]), 3, 0, calls[torch.add(c, 2)])
      all = torch.append(all, torch.unbind(torch.view(slab, [L, -1, D])))
      all = torch.append(all, torch.unbind(torch.transpose(torch.select(seen, 1, 0), 2, 3)))
      all = torch.append(all, torch.unbind(torch.select(seen, 1, 1)))
    return all

  # What the logits z [M, V] of the wanted tokens say of the first `width` ids: those of the tokens in `whole` as they
  # are [m, V], then of each token the logarithm of the sum of their exponentials, the largest one and its id. The places
  # in `never` of all M*V cannot be the largest; z is written over there.
  def outlook(self: __torch__.Serving, z: Tensor, width: int, whole: Tensor, never: Tensor) -> List[Tensor]:
    seen = torch.slice(z, 1, 0, width)
    sums = torch.logsumexp(seen, [1])                                                      # [M]
    logits = z
    if torch.lt(torch.numel(whole), torch.size(z, 0)):
      logits = torch.index_select(z, 0, whole)
    if torch.gt(torch.numel(never), 0):
      hidden = torch.index_fill_(torch.view(z, [-1]), 0, never, -inf)
    largest, ids = torch.max(seen, 1)
    return [logits, sums, largest, ids]

  # One serving step: every row's new tokens through all layers, their keys and values into the rows' caches. Gives the
  # `outlook` of the wanted tokens, nothing where there are none, and their hidden states after each of the watched layers
  # (the last one's after the final norm).
  def step(self: __torch__.Serving, w: List[Tensor], kinds: List[int], shape: List[int], epsilon: float,
      inverse: Tensor, rope: float, ids: Tensor, positions: Tensor, kv: List[Tensor], rows: List[int],
      slabs: List[Tensor], calls: List[int], spots: Tensor, wanted: Tensor, width: int, whole: Tensor, never: Tensor,
      lora: List[Tensor], groups: List[int], watched: List[int]) -> List[Tensor]:
    x = torch.to(torch.embedding(w[0], ids), 6)                                            # [N, C] fp32
    eps = torch.full([1], epsilon, dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    least = torch.sqrt(torch.mul(eps, torch.size(x, 1)))                                   # of (1), for `normed`
    half = torch.full([1], 128.5, dtype=6, layout=None, device=ops.prim.device(x), pin_memory=None)
    angle = torch.mul(torch.unsqueeze(torch.to(positions, 6), 1), torch.unsqueeze(inverse, 0))
    cos = torch.mul(torch.cos(angle), rope)                                                # [N, D/2]
    sin = torch.mul(torch.sin(angle), rope)
    cos = torch.unsqueeze(torch.cat([cos, cos], 1), 1)                                     # [N, 1, D]
    sin = torch.unsqueeze(torch.cat([torch.neg(sin), sin], 1), 1)
    mask = x
    if torch.gt(torch.len(kv), 0):
      mask = (self).mask(kv[0], kinds[5], kv, rows, )
    views = (self).views(slabs, calls, )
    places = (self).places(shape, calls, spots, )
    back = places[torch.sub(torch.len(places), 1)]
    L = shape[0]
    states = annotate(List[Tensor], [])
    lowest = (self).lowest(lora, groups, L, )
    for l in range(L):
      x = (self).layer(x, l, w, kinds, shape, eps, least, half, cos, sin, kv, rows, mask, views, calls, places, back,
        lora, groups, lowest, )
      if torch.__contains__(watched, torch.add(l, 1)):
        if torch.lt(torch.add(l, 1), L):
          states = torch.append(states, torch.index_select(x, 0, wanted))                  # [M, C]
    if torch.gt(torch.numel(wanted), 0):
      h = (self).norm(torch.index_select(x, 0, wanted), w[1], eps, )
      if torch.__contains__(watched, L):
        states = torch.append(states, h)
      z = torch.to((self).product(h, w, 2, kinds[0], half, ), 6)                           # [M, V]
      seen = (self).outlook(z, width, whole, never, )
    else:
      seen = annotate(List[Tensor], [])
    return torch.add(seen, states)                                                         # then [M, C] each, fp32

  # What the logits after some tokens say of the tokens that follow: log-probability of each, and the best one.
  def score(self: __torch__.Serving, z: Tensor, targets: Tensor) -> List[Tensor]:
    chosen = torch.squeeze(torch.gather(z, 1, torch.unsqueeze(targets, 1)), 1)             # [M]
    return [torch.sub(chosen, torch.logsumexp(z, [1])), torch.argmax(z, 1)]                # fp32, int64

  # A weight as oneDNN's bf16 product wants it, opaque.
  def bf16(self: __torch__.Serving, w: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(torch.to(w, 15), rows)

  # (9) the factor of each input channel by the largest |input| seen, alpha .5: 1 / s
  def smoothing(self: __torch__.Serving, w: Tensor, most: Tensor) -> Tensor:
    weight = torch.clamp_min(torch.amax(torch.abs(w), [0]), 1e-5)                          # [in]
    return torch.sqrt(torch.div(weight, torch.clamp_min(most, 1e-5)))

  # (9) a weight as W8A8 wants it: opaque packed, scale of each output channel (1/127 of the inputs' in it), zeros.
  def int8(self: __torch__.Serving, w: Tensor, smooth: Tensor, rows: int) -> List[Tensor]:
    ws = torch.div(w, smooth)                                                              # [out, in]
    scale = torch.div(torch.clamp_min(torch.amax(torch.abs(ws), [1]), 1e-20), 127.)        # [out]
    q = torch.to(torch.round(torch.div(ws, torch.unsqueeze(scale, 1))), 1)
    packed = ops.onednn.qlinear_prepack(q, [rows, torch.size(w, 1)])
    zeros = torch.zeros([torch.size(w, 0)], dtype=3, layout=None, device=ops.prim.device(w), pin_memory=None)
    return [packed, torch.div(scale, 127.), zeros]

  # Adapters of one shape as one, for `adapt`: lora has each after the other, stride tensors an adapter.
  def stack(self: __torch__.Serving, lora: List[Tensor], stride: int) -> List[Tensor]:
    n = torch.floordiv(torch.len(lora), stride)
    all = annotate(List[Tensor], [])
    for i in range(stride):
      same = annotate(List[Tensor], [])
      for g in range(n):
        same = torch.append(same, lora[torch.add(torch.mul(g, stride), i)])
      if torch.gt(torch.numel(same[0]), 0):
        whole = torch.contiguous(torch.transpose(torch.stack(same, 0), 1, 2), memory_format=0)
      else:
        whole = same[0]
      all = torch.append(all, whole)
    return all

  # What an int8 product after a norm multiplies its inputs by; the root of the norm's 1/C (1) is in it.
  def gained(self: __torch__.Serving, smooth: Tensor, gain: Tensor) -> Tensor:
    return torch.mul(torch.mul(smooth, gain), torch.pow(torch.size(gain, 0), 0.5))

  # A tensor in another dtype (5 fp16, 6 fp32, 15 bf16), which DJL's own types cannot all say.
  def cast(self: __torch__.Serving, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype, False, True)

  # Empty caches where `beside` is: [L, 2, slots, K, S, D].
  def cache(self: __torch__.Serving, shape: List[int], slots: int, size: int, beside: Tensor) -> Tensor:
    return torch.empty([shape[0], 2, slots, shape[2], size, shape[3]], dtype=6, layout=None,
      device=ops.prim.device(beside), pin_memory=None, memory_format=None)

  # A row's part of a slab [L, 2, K, S, D], cleared: what a mask hides has to be a number.
  def slot(self: __torch__.Serving, slab: Tensor, slot: int) -> Tensor:
    return torch.zero_(torch.select(slab, 2, slot))

  # A copy of some of a cache's tokens: [L, 2, K, count, D].
  def keep(self: __torch__.Serving, cache: Tensor, first: int, count: int) -> Tensor:
    return torch.clone(torch.narrow(cache, 3, first, count), memory_format=0)

  # Such a copy into a cache.
  def put(self: __torch__.Serving, cache: Tensor, first: int, block: Tensor) -> Tensor:
    return torch.copy_(torch.narrow(cache, 3, first, torch.size(block, 3)), block)
