package dev.apprentice.engine.sampling;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens may come within frames, whatever is to be said behind them (Dong et al. 2024, "XGrammar", section 3.1,
 * calls such tokens context-independent). Inside a string that is nearly every token, and it is told once for all
 * strings at any depth. Safe for any thread.
 */
final class Masks {
    private static final long WEIGHT_MAX = 16L << 20;

    private final Vocabulary vocabulary;
    private final Map<Machine.State, Vocabulary.Found> found = new HashMap<>();
    private Machine machine = new Machine(new Form.Beyond());
    private long foundWeight;

    Masks(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Bytes that this holds, about. */
    synchronized long weight() {
        return machine.weight() + foundWeight;
    }

    /** What may come at {@code stacks}, each of which is looked at above its nearest end of a frame only. */
    synchronized Vocabulary.Found of(Set<Machine.Stack> stacks) {
        if (weight() > WEIGHT_MAX) {
            machine = new Machine(new Form.Beyond());
            found.clear();
            foundWeight = 0;
        }
        machine.rested();
        var own = new HashSet<Machine.Stack>();
        for (var stack : stacks) {
            own.add(machine.adopt(stack, cut(stack), vocabulary.longest() + 1));
        }
        var state = machine.state(own);
        var known = found.get(state);
        if (known == null) {
            known = vocabulary.walk(state);
            found.put(state, known);
            foundWeight += 200 + weight(known.sure()) + 4L * known.open().length;
        }
        return known;
    }

    static long weight(BitSet set) {
        return 60 + set.size() / 8L;
    }

    /** The end of the frame that {@code stack} is in, if it is in one. */
    static Machine.@Nullable Stack cut(Machine.Stack stack) {
        Machine.@Nullable Stack at = stack;
        while (at != null && !(at.head instanceof Form.End)) {
            at = at.rest;
        }
        return at;
    }
}
