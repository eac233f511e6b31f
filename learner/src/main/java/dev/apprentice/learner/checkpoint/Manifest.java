package dev.apprentice.learner.checkpoint;

/**
 * What a checkpoint belongs to, all as SHA-256 in hexadecimal.
 *
 * @param base weights that the adapter changes
 * @param tokenizer that made its tokens
 * @param template that made its prompts
 * @param trainer program that trained it
 */
public record Manifest(String base, String tokenizer, String template, String trainer) {
    /** Whether an adapter that belongs to {@code other} means the same here; by whom it was trained does not matter. */
    boolean serves(Manifest other) {
        return base.equals(other.base) && tokenizer.equals(other.tokenizer) && template.equals(other.template);
    }

    /** What of {@code other} is not as it is here, in words. */
    String differenceTo(Manifest other) {
        var words = new java.util.StringJoiner(", ");
        name(words, "base", base, other.base);
        name(words, "tokenizer", tokenizer, other.tokenizer);
        name(words, "chat template", template, other.template);
        return words.toString();
    }

    private static void name(java.util.StringJoiner words, String name, String ours, String theirs) {
        if (!ours.equals(theirs)) {
            words.add("another " + name);
        }
    }
}
