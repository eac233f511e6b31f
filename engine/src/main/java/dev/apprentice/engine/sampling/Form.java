package dev.apprentice.engine.sampling;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a grammar over bytes. Two forms are equal only if they are the same object. */
abstract sealed class Form {

    /** One byte out of a set. */
    static final class OneByte extends Form {
        final BitSet set;

        OneByte(BitSet set) {
            this.set = set;
        }
    }

    /** One form, then another. */
    static final class Then extends Form {
        final Form first;
        final Form second;

        Then(Form first, Form second) {
            this.first = first;
            this.second = second;
        }
    }

    /** One of several forms; none of them is a form that nothing has. */
    static final class Either extends Form {
        final Form[] options;

        Either(Form... options) {
            this.options = options;
        }
    }

    /** A form from {@code min} to {@code max} times, without an upper bound where {@code max} is below 0. */
    static final class Times extends Form {
        final Form part;
        final int min;
        final int max;
        private final Map<List<Integer>, Times> kin;

        Times(Form part, int min, int max) {
            this(part, min, max, new HashMap<>());
        }

        private Times(Form part, int min, int max, Map<List<Integer>, Times> kin) {
            this.part = part;
            this.min = min;
            this.max = max;
            this.kin = kin;
        }

        /** What is left to be said after one more time. */
        Times rest() {
            return min == 0 && max < 0 ? this : kin(Math.max(0, min - 1), max < 0 ? max : max - 1);
        }

        /** The same with at least {@code enough} where it is more, and without an end where that is farther off. */
        Times within(int enough) {
            return min <= enough && max <= enough ? this : kin(Math.min(min, enough), max > enough ? -1 : max);
        }

        /** The same part otherwise often; those who ask for the same get the same. */
        private Times kin(int min, int max) {
            synchronized (kin) {
                return kin.computeIfAbsent(List.of(min, max), _ -> new Times(part, min, max, kin));
            }
        }
    }

    /**
     * A form that has a name of its own, so to say: what is to be said in it next does not depend on what is to be said
     * behind it, and is worked out once for all places that it stands in.
     */
    static final class Frame extends Form {
        final Form inside;
        final End end;

        /** A frame; {@code shared} if its inside belongs to no schema. */
        Frame(Form inside, boolean shared) {
            this(inside, new End(shared, Text.PART));
        }

        private Frame(Form inside, End end) {
            this.inside = inside;
            this.end = end;
        }

        /** A whole text of JSON; {@code narrow} if an object in it may run out of keys. */
        static Frame json(Form inside, boolean narrow) {
            return new Frame(inside, new End(false, narrow ? Text.NARROW : Text.WHOLE));
        }
    }

    /** What a frame is to a text of JSON, in whose objects no key is repeated. */
    enum Text {
        PART,
        WHOLE,
        /** A whole one, in which only some keys may be. */
        NARROW
    }

    /** Where the inside of a frame has been said. */
    static final class End extends Form {
        final boolean shared;
        final Text text;

        private End(boolean shared, Text text) {
            this.shared = shared;
            this.text = text;
        }
    }

    /** One control token, which is no text. */
    static final class OneToken extends Form {
        final int id;

        OneToken(int id) {
            this.id = id;
        }
    }

    /** The text may end here. */
    static final class Finish extends Form {}

    /** What follows is known elsewhere. */
    static final class Beyond extends Form {}

    /** Nothing at all. */
    static final class Empty extends Form {}

    /** A form that is known later, which is how forms hold themselves. */
    static final class Later extends Form {
        private @Nullable Form form;

        void is(Form form) {
            this.form = form;
        }

        Form form() {
            if (form == null) {
                throw new IllegalStateException("a form was used before it was known");
            }
            return form;
        }
    }
}
