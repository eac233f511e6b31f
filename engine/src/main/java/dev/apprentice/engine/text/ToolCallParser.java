package dev.apprentice.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells calls from text while an answer comes in. What may still become the mark of a call is held back. What looks
 * like a call and is none (broken JSON, a tool that nobody offered) is given back as the text that it is, to the
 * letter. For one thread at a time.
 */
public final class ToolCallParser {
    private final ToolFormat format;
    private final Predicate<String> offered;
    private final boolean wellFormed;
    private final List<ToolText> found = new ArrayList<>();

    /** Since the last certain thing: text again, if no call comes of it. */
    private final StringBuilder raw = new StringBuilder();

    private String pending = "";
    private Place place;
    private CallObject object = new CallObject();
    private boolean inList;
    private boolean begun;
    private int told;
    private int calls;
    private boolean last;

    /** What is read next. */
    private enum Place {
        TEXT,
        OPENED,
        OBJECT,
        AFTER
    }

    /**
     * A parser at the start of an answer.
     *
     * @param offered whether there is a tool of a name
     * @param wellFormed whether a constraint keeps calls well formed, so that arguments can be told before they are
     *     whole, and what is not written as the format wants it is no call
     */
    public ToolCallParser(ToolFormat format, Predicate<String> offered, boolean wellFormed) {
        this.format = format;
        this.offered = offered;
        this.wellFormed = wellFormed;
        this.place = format == ToolFormat.LLAMA ? Place.OPENED : Place.TEXT; // Llama's calls need no mark
    }

    /** What {@code text} makes certain. */
    public List<ToolText> push(String text) {
        pending += text;
        while (!pending.isEmpty() && step()) {}
        return drained();
    }

    /** The end of the answer: what was held back. A call that was begun and is cut off here is ended. */
    public List<ToolText> finish() {
        last = true;
        while (!pending.isEmpty() && step()) {}
        if (begun) {
            found.add(new ToolText.Ended());
            begun = false;
        } else {
            text(raw + pending);
        }
        raw.setLength(0);
        pending = "";
        return drained();
    }

    private List<ToolText> drained() {
        var now = List.copyOf(found);
        found.clear();
        return now;
    }

    /** Goes on as far as one place leads; false where more text is needed. */
    private boolean step() {
        return switch (place) {
            case TEXT -> text();
            case OPENED -> opened();
            case OBJECT -> object();
            case AFTER -> after();
        };
    }

    private boolean text() {
        int at = pending.indexOf(format.marker());
        if (at >= 0) {
            int blank = pending.substring(0, at).stripTrailing().length();
            text(pending.substring(0, blank));
            raw.append(pending, blank, at + format.marker().length());
            pending = pending.substring(at + format.marker().length());
            place = Place.OPENED;
            inList = false;
            return true;
        }
        int keep = last ? pending.length() : certain();
        text(pending.substring(0, keep));
        pending = pending.substring(keep);
        return false;
    }

    /** The length of what cannot become blanks and a mark any more. */
    private int certain() {
        int half = 0;
        for (int length = Math.min(format.marker().length() - 1, pending.length()); length > 0 && half == 0; length--) {
            half = pending.endsWith(format.marker().substring(0, length)) ? length : 0;
        }
        return pending.substring(0, pending.length() - half).stripTrailing().length();
    }

    private boolean opened() {
        skipBlanks();
        if (pending.isEmpty()) {
            return false;
        }
        if (pending.charAt(0) == '{') {
            object = new CallObject();
            told = 0;
            place = Place.OBJECT;
            return true;
        }
        if (pending.charAt(0) == '[' && format == ToolFormat.MISTRAL && !inList) {
            inList = true;
            raw.append('[');
            pending = pending.substring(1);
            return true;
        }
        return noCall();
    }

    private boolean object() {
        int read = 0;
        while (read < pending.length() && (read == 0 || !object.whole())) {
            object.push(pending.charAt(read++));
        }
        raw.append(pending, 0, read);
        pending = pending.substring(read);
        if (wellFormed && !begun && object.name().filter(offered).isPresent()) {
            begin(object.name().get());
        }
        if (begun) {
            tell(object.arguments());
        }
        if (!object.whole()) {
            return false;
        }
        return begun ? end() : wellFormed ? noCall() : whole();
    }

    private boolean whole() {
        var call = object.call().filter(it -> offered.test(it.name()));
        if (call.isEmpty()) {
            return noCall();
        }
        begin(call.get().name());
        tell(call.get().arguments());
        return end();
    }

    private void begin(String name) {
        begun = true;
        raw.setLength(0);
        found.add(new ToolText.Begun(name));
    }

    private void tell(String arguments) {
        if (arguments.length() > told) {
            found.add(new ToolText.Arguments(arguments.substring(told)));
            told = arguments.length();
        }
    }

    private boolean end() {
        found.add(new ToolText.Ended());
        begun = false;
        calls++;
        raw.setLength(0);
        place = Place.AFTER;
        return true;
    }

    private boolean after() {
        skipBlanks();
        if (pending.isEmpty()) {
            return false;
        }
        return switch (format) {
            case HERMES -> closed();
            case LLAMA -> pending.charAt(0) == '{' ? next(0) : pending.charAt(0) == ';' ? next(1) : over(0);
            case MISTRAL -> pending.charAt(0) == ',' ? next(1) : over(pending.charAt(0) == ']' ? 1 : 0);
        };
    }

    private boolean closed() {
        var tag = "</tool_call>";
        if (!last && pending.length() < tag.length() && tag.startsWith(pending)) {
            return false;
        }
        return over(pending.startsWith(tag) ? tag.length() : 0);
    }

    private boolean next(int skipped) {
        raw.append(pending, 0, skipped);
        pending = pending.substring(skipped);
        place = Place.OPENED;
        return true;
    }

    /** Text follows; blanks between a call and what comes next are dropped. */
    private boolean over(int skipped) {
        raw.setLength(0);
        pending = pending.substring(skipped);
        place = Place.TEXT;
        return true;
    }

    private boolean noCall() {
        text(raw.toString());
        raw.setLength(0);
        place = Place.TEXT;
        return true;
    }

    private void skipBlanks() {
        int blank = 0;
        while (blank < pending.length() && pending.charAt(blank) <= ' ') {
            blank++;
        }
        raw.append(pending, 0, blank);
        pending = pending.substring(blank);
    }

    private void text(String text) {
        if (!text.isEmpty() && !(calls > 0 && text.isBlank())) {
            found.add(new ToolText.Text(text));
        }
    }
}
