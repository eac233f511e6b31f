package dev.apprentice.engine.sampling;

import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one form, token by token. Any thread may use it; one at a time gets in.
 *
 * <p>What is known of its places and of the tokens that may come at them is kept up to {@link #WEIGHT_MAX} bytes, then
 * forgotten and found anew. Answers in the middle of a text go on from what they stood before.
 */
public final class Grammar {
    private static final long WEIGHT_MAX = 4L << 20;

    private final Form form;
    private final long formWeight;
    private final Vocabulary vocabulary;
    private final Masks shared;
    private final Masks own;
    private final Map<Machine.State, BitSet> masks = new HashMap<>();
    private final Map<BitSet, BitSet> different = new HashMap<>();
    private Machine machine = new Machine(new Form.Finish());
    private long masksWeight;

    /** The grammar of {@code form}; {@code shared} is what all grammars over {@code vocabulary} know. */
    Grammar(Form form, Vocabulary vocabulary, Masks shared) {
        this.form = form;
        this.formWeight = FormSize.bytes(form);
        this.vocabulary = vocabulary;
        this.shared = shared;
        this.own = new Masks(vocabulary);
        machine.start(form);
    }

    /** Where a text stands in the form. */
    public final class State {
        private final Machine.State at;

        /** The keys of the text of JSON that this is in; null where it is not told from other texts. */
        private final @Nullable Keys keys;

        private State(Machine.State at, @Nullable Keys keys) {
            this.at = at;
            this.keys = keys;
        }

        /** Whether the text may end here. */
        public boolean mayEnd() {
            return at.mayEnd();
        }

        /**
         * The ids of the tokens that may come next, end-of-turn tokens aside; not to be changed.
         *
         * @throws InvalidRequestException {@code unsupported_schema} if there is too much to follow at once here
         */
        public BitSet tokens() {
            synchronized (Grammar.this) {
                var now = current(at);
                return unrepeated(now, mask(now));
            }
        }

        /** Where {@code token} leads, or null where it is not allowed. */
        public @Nullable State after(int token) {
            synchronized (Grammar.this) {
                var now = current(at);
                if (vocabulary.has(token)) {
                    return said(now, vocabulary.bytes(token));
                }
                var next = now.control(token);
                return next == null ? null : new State(next, Keys.NONE);
            }
        }

        /** Without the tokens that would repeat a key: the masks don't know what was said. */
        private BitSet unrepeated(Machine.State now, BitSet allowed) {
            var doubtful = doubtful(now, allowed);
            if (doubtful.isEmpty()) {
                return allowed;
            }
            var left = (BitSet) allowed.clone();
            for (int id = doubtful.nextSetBit(0); id >= 0; id = doubtful.nextSetBit(id + 1)) {
                if (vocabulary.has(id) && said(now, vocabulary.bytes(id)) == null) {
                    left.clear(id);
                }
            }
            return left;
        }

        /**
         * The tokens with quotation marks enough to end a repeated key: one where a known key may be ending, two from
         * behind a value, four where there are no keys yet. Where keys may run out, also those that lead to one.
         */
        private BitSet doubtful(Machine.State now, BitSet allowed) {
            boolean begun = keys != null && keys.mayRepeat();
            if (begun && now.isNarrow()) {
                return allowed;
            }
            boolean some = keys == null || keys.areSome() || !now.isJson();
            var doubtful = (BitSet) vocabulary.quoted(begun ? 1 : some ? 2 : 4).clone();
            if (now.isNarrow()) {
                doubtful.or(vocabulary.quoted(1));
                doubtful.or(vocabulary.commas());
            }
            doubtful.and(allowed);
            return doubtful;
        }

        private @Nullable State said(Machine.State from, byte[] text) {
            var at = from;
            var known = keys;
            for (var b : text) {
                var next = at.step(b & 0xFF);
                if (next == null) {
                    return null;
                }
                if (known != null && at.mayBeJson()) {
                    known = known.with(b & 0xFF);
                    if (at.isJson() && (known == null || (next.isNarrow() && !known.canGoOn(next)))) {
                        return null;
                    }
                }
                known = next.mayBeJson() ? known : Keys.NONE;
                at = next;
            }
            return new State(at, known);
        }
    }

    /** Where a text begins. */
    public synchronized State start() {
        machine.rested();
        return new State(machine.start(form), Keys.NONE);
    }

    /** Whether {@code tokens} are a whole text of this form. */
    public boolean fits(List<Integer> tokens) {
        State at = start();
        for (int token : tokens) {
            at = at == null ? null : at.after(token);
        }
        return at != null && at.mayEnd();
    }

    /** Bytes that this holds, about. */
    synchronized long weight() {
        return formWeight + machine.weight() + masksWeight + own.weight();
    }

    /** The same place in the machine in use; a full one is put away first. */
    private Machine.State current(Machine.State place) {
        if (machine.weight() + masksWeight > WEIGHT_MAX) {
            machine = new Machine(new Form.Finish());
            masks.clear();
            different.clear();
            masksWeight = 0;
        }
        machine.rested();
        return place.machine() == machine ? place : machine.adopt(place);
    }

    private BitSet mask(Machine.State place) {
        var known = masks.get(place);
        if (known == null) {
            known = found(place);
            var twin = different.putIfAbsent(known, known);
            masksWeight += twin == null ? 200 + Masks.weight(known) : 100;
            known = twin == null ? known : twin;
            masks.put(place, known);
        }
        return known;
    }

    private BitSet found(Machine.State place) {
        if (place.stacks().stream().anyMatch(stack -> stack.depth + vocabulary.longest() >= Machine.DEPTH_MAX)) {
            return vocabulary.walk(place).sure(); // a frame's masks don't know how deep it stands
        }
        var all = new BitSet(vocabulary.size());
        var open = new ArrayList<int[]>();
        for (var group : groups(place)) {
            var end = Masks.cut(group.iterator().next());
            var theirs = end != null && end.head instanceof Form.End it && it.shared ? shared : own;
            var found = theirs.of(group);
            all.or(found.sure());
            open.add(found.open());
        }
        open.forEach(roots -> vocabulary.walk(place, roots, all));
        for (var stack : place.stacks()) {
            if (stack.head instanceof Form.OneToken one) {
                all.set(one.id);
            }
        }
        return all;
    }

    /** The stacks of {@code place} that stand in the same frame, and so go on alike behind it. */
    private static Iterable<Set<Machine.Stack>> groups(Machine.State place) {
        var groups = new HashMap<Object, Set<Machine.Stack>>();
        for (var stack : place.stacks()) {
            if (stack.head instanceof Form.OneByte) {
                var end = Masks.cut(stack);
                var key = end == null ? "" : List.of(end.below(), ((Form.End) end.head).shared);
                groups.computeIfAbsent(key, _ -> new HashSet<>()).add(stack);
            }
        }
        return Objects.requireNonNull(groups.values());
    }
}
