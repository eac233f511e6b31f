package dev.apprentice.engine.model;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import java.util.function.Supplier;

/** Makes the errors about one file: each names the file, the field or tensor, what was expected and what was found. */
record Blame(String file) {

    private static final int QUOTED_MAX = 80;

    /** Something that has to be there is not. */
    BadModelException missing(String field, String expected) {
        return error("model_incomplete", field, expected, "nothing");
    }

    /** The bytes break the file format's own rules. */
    BadModelException damaged(String field, String expected, String found) {
        return error("model_damaged", field, expected, found);
    }

    /** The same, for a value that begins at byte {@code offset}. */
    BadModelException damagedAt(long offset, String field, String expected, String found) {
        return error("model_damaged", field, expected, found + " (at byte " + offset + ")");
    }

    /** The file is sound but of a kind that this program can't run. */
    BadModelException unsupported(String field, String expected, String found) {
        return error("model_unsupported", field, expected, found);
    }

    /** Two parts of the model disagree. */
    BadModelException contradictory(String field, String expected, String found) {
        return error("model_contradictory", field, expected, found);
    }

    /** A weight is NaN or infinite. */
    BadModelException notFinite(String tensor, String found) {
        return error("model_not_finite", tensor, "finite numbers", found);
    }

    /** Runs {@code maker}, adding this file's name to an error that it throws. */
    <T> T naming(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (BadModelException e) {
            throw new BadModelException(
                    e.code(), file + ": " + e.getMessage(), new Fault(e.field(), e.expected(), e.found()), e);
        }
    }

    private BadModelException error(String code, String field, String expected, String found) {
        var place = quoted(field);
        var seen = quoted(found);
        return new BadModelException(
                code,
                file + ": " + place + ": expected " + expected + ", found " + seen,
                Fault.of(place, expected, seen));
    }

    /** Foreign text made fit for a one-line message: control characters replaced, long text cut in the middle. */
    static String quoted(String text) {
        var visible = new StringBuilder();
        int keep = QUOTED_MAX / 2;
        for (int i = 0; i < text.length(); i++) {
            if (text.length() > 2 * QUOTED_MAX && i == keep) {
                visible.append(" … ");
                i = text.length() - keep;
            }
            char c = text.charAt(i);
            visible.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
        }
        return visible.toString();
    }
}
