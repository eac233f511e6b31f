package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A form as a machine over bytes. A state is the set of stacks of forms that may still have to be said; it is made when
 * it is first reached and kept with its ways on. Not safe for several threads at once.
 *
 * <p>Bounds: a state of more than {@link #STACKS_MAX} stacks is refused, and so is what takes more than
 * {@link #WORK_MAX} turns between two calls of {@link #rested}. {@link #weight} tells when to begin a new machine.
 */
final class Machine {
    /** Frames within frames, which is less deep than parsers of JSON go. */
    static final int DEPTH_MAX = 400;

    private static final int STACKS_MAX = 1500;
    private static final int WORK_MAX = 400_000;

    private final Stack bottom;
    private final Stack beyond = new Stack(new Form.Beyond(), null);
    private final Map<Set<Stack>, State> states = new HashMap<>();
    private long weight;
    private int work;

    /** A machine whose texts end in {@code last}: a {@link Form.Finish} or a {@link Form.Beyond}. */
    Machine(Form last) {
        this.bottom = new Stack(last, null);
    }

    /** A form that is still to be said, and what is to be said behind it. Equal ones are the same object. */
    static final class Stack {
        final Form head;
        final @Nullable Stack rest;
        /** How many frames this is in. */
        final int depth;
        /** The end of the text of JSON that this is in, if it is in one. */
        final Form.@Nullable End json;

        private final Map<Form, Stack> above = new HashMap<>(2);

        private Stack(Form head, @Nullable Stack rest) {
            this.head = head;
            this.rest = rest;
            this.depth = (rest == null ? 0 : rest.depth) + (head instanceof Form.End ? 1 : 0);
            this.json =
                    head instanceof Form.End end && end.text != Form.Text.PART ? end : rest == null ? null : rest.json;
        }

        Stack below() {
            if (rest == null) {
                throw new IllegalStateException("nothing is below the bottom");
            }
            return rest;
        }
    }

    /** Where a text stands in the form. */
    final class State {
        private final Set<Stack> stacks;
        private final boolean mayEnd;
        private final boolean sure;
        private @Nullable State[] ways = new State[0];
        private long @Nullable [] known;

        private State(Set<Stack> stacks) {
            this.stacks = stacks;
            this.mayEnd = stacks.stream().anyMatch(stack -> stack.head instanceof Form.Finish);
            this.sure = stacks.stream().anyMatch(stack -> stack != beyond);
            weight += 200 + 64L * stacks.size();
        }

        Set<Stack> stacks() {
            return stacks;
        }

        Machine machine() {
            return Machine.this;
        }

        /** Whether the text may end here. */
        boolean mayEnd() {
            return mayEnd;
        }

        /** Whether it is certain that the text may come here; false where that lies beyond this machine. */
        boolean sure() {
            return sure;
        }

        /** Whether what comes next may be in a text of JSON. */
        boolean mayBeJson() {
            return stacks.stream().anyMatch(stack -> stack.json != null);
        }

        /** Whether it must be. */
        boolean isJson() {
            return stacks.stream().allMatch(stack -> stack.json != null);
        }

        /** Whether it may be in one whose objects may run out of keys. */
        boolean isNarrow() {
            return stacks.stream().anyMatch(stack -> stack.json != null && stack.json.text == Form.Text.NARROW);
        }

        /** The bytes that may come next. */
        BitSet bytes() {
            var bytes = new BitSet(256);
            for (var stack : stacks) {
                if (stack.head instanceof Form.OneByte one) {
                    bytes.or(one.set);
                }
            }
            return bytes;
        }

        /** Where the byte {@code b} leads, or null. */
        @Nullable
        State step(int b) {
            if (known == null) {
                known = new long[4];
                ways = new State[256];
                weight += 1100;
            }
            long bit = 1L << (b & 63);
            if ((known[b >> 6] & bit) == 0) {
                ways[b] = after(head -> head instanceof Form.OneByte one && one.set.get(b), true);
                known[b >> 6] |= bit;
            }
            return ways[b];
        }

        /** Where the control token {@code id} leads, or null. */
        @Nullable
        State control(int id) {
            return after(head -> head instanceof Form.OneToken one && one.id == id, false);
        }

        private @Nullable State after(Predicate<Form> said, boolean text) {
            var next = new HashSet<Stack>();
            var visited = new HashSet<Stack>();
            for (var stack : stacks) {
                if (said.test(stack.head)) {
                    expand(stack.below(), visited, next);
                } else if (text && stack.head instanceof Form.Beyond) {
                    next.add(beyond);
                }
            }
            return next.isEmpty() ? null : state(next);
        }
    }

    /** Bytes that this holds, about. */
    long weight() {
        return weight;
    }

    /** Allows as much work again. */
    void rested() {
        work = 0;
    }

    /**
     * Where a text begins that has {@code form}.
     *
     * @throws InvalidRequestException if there is no such text, or too much to follow at once
     */
    State start(Form form) {
        var found = new HashSet<Stack>();
        expand(stack(form, bottom), new HashSet<>(), found);
        if (found.isEmpty()) {
            throw tooLarge("no text has this form");
        }
        return state(found);
    }

    Stack bottom() {
        return bottom;
    }

    State state(Set<Stack> found) {
        return states.computeIfAbsent(Set.copyOf(found), State::new);
    }

    Stack stack(Form head, Stack rest) {
        var known = rest.above.get(head);
        if (known == null) {
            known = new Stack(head, rest);
            rest.above.put(head, known);
            weight += 160;
        }
        return known;
    }

    /** The stacks of another machine in this one. */
    State adopt(State foreign) {
        var own = new HashSet<Stack>();
        foreign.stacks().forEach(stack -> own.add(adopt(stack, null, Integer.MAX_VALUE)));
        return state(own);
    }

    /**
     * The part of {@code foreign} above {@code cut} (all of it without one) on this machine's bottom. What may or must
     * be repeated oftener than {@code enough} times is repeated without an end, or so many times.
     */
    Stack adopt(Stack foreign, @Nullable Stack cut, int enough) {
        var above = new ArrayList<Form>();
        for (Stack at = foreign; at != cut && at.rest != null; at = at.rest) {
            above.add(at.head);
        }
        Stack own = bottom;
        for (var form : above.reversed()) {
            own = stack(form instanceof Form.Times it ? it.within(enough) : form, own);
        }
        return own;
    }

    /** Adds to {@code out} what {@code from} may begin with: stacks with a byte on top, or the end. */
    private void expand(Stack from, Set<Stack> visited, Set<Stack> out) {
        var todo = new ArrayDeque<Stack>();
        todo.push(from);
        while (!todo.isEmpty()) {
            var stack = todo.pop();
            if (!visited.add(stack)) {
                continue;
            }
            if (out.size() > STACKS_MAX || ++work > WORK_MAX) {
                throw tooLarge("there are too many ways in which it could go on at one place");
            }
            switch (stack.head) {
                case Form.OneByte _, Form.OneToken _, Form.Finish _, Form.Beyond _ -> out.add(stack);
                default -> unfold(stack.head, stack.below()).forEach(todo::push);
            }
        }
    }

    private List<Stack> unfold(Form head, Stack rest) {
        return switch (head) {
            case Form.OneByte _, Form.OneToken _, Form.Finish _, Form.Beyond _ -> List.of(stack(head, rest));
            case Form.Empty _, Form.End _ -> List.of(rest);
            case Form.Then then -> List.of(stack(then.first, stack(then.second, rest)));
            case Form.Later later -> List.of(stack(later.form(), rest));
            case Form.Frame frame ->
                rest.depth < DEPTH_MAX ? List.of(stack(frame.inside, stack(frame.end, rest))) : List.of();
            case Form.Either either -> {
                var options = new ArrayList<Stack>(either.options.length);
                for (var option : either.options) {
                    options.add(stack(option, rest));
                }
                yield options;
            }
            case Form.Times it -> {
                if (it.max == 0) {
                    yield List.of(rest);
                }
                var once = stack(it.part, stack(it.rest(), rest));
                yield it.min > 0 ? List.of(once) : List.of(once, rest);
            }
        };
    }

    private static InvalidRequestException tooLarge(String why) {
        return new InvalidRequestException(
                "unsupported_schema", "this form cannot be enforced: " + why, Fault.at("response_format"));
    }
}
