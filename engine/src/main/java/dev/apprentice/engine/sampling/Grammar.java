package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A form as a machine over bytes: a state is the set of stacks of forms that may still have to be said, made when it is
 * first reached and kept with its ways on and the tokens it allows. Any thread may use it; one at a time gets in.
 *
 * <p>Bounds: a state of more than {@link #STACKS_MAX} stacks is refused, and once more than {@link #STATES_MAX} states
 * are known they are forgotten and made anew.
 */
public final class Grammar {
    private static final int STACKS_MAX = 1000;
    private static final int VISITED_MAX = 50_000;
    private static final int STATES_MAX = 3000;

    private final Vocabulary vocabulary;
    private final State start;
    private final Map<Stack, Stack> stacks = new HashMap<>();
    private final Map<Set<Stack>, State> states = new HashMap<>();

    Grammar(Form form, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        var found = new HashSet<Stack>();
        expand(stack(form, null), new HashSet<>(), found);
        this.start = new State(Set.copyOf(found));
        if (found.isEmpty()) {
            throw tooLarge("no text has this form");
        }
    }

    /** A form that is still to be said, and what is to be said behind it. Equal parts are the same object. */
    private record Stack(@Nullable Form head, @Nullable Stack rest) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stack(var otherHead, var otherRest) && head == otherHead && rest == otherRest;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(head) + System.identityHashCode(rest);
        }
    }

    /** Where a text stands in the form. */
    public final class State {
        private final Set<Stack> stacks;
        private final boolean mayEnd;
        private final @Nullable State[] ways = new State[256];
        private final boolean[] known = new boolean[256];
        private @Nullable BitSet tokens;

        private State(Set<Stack> stacks) {
            this.stacks = stacks;
            this.mayEnd = stacks.stream().anyMatch(stack -> stack.head == null);
        }

        /** Whether the text may end here. */
        public boolean mayEnd() {
            return mayEnd;
        }

        /** The ids of the tokens that may come next, end-of-turn tokens aside. */
        public BitSet tokens() {
            synchronized (Grammar.this) {
                if (tokens == null) {
                    tokens = vocabulary.allowed(this);
                }
                return tokens;
            }
        }

        /** Where {@code token} leads, or null where it is not allowed. */
        public @Nullable State after(int token) {
            synchronized (Grammar.this) {
                State at = vocabulary.has(token) ? this : null;
                for (var b : vocabulary.bytes(token)) {
                    at = at == null ? null : at.step(b & 0xFF);
                }
                return at;
            }
        }

        @Nullable
        State step(int b) {
            if (!known[b]) {
                ways[b] = make(b);
                known[b] = true;
            }
            return ways[b];
        }

        private @Nullable State make(int b) {
            var next = new HashSet<Stack>();
            var visited = new HashSet<Stack>();
            for (var stack : stacks) {
                if (stack.head instanceof Form.OneByte one && one.set.get(b)) {
                    expand(stack.rest, visited, next);
                }
            }
            return next.isEmpty() ? null : state(next);
        }
    }

    /** Where a text begins. */
    public State start() {
        return start;
    }

    /** Whether {@code tokens} are a whole text of this form. */
    public boolean fits(List<Integer> tokens) {
        State at = start;
        for (int token : tokens) {
            at = at == null ? null : at.after(token);
        }
        return at != null && at.mayEnd();
    }

    private State state(Set<Stack> found) {
        if (states.size() > STATES_MAX) {
            states.clear();
            stacks.clear();
        }
        return states.computeIfAbsent(Set.copyOf(found), State::new);
    }

    private Stack stack(@Nullable Form head, @Nullable Stack rest) {
        return stacks.computeIfAbsent(new Stack(head, rest), stack -> stack);
    }

    /** Adds to {@code out} what {@code from} may begin with: stacks with a byte on top, or the end. */
    private void expand(@Nullable Stack from, Set<Stack> visited, Set<Stack> out) {
        var todo = new java.util.ArrayDeque<Stack>();
        todo.push(from == null ? stack(null, null) : from);
        while (!todo.isEmpty()) {
            var stack = todo.pop();
            if (!visited.add(stack)) {
                continue;
            }
            if (out.size() > STACKS_MAX || visited.size() > VISITED_MAX) {
                throw tooLarge("at one place it could go on in more than " + STACKS_MAX + " ways");
            }
            if (stack.head == null || stack.head instanceof Form.OneByte) {
                out.add(stack);
            } else {
                unfold(stack.head, stack.rest).forEach(todo::push);
            }
        }
    }

    private List<Stack> unfold(Form head, @Nullable Stack rest) {
        return switch (head) {
            case Form.OneByte _ -> List.of(stack(head, rest));
            case Form.Empty _ -> List.of(rest == null ? stack(null, null) : rest);
            case Form.Then then -> List.of(stack(then.first, stack(then.second, rest)));
            case Form.Later later -> List.of(stack(later.form(), rest));
            case Form.Either either ->
                java.util.Arrays.stream(either.options)
                        .map(option -> stack(option, rest))
                        .toList();
            case Form.Times times -> {
                var end = rest == null ? stack(null, null) : rest;
                if (times.max == 0) {
                    yield List.of(end);
                }
                var once = stack(times.part, stack(times.rest(), rest));
                yield times.min > 0 ? List.of(once) : List.of(once, end);
            }
        };
    }

    private static InvalidRequestException tooLarge(String why) {
        return new InvalidRequestException(
                "unsupported_schema", "this form cannot be enforced: " + why, Fault.at("response_format"));
    }
}
