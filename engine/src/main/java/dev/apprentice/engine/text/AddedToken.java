package dev.apprentice.engine.text;

/**
 * A token that is cut out of a text before the model of the tokenizer sees it.
 *
 * @param alias its name in the tokenizer for guarded texts: no text that is encoded there holds U+FDD0 otherwise
 * @param special whether it is a control token, left out of decoded text
 */
record AddedToken(int id, String text, boolean special, String alias) {
    static final char ALIAS = '\uFDD0';

    /** A token of the tokenizer for guarded texts alone: what follows it does not stand at the beginning. */
    static final String LEAD = ALIAS + "lead" + ALIAS;

    static AddedToken of(int id, String text, boolean special) {
        return new AddedToken(id, text, special, ALIAS + Integer.toString(id) + ALIAS);
    }

    /**
     * Whether it can end or open a turn: every control token, and what has the shape of one. Other added tokens are
     * words or runs of blanks, which a user may well type.
     */
    boolean controls() {
        return special || enclosed('<', '>') || enclosed('[', ']');
    }

    /** {@code <think>}, {@code </tool_call>}: marks that an assistant sets itself, where they are no control tokens. */
    boolean isTag() {
        return !special && text.matches("</?[A-Za-z_]+>");
    }

    private boolean enclosed(char open, char close) {
        return text.length() > 2 && text.charAt(0) == open && text.charAt(text.length() - 1) == close;
    }
}
