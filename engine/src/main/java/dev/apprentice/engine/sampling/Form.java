package dev.apprentice.engine.sampling;

import java.util.BitSet;
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
        private @Nullable Times less;

        Times(Form part, int min, int max) {
            this.part = part;
            this.min = min;
            this.max = max;
        }

        /** What is left to be said after one more time. */
        Form rest() {
            if (min == 0 && max < 0) {
                return this;
            }
            if (less == null) {
                less = new Times(part, Math.max(0, min - 1), max < 0 ? max : max - 1);
            }
            return less;
        }
    }

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
