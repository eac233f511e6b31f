package dev.apprentice.engine.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a GGUF file.
 *
 * @param tokens text of every id
 * @param types llama.cpp's kind of every id
 * @param ids text to id, without unused and empty tokens
 */
@SuppressWarnings("ArrayRecordComponent") // private to the readers, never compared
record GgufVocabulary(List<String> tokens, int[] types, Map<String, Integer> ids) {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    /** Longer than any real token; a bound on the work of finding all splits of one. */
    private static final int PIECE_CHARS_MAX = 1024;

    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";

    static GgufVocabulary read(GgufMetadata metadata, Blame blame) {
        var tokens = metadata.texts(TOKENS);
        if (tokens == null || tokens.isEmpty()) {
            throw blame.missing(TOKENS, "an array of strings");
        }
        var types = types(metadata, tokens.size(), blame);
        var ids = new LinkedHashMap<String, Integer>(2 * tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            if (types[id] == UNUSED || tokens.get(id).isEmpty()) {
                types[id] = UNUSED;
                continue;
            }
            var twin = ids.putIfAbsent(tokens.get(id), id);
            if (twin != null) {
                throw blame.damaged(TOKENS + "[" + id + "]", "each token once", tokens.get(id) + ", also " + twin);
            }
        }
        return new GgufVocabulary(tokens, types, ids);
    }

    private static int[] types(GgufMetadata metadata, int count, Blame blame) {
        var types = new int[count];
        var stored = metadata.numbers(TYPES, count);
        for (int id = 0; id < count; id++) {
            types[id] = stored == null ? NORMAL : (int) stored[id];
            if (types[id] < NORMAL || types[id] > BYTE) {
                throw blame.damaged(TYPES + "[" + id + "]", "a number from 1 to 6", String.valueOf(types[id]));
            }
        }
        return types;
    }

    /** Text of the first token of a type, or null. */
    @Nullable
    String firstOf(int type) {
        for (int id = 0; id < types.length; id++) {
            if (types[id] == type) {
                return tokens.get(id);
            }
        }
        return null;
    }

    /** The {@code added_tokens} of a tokenizer.json: those that text is searched for before anything else. */
    List<Object> addedTokens() {
        var added = new ArrayList<Object>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED) {
                added.add(OrderedJson.object(
                        "id", id,
                        "content", tokens.get(id),
                        "single_word", false,
                        "lstrip", false,
                        "rstrip", false,
                        "normalized", false,
                        "special", types[id] != USER_DEFINED));
            }
        }
        return added;
    }

    /**
     * The merges that a SentencePiece model implies: every split of a token into two tokens, best score of the whole
     * first (as transformers' converter does it).
     */
    List<List<String>> mergesByScore(double[] scores, Blame blame) {
        record Merge(String left, String right, int leftId, int rightId, double score) {}
        var all = new ArrayList<Merge>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] != NORMAL) {
                continue;
            }
            var token = tokens.get(id);
            if (token.length() > PIECE_CHARS_MAX) {
                throw blame.unsupported(TOKENS + "[" + id + "]", "at most " + PIECE_CHARS_MAX + " characters", token);
            }
            var splits = new ArrayList<Merge>();
            for (int at = token.offsetByCodePoints(0, 1); at < token.length(); at = token.offsetByCodePoints(at, 1)) {
                var left = token.substring(0, at);
                var right = token.substring(at);
                var leftId = ids.get(left);
                var rightId = ids.get(right);
                if (leftId != null && rightId != null) {
                    splits.add(new Merge(left, right, leftId, rightId, scores[id]));
                }
            }
            splits.sort(Comparator.comparingInt(Merge::leftId).thenComparingInt(Merge::rightId));
            all.addAll(splits);
        }
        all.sort(Comparator.comparingDouble(Merge::score).reversed());
        return all.stream().map(merge -> List.of(merge.left, merge.right)).toList();
    }
}
