package dev.apprentice.engine.text;

/**
 * The text of one sequence, as far as it is certain after each token. A character whose bytes are spread over several
 * tokens appears with the last of them; control tokens are silent. Streams and whole answers are both made here, so
 * they are equal to the byte. For one thread at a time.
 */
public final class Detokenizer {
    private final Tokenizer tokenizer;
    private final Utf8Stream utf8 = new Utf8Stream();
    private boolean dropsSpace;

    /**
     * A detokenizer at the start of an answer.
     *
     * @param continuing whether the answer goes on from a text, so that a space at its start is its own
     */
    public Detokenizer(Tokenizer tokenizer, boolean continuing) {
        this.tokenizer = tokenizer;
        this.dropsSpace = tokenizer.dropsFirstSpace() && !continuing;
    }

    /** What {@code id} makes certain. */
    public String push(int id) {
        if (tokenizer.isSpecial(id)) {
            return "";
        }
        var bytes = tokenizer.bytes(id);
        int from = 0;
        if (dropsSpace && bytes.length > 0) {
            from = bytes[0] == ' ' ? 1 : 0;
            dropsSpace = false;
        }
        var text = new StringBuilder(bytes.length);
        for (int i = from; i < bytes.length; i++) {
            utf8.push(bytes[i], text);
        }
        return text.toString();
    }

    /**
     * The end of the sequence: what is still held back is a torn character, cut off by a limit or a stop, which is
     * dropped rather than shown as U+FFFD.
     */
    public String flush() {
        utf8.reset();
        return "";
    }
}
