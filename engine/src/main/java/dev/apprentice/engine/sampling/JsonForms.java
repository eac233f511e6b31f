package dev.apprentice.engine.sampling;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The forms of JSON (RFC 8259): written densely, with at most one space behind a comma or a colon. */
final class JsonForms {
    static final Form CHARACTER = character();
    static final Form ANY_CHARACTERS = new Form.Times(CHARACTER, 0, -1);
    static final Form COMMA = Forms.then(Forms.text(","), Forms.maybe(Forms.text(" ")));
    static final Form COLON = Forms.then(Forms.text(":"), Forms.maybe(Forms.text(" ")));
    static final Form STRING = new Form.Frame(quoted(ANY_CHARACTERS), true);
    static final Form INTEGER = number("-?(?:0|[1-9][0-9]{0,18})");
    static final Form NUMBER = number("-?(?:0|[1-9][0-9]{0,18})(?:\\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?");
    static final Form BOOLEAN = Forms.either(List.of(Forms.text("true"), Forms.text("false")));
    static final Form NULL = Forms.text("null");
    static final Form ANY;
    static final Form OBJECT;

    static {
        var any = new Form.Later();
        OBJECT = new Form.Frame(object(Forms.then(STRING, COLON, any)), true);
        var array = new Form.Frame(array(any, 0, -1), true);
        any.is(Forms.either(List.of(STRING, NUMBER, BOOLEAN, NULL, OBJECT, array)));
        ANY = any;
    }

    private JsonForms() {}

    private static Form number(String expression) {
        return new Form.Frame(RegexForm.whole(expression, "number"), true);
    }

    static Form quoted(Form inside) {
        return Forms.then(Forms.text("\""), inside, Forms.text("\""));
    }

    private static Form object(Form member) {
        return Forms.then(Forms.text("{"), Forms.maybe(list(member, 1, -1)), Forms.text("}"));
    }

    static Form array(Form item, int min, int max) {
        if (max == 0) {
            return Forms.text("[]");
        }
        var items = list(item, Math.max(1, min), max);
        return Forms.then(Forms.text("["), min == 0 ? Forms.maybe(items) : items, Forms.text("]"));
    }

    /** One or more, with commas between. */
    private static Form list(Form item, int min, int max) {
        return Forms.then(item, new Form.Times(Forms.then(COMMA, item), min - 1, max < 0 ? -1 : max - 1));
    }

    private static Form character() {
        var raw = new BitSet();
        raw.set(0x20, Forms.LAST + 1);
        raw.clear('"');
        raw.clear('\\');
        return Forms.either(List.of(Forms.characters(raw), RegexForm.whole("\\\\[\"\\\\/bfnrt]", "string")));
    }

    /** One character of {@code set} as it stands within a JSON string: escaped where it must be, else itself. */
    static Form characters(BitSet set) {
        var options = new ArrayList<Form>();
        var raw = (BitSet) set.clone();
        raw.clear(0, 0x20);
        raw.clear('"');
        raw.clear('\\');
        if (!raw.isEmpty()) {
            options.add(Forms.characters(raw));
        }
        var escaped = "\"\\\n\r\t\f\b";
        for (int i = 0; i < escaped.length(); i++) {
            if (set.get(escaped.charAt(i))) {
                options.add(Forms.text("\\" + "\"\\nrtfb".charAt(i)));
            }
        }
        return Forms.either(options);
    }
}
