package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.function.Function;

/**
 * Reads a regular expression: classes, groups, alternation, quantifiers, {@code \d \w \s} and their opposites, escapes.
 * Everything that needs memory or a look around is refused by name. Anchors may stand at the two ends only.
 */
final class RegexForm {
    private static final int DEPTH_MAX = 100;
    private static final int TIMES_MAX = 10_000;

    /** What a dot is not in any dialect, and what is white space in some: what is written matches in all of them. */
    private static final BitSet LINE_ENDS = ranges('\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029);

    private static final BitSet BLANKS = ranges('\t', '\r', ' ', ' ');
    private static final BitSet MORE_BLANKS = ranges(
            '\t', '\r', 0x1C, ' ', 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F,
            0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

    private final String source;
    private final String field;
    private final Function<BitSet, Form> characters;
    private int at;
    private int depth;
    private boolean alternates;
    private boolean ends;

    private RegexForm(String source, String field, Function<BitSet, Form> characters) {
        this.source = source;
        this.field = field;
        this.characters = characters;
    }

    /** The texts that match {@code expression} from start to end. */
    static Form whole(String expression, String field) {
        var reader = new RegexForm(expression, field, Forms::characters);
        var body = reader.source.startsWith("^") ? reader.skip() : reader;
        return body.read();
    }

    /** The inside of JSON strings in which {@code expression} is found, as a schema's {@code pattern} means it. */
    static Form inJson(String expression, String field) {
        var reader = new RegexForm(expression, field, JsonForms::characters);
        boolean begins = expression.startsWith("^");
        var form = (begins ? reader.skip() : reader).read();
        boolean ends = reader.ends;
        if (reader.alternates && (begins || ends)) {
            throw reader.bad("an anchor beside an alternation outside a group");
        }
        var any = JsonForms.ANY_CHARACTERS;
        return Forms.then(begins ? new Form.Empty() : any, form, ends ? new Form.Empty() : any);
    }

    private RegexForm skip() {
        at++;
        return this;
    }

    private Form read() {
        var form = alternatives();
        if (at < source.length()) {
            throw bad("an unmatched )");
        }
        return form;
    }

    private InvalidRequestException bad(String what) {
        return new InvalidRequestException(
                "bad_regex",
                field + " cannot be used: " + what + " at character " + at,
                Fault.of(field, "a regular expression without look-around, back references and inner anchors", what));
    }

    private boolean more() {
        return at < source.length();
    }

    private int take() {
        if (!more()) {
            throw bad("an unexpected end");
        }
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private boolean eat(char c) {
        if (more() && source.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private Form alternatives() {
        if (++depth > DEPTH_MAX) {
            throw bad("groups nested deeper than " + DEPTH_MAX);
        }
        var options = new ArrayList<Form>();
        do {
            options.add(sequence());
        } while (eat('|'));
        depth--;
        alternates |= depth == 0 && options.size() > 1;
        return Forms.either(options);
    }

    private Form sequence() {
        var parts = new ArrayList<Form>();
        while (more() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            if (source.charAt(at) == '$' && at == source.length() - 1) {
                at++;
                ends = true;
                break;
            }
            parts.add(quantified(atom()));
        }
        parts.add(new Form.Empty());
        return Forms.then(parts.toArray(Form[]::new));
    }

    private Form atom() {
        int c = take();
        return switch (c) {
            case '(' -> group();
            case '[' -> characters.apply(set());
            case '.' -> characters.apply(not(LINE_ENDS));
            case '\\' -> characters.apply(escape(false));
            case '^', '$' -> throw bad("an anchor inside");
            case '*', '+', '?', '{' -> throw bad("a quantifier of nothing");
            default -> characters.apply(one(c));
        };
    }

    private Form group() {
        if (eat('?') && !eat(':')) {
            throw bad("(?…) that is not (?:…)");
        }
        var inside = alternatives();
        if (!eat(')')) {
            throw bad("a group without its end");
        }
        return inside;
    }

    private Form quantified(Form part) {
        int min;
        int max;
        if (eat('*')) {
            min = 0;
            max = -1;
        } else if (eat('+')) {
            min = 1;
            max = -1;
        } else if (eat('?')) {
            min = 0;
            max = 1;
        } else if (eat('{')) {
            min = number();
            max = eat(',') ? (more() && source.charAt(at) == '}' ? -1 : number()) : min;
            if (!eat('}') || (max >= 0 && max < min)) {
                throw bad("a bad {m,n}");
            }
        } else {
            return part;
        }
        eat('?'); // lazy or not, the same texts match
        if (more() && "*+?{".indexOf(source.charAt(at)) >= 0) {
            throw bad("a quantifier of a quantifier");
        }
        return new Form.Times(part, min, max);
    }

    private int number() {
        int from = at;
        while (more() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > 5) {
            throw bad("a bad {m,n}");
        }
        int number = Integer.parseInt(source.substring(from, at));
        if (number > TIMES_MAX) {
            throw bad("more than " + TIMES_MAX + " times");
        }
        return number;
    }

    private BitSet set() {
        boolean negated = eat('^');
        var set = new BitSet();
        boolean first = true;
        while (first || !eat(']')) {
            first = false;
            var low = member(negated);
            int from = low.nextSetBit(0);
            if (low.cardinality() == 1
                    && at + 1 < source.length()
                    && source.charAt(at) == '-'
                    && source.charAt(at + 1) != ']') {
                at++;
                var high = member(negated);
                int to = high.nextSetBit(0);
                if (high.cardinality() != 1 || to < from) {
                    throw bad("a bad range in a class");
                }
                set.set(from, to + 1);
            } else {
                set.or(low);
            }
        }
        return negated ? not(set) : set;
    }

    private BitSet member(boolean negated) {
        int c = take();
        if (c == '[' && more() && source.charAt(at) == ':') {
            throw bad("a POSIX class");
        }
        return c == '\\' ? escape(negated) : one(c);
    }

    /** The characters of an escape; the most that it may be where they are {@code negated}. */
    private BitSet escape(boolean negated) {
        int c = take();
        return switch (c) {
            case 'd' -> ranges('0', '9');
            case 'D' -> not(ranges('0', '9'));
            case 'w' -> ranges('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
            case 'W' -> not(ranges('0', '9', 'A', 'Z', '_', '_', 'a', 'z'));
            case 's' -> negated ? MORE_BLANKS : BLANKS;
            case 'S' -> not(negated ? BLANKS : MORE_BLANKS);
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 't' -> one('\t');
            case 'f' -> one('\f');
            case 'x' -> one(hex(2));
            case 'u' -> one(hex(4));
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    throw bad("the escape \\" + Character.toString(c));
                }
                yield one(c);
            }
        };
    }

    private int hex(int digits) {
        if (at + digits > source.length() || !source.substring(at, at + digits).matches("[0-9A-Fa-f]+")) {
            throw bad("a bad escape");
        }
        at += digits;
        return Integer.parseInt(source, at - digits, at, 16);
    }

    private static BitSet one(int c) {
        return ranges(c, c);
    }

    private static BitSet ranges(int... ends) {
        var set = new BitSet();
        for (int i = 0; i < ends.length; i += 2) {
            set.set(ends[i], ends[i + 1] + 1);
        }
        return set;
    }

    private static BitSet not(BitSet set) {
        var inverse = new BitSet();
        inverse.set(0, Forms.LAST + 1);
        inverse.andNot(set);
        return inverse;
    }
}
