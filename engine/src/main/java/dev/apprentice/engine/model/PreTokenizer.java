package dev.apprentice.engine.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How text is cut before byte-pair merges, by the name in {@code tokenizer.ggml.pre}, and what else that name implies.
 * Source: llama.cpp {@code src/llama-vocab.cpp}; a wrong one degrades answers without failing.
 */
enum PreTokenizer {
    SMOLLM(false, false) {
        @Override
        Object json() {
            return sequence(List.of(OrderedJson.object("type", "Digits", "individual_digits", true), byteLevel(true)));
        }
    },
    GPT2(false, false) {
        @Override
        Object json() {
            return byteLevel(true);
        }
    },
    LLAMA3(true, true) {
        @Override
        Object json() {
            return sequence(List.of(split(WORDS.formatted("\\p{N}{1,3}")), byteLevel(false)));
        }
    },
    QWEN2(false, false) {
        @Override
        Object json() {
            return sequence(List.of(split(WORDS.formatted("\\p{N}")), byteLevel(false)));
        }
    },
    TEKKEN(true, true) {
        @Override
        Object json() {
            return sequence(List.of(
                    split("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
                    byteLevel(false)));
        }
    },
    DEFAULT(false, false) {
        @Override
        Object json() {
            return sequence(List.of(
                    split("[\\p{P}\\$\\+<=>\\^~\\|]+"),
                    split("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
                    split("\\p{N}+"),
                    split("[0-9][0-9][0-9]"),
                    byteLevel(false)));
        }
    };

    private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    final boolean ignoresMerges;
    final boolean addsBos;

    PreTokenizer(boolean ignoresMerges, boolean addsBos) {
        this.ignoresMerges = ignoresMerges;
        this.addsBos = addsBos;
    }

    /** The {@code pre_tokenizer} of a tokenizer.json. */
    abstract Object json();

    static PreTokenizer named(@Nullable String name, Blame blame) {
        return switch (name) {
            case "smollm", "starcoder", "refact" -> SMOLLM;
            case "gpt-2", "phi-2", "olmo", "mpt" -> GPT2;
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral" -> LLAMA3;
            case "qwen2", "deepseek-r1-qwen", "megrez" -> QWEN2;
            case "tekken" -> TEKKEN;
            case "default" -> DEFAULT;
            case null -> DEFAULT;
            default -> throw blame.unsupported("tokenizer.ggml.pre", "a known name, such as smollm or llama-bpe", name);
        };
    }

    private static Object sequence(List<Object> parts) {
        return OrderedJson.object("type", "Sequence", "pretokenizers", parts);
    }

    private static Object split(String regex) {
        return OrderedJson.object(
                "type", "Split", "pattern", Map.of("Regex", regex), "behavior", "Isolated", "invert", false);
    }

    private static Object byteLevel(boolean regex) {
        return OrderedJson.object(
                "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", regex);
    }
}
