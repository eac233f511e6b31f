package dev.apprentice.engine.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Any text up to a marker, followed byte by byte (Knuth, Morris and Pratt 1977): there is a form for each number of the
 * marker's bytes that the text ends in.
 */
final class FreeText {
    private final byte[] marker;
    private final OptionalInt control;
    private final List<Form.Later> said = new ArrayList<>();
    private Form marked = new Form.Empty();

    /** Text up to {@code marker}, or the control token that {@code vocabulary} has of that name. */
    FreeText(String marker, Vocabulary vocabulary) {
        this.marker = marker.getBytes(StandardCharsets.UTF_8);
        this.control = vocabulary.control(marker);
        for (int i = 0; i < this.marker.length; i++) {
            said.add(new Form.Later());
        }
    }

    /** Free text; behind the marker {@code after}, and then the end or, with {@code again}, the same again. */
    Form until(Form after, boolean again) {
        marked = again ? Forms.then(after, said.getFirst()) : after;
        for (int i = 0; i < marker.length; i++) {
            said.get(i).is(Forms.either(goingOn(i, new BitSet())));
        }
        return said.getFirst();
    }

    /**
     * The same text, unless it begins with {@code opening}: then {@code opened} follows it. A blank in {@code opening}
     * is any number of blanks.
     */
    Form opened(String opening, Form opened) {
        var next = opened;
        boolean blanks = false;
        for (int i = opening.length() - 1; i >= 0; i--) {
            if (opening.charAt(i) == ' ') {
                continue;
            }
            blanks = i > 0 && opening.charAt(i - 1) == ' ';
            next = step(opening.charAt(i), blanks, next);
        }
        return next;
    }

    private Form step(char letter, boolean blanks, Form next) {
        var here = new Form.Later();
        var other = new BitSet();
        other.set(letter);
        var options = new ArrayList<Form>();
        options.add(new Form.Then(Forms.range(letter, letter), next));
        if (blanks) {
            other.set(0, ' ' + 1);
            options.add(new Form.Then(Forms.range(0, ' '), here));
        }
        options.addAll(goingOn(0, other));
        here.is(Forms.either(options));
        return here;
    }

    /**
     * What may be said when the text ends in {@code have} bytes of the marker, beside what begins with {@code without}.
     */
    private List<Form> goingOn(int have, BitSet without) {
        var options = new ArrayList<Form>();
        options.add(new Form.Empty());
        control.ifPresent(id -> options.add(new Form.Then(new Form.OneToken(id), marked)));
        var ways = new BitSet[marker.length + 1];
        for (int b = 0; b < 256; b++) {
            if (!without.get(b)) {
                int to = after(have, (byte) b);
                ways[to] = ways[to] == null ? new BitSet(256) : ways[to];
                ways[to].set(b);
            }
        }
        for (int to = 0; to <= marker.length; to++) {
            if (ways[to] != null) {
                options.add(new Form.Then(new Form.OneByte(ways[to]), to == marker.length ? marked : said.get(to)));
            }
        }
        return options;
    }

    /** How many of the marker's bytes a text ends in that ended in {@code have} of them, and {@code b}. */
    private int after(int have, byte b) {
        for (int length = have + 1; length > 0; length--) {
            boolean fits = marker[length - 1] == b;
            for (int i = 0; fits && i < length - 1; i++) {
                fits = marker[i] == marker[have - length + 1 + i];
            }
            if (fits) {
                return length;
            }
        }
        return 0;
    }
}
