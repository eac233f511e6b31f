package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.Scope;
import java.util.List;

/** The call of {@code serving.py}'s step, with what is the same in all of a decoder's. For the thread that computes. */
record ServingStep(PtSymbolBlock server, IValue epsilon, IValue frequencies, IValue ropeScale) {

    /** By {@code weights}, each product as {@code kinds} says, through the layers that {@code shape} counts. */
    PtNDArray[] step(
            Scope now, Flat flat, IValue weights, IValue kinds, IValue shape, int vocabulary, List<Integer> watched) {
        var attention = flat.attention();
        var layers = watched.stream().mapToLong(Integer::longValue).toArray();
        return Programs.run(
                        server,
                        now,
                        "step",
                        weights,
                        kinds,
                        shape,
                        epsilon,
                        frequencies,
                        ropeScale,
                        now.own(IValue.from(now.longs(flat.ids()))),
                        now.own(IValue.from(now.longs(flat.positions()))),
                        now.own(IValue.listFrom(attention.kv())),
                        now.own(IValue.listFrom(attention.rows())),
                        now.own(IValue.listFrom(attention.slabs())),
                        now.own(IValue.listFrom(attention.calls())),
                        now.own(IValue.from(now.longs(attention.spots()))),
                        now.own(IValue.from(now.longs(flat.wanted()))),
                        now.own(IValue.from((long) vocabulary)),
                        now.own(IValue.from(now.longs(flat.whole()))),
                        now.own(IValue.from(now.longs(flat.never()))),
                        now.own(IValue.listFrom(flat.lora())),
                        now.own(IValue.listFrom(flat.groups())),
                        now.own(IValue.listFrom(layers)))
                .toTensorArray(now.manager());
    }
}
