package dev.apprentice.engine.model;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Hugging Face {@code tokenizer.json} of GGUF metadata.
 *
 * @param json the file's bytes
 * @param size number of ids, holes included
 * @param specials special tokens and stops
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record GgufTokenizer(byte[] json, int size, SpecialTokens specials) {
    private static final System.Logger LOG = System.getLogger(GgufTokenizer.class.getName());
    private static final String KEY = "tokenizer.ggml.";

    /** Control tokens that end a turn: GGUF keeps one end token of the several that a model may have. */
    private static final Set<String> ENDS = Set.of(
            "<|eot_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|eom_id|>",
            "<end_of_turn>",
            "</s>",
            "<EOT>");

    static GgufTokenizer read(GgufMetadata metadata, Blame blame) {
        var kind = metadata.requiredText(KEY + "model");
        var vocabulary = GgufVocabulary.read(metadata, blame);
        return switch (kind) {
            case "gpt2" -> bytePairs(metadata, vocabulary, blame);
            case "llama" -> sentencePieces(metadata, vocabulary, blame);
            default -> throw blame.unsupported(KEY + "model", "gpt2 or llama", kind);
        };
    }

    private static GgufTokenizer bytePairs(GgufMetadata metadata, GgufVocabulary vocabulary, Blame blame) {
        var name = metadata.text(KEY + "pre");
        var pre = PreTokenizer.named(name, blame);
        if (pre == PreTokenizer.DEFAULT) {
            LOG.log(Level.WARNING, "event=tokenizer_guessed file={0} reason=no_tokenizer.ggml.pre", blame.file());
        }
        var decoder = OrderedJson.object(
                "type", "ByteLevel", "add_prefix_space", true, "trim_offsets", true, "use_regex", true);
        var normalizer = pre == PreTokenizer.QWEN2 ? OrderedJson.object("type", "NFC") : null;
        var model = model(vocabulary, merges(metadata, vocabulary, blame), null, false, pre.ignoresMerges);
        return new GgufTokenizer(
                json(vocabulary, normalizer, pre.json(), decoder, model),
                vocabulary.tokens().size(),
                specials(metadata, vocabulary, pre.addsBos, blame));
    }

    private static List<List<String>> merges(GgufMetadata metadata, GgufVocabulary vocabulary, Blame blame) {
        var lines = metadata.texts(KEY + "merges");
        if (lines == null) {
            throw blame.missing(KEY + "merges", "an array of strings");
        }
        var merges = new ArrayList<List<String>>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            int space = line.indexOf(' ', 1);
            if (space < 0 || space == line.length() - 1) {
                throw blame.damaged(KEY + "merges[" + i + "]", "two tokens with a space between", line);
            }
            var left = line.substring(0, space);
            var right = line.substring(space + 1);
            for (var part : List.of(left, right, left + right)) {
                if (!vocabulary.ids().containsKey(part)) {
                    throw blame.contradictory(KEY + "merges[" + i + "]", "tokens of the vocabulary", part);
                }
            }
            merges.add(List.of(left, right));
        }
        return merges;
    }

    private static GgufTokenizer sentencePieces(GgufMetadata metadata, GgufVocabulary vocabulary, Blame blame) {
        boolean prefix = !Boolean.FALSE.equals(metadata.flag(KEY + "add_space_prefix"));
        var spaces = OrderedJson.object("type", "Replace", "pattern", Map.of("String", " "), "content", "▁");
        var normalizers = new ArrayList<Object>();
        if (prefix) {
            normalizers.add(OrderedJson.object("type", "Prepend", "prepend", "▁"));
        }
        normalizers.add(spaces);
        var decoders = new ArrayList<Object>();
        decoders.add(OrderedJson.object("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "));
        decoders.add(OrderedJson.object("type", "ByteFallback"));
        decoders.add(OrderedJson.object("type", "Fuse"));
        if (prefix) {
            decoders.add(OrderedJson.object("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        var unknown = vocabulary.firstOf(GgufVocabulary.UNKNOWN);
        if (unknown == null) {
            throw blame.missing(KEY + "token_type", "a token of type 2 (unknown)");
        }
        var scores = metadata.numbers(KEY + "scores", vocabulary.tokens().size());
        if (scores == null) {
            throw blame.missing(KEY + "scores", "an array of numbers");
        }
        var model = model(vocabulary, vocabulary.mergesByScore(scores, blame), unknown, true, false);
        return new GgufTokenizer(
                json(
                        vocabulary,
                        OrderedJson.object("type", "Sequence", "normalizers", normalizers),
                        null,
                        OrderedJson.object("type", "Sequence", "decoders", decoders),
                        model),
                vocabulary.tokens().size(),
                specials(metadata, vocabulary, true, blame));
    }

    private static Object model(
            GgufVocabulary vocabulary,
            List<List<String>> merges,
            @Nullable String unknown,
            boolean bytes,
            boolean ignoresMerges) {
        return OrderedJson.object(
                "type",
                "BPE",
                "dropout",
                null,
                "unk_token",
                unknown,
                "continuing_subword_prefix",
                null,
                "end_of_word_suffix",
                null,
                "fuse_unk",
                bytes,
                "byte_fallback",
                bytes,
                "ignore_merges",
                ignoresMerges,
                "vocab",
                vocabulary.ids(),
                "merges",
                merges);
    }

    private static byte[] json(
            GgufVocabulary vocabulary,
            @Nullable Object normalizer,
            @Nullable Object preTokenizer,
            Object decoder,
            Object model) {
        return OrderedJson.bytes(OrderedJson.object(
                "version",
                "1.0",
                "truncation",
                null,
                "padding",
                null,
                "added_tokens",
                vocabulary.addedTokens(),
                "normalizer",
                normalizer,
                "pre_tokenizer",
                preTokenizer,
                "post_processor",
                null,
                "decoder",
                decoder,
                "model",
                model));
    }

    private static SpecialTokens specials(
            GgufMetadata metadata, GgufVocabulary vocabulary, boolean addsBos, Blame blame) {
        var stops = new TreeSet<Integer>();
        for (var key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            var id = id(metadata, KEY + key, vocabulary, blame);
            if (id != null) {
                stops.add(id);
            }
        }
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            if (vocabulary.types()[id] == GgufVocabulary.CONTROL
                    && ENDS.contains(vocabulary.tokens().get(id))) {
                stops.add(id);
            }
        }
        var bos = text(metadata, "bos_token_id", vocabulary, blame);
        var add = metadata.flag(KEY + "add_bos_token");
        return new SpecialTokens(
                bos,
                text(metadata, "eos_token_id", vocabulary, blame),
                text(metadata, "unknown_token_id", vocabulary, blame),
                text(metadata, "padding_token_id", vocabulary, blame),
                bos != null && (add == null ? addsBos : add),
                stops.stream().mapToInt(Integer::intValue).toArray());
    }

    private static @Nullable String text(GgufMetadata metadata, String key, GgufVocabulary vocabulary, Blame blame) {
        var id = id(metadata, KEY + key, vocabulary, blame);
        return id == null ? null : vocabulary.tokens().get(id);
    }

    private static @Nullable Integer id(GgufMetadata metadata, String key, GgufVocabulary vocabulary, Blame blame) {
        var id = metadata.whole(key);
        if (id.isEmpty()) {
            return null;
        }
        if (id.getAsLong() < 0 || id.getAsLong() >= vocabulary.tokens().size()) {
            throw blame.contradictory(key, "an id below " + vocabulary.tokens().size(), String.valueOf(id.getAsLong()));
        }
        return (int) id.getAsLong();
    }
}
