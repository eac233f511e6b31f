package dev.apprentice.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What of a {@code tokenizer.json} has to be known outside the native tokenizer: the bytes of each id, and the added
 * tokens.
 */
final class TokenizerFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SIZE_MAX = 10_000_000;

    private final ObjectNode root;
    private final Kind kind;
    private final boolean dropsFirstSpace;
    private final List<AddedToken> addedTokens;
    private final Map<String, Integer> ids;
    private final byte[][] bytes;
    private final boolean[] special;

    /** How the text of a token stands for bytes. */
    enum Kind {
        /** Each character is one byte, by GPT-2's table. */
        BYTE_LEVEL,
        /** U+2581 is a space, {@code <0x0A>} a byte. */
        SENTENCE_PIECE,
        /** Each character is itself. */
        PLAIN
    }

    private TokenizerFile(ObjectNode root) {
        this.root = root;
        var model = root.path("model");
        var type = model.path("type").asText("BPE");
        if (!Set.of("BPE", "Unigram").contains(type)) {
            throw bad(
                    "unsupported_tokenizer",
                    "a tokenizer of the kind " + type + " is not supported; BPE and Unigram are");
        }
        this.addedTokens = addedTokens(root.path("added_tokens"));
        this.ids = vocabulary(model.path("vocab"));
        addedTokens.forEach(token -> ids.put(token.text(), token.id()));
        this.kind = kind(root);
        this.dropsFirstSpace = dropsFirstSpace(root.path("decoder"));
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        if (size > SIZE_MAX) {
            throw bad("bad_tokenizer", "tokenizer.json has an id beyond " + SIZE_MAX);
        }
        this.bytes = new byte[size][0];
        this.special = new boolean[size];
        ids.forEach((text, id) -> bytes[id] = TokenBytes.of(text, kind));
        for (var token : addedTokens) {
            bytes[token.id()] = token.text().getBytes(StandardCharsets.UTF_8);
            special[token.id()] = token.special();
        }
    }

    static TokenizerFile parse(byte[] json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode root) {
                return new TokenizerFile(root);
            }
        } catch (IOException e) {
            throw new BadModelException(
                    "bad_tokenizer", "tokenizer.json is no JSON: " + e.getMessage(), Fault.at("tokenizer.json"), e);
        }
        throw bad("bad_tokenizer", "tokenizer.json is not an object");
    }

    private static BadModelException bad(String code, String message) {
        return new BadModelException(code, message, Fault.at("tokenizer.json"));
    }

    private static List<AddedToken> addedTokens(JsonNode nodes) {
        List<AddedToken> tokens = new ArrayList<>();
        for (var node : nodes) {
            var text = node.path("content").asText("");
            int id = node.path("id").asInt(-1);
            if (text.isEmpty() || id < 0) {
                throw bad("bad_tokenizer", "tokenizer.json has an added token without content or id");
            }
            tokens.add(AddedToken.of(id, text, node.path("special").asBoolean(false)));
        }
        return List.copyOf(tokens);
    }

    private static Map<String, Integer> vocabulary(JsonNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        if (vocabulary.isArray()) {
            for (var piece : vocabulary) {
                // The first of two equal pieces keeps the name; the other id is never made by encoding either.
                ids.putIfAbsent(piece.path(0).asText(), ids.size());
            }
            return ids;
        }
        vocabulary.properties().forEach(entry -> {
            int id = entry.getValue().asInt(-1);
            if (id < 0) {
                throw bad("bad_tokenizer", "tokenizer.json gives the token '" + entry.getKey() + "' no id");
            }
            ids.put(entry.getKey(), id);
        });
        return ids;
    }

    private static boolean has(JsonNode node, String type) {
        if (node.path("type").asText().equals(type)) {
            return true;
        }
        for (var part : node.path("decoders")) {
            if (has(part, type)) {
                return true;
            }
        }
        for (var part : node.path("pretokenizers")) {
            if (has(part, type)) {
                return true;
            }
        }
        return false;
    }

    private static Kind kind(JsonNode root) {
        var decoder = root.path("decoder");
        if (has(decoder, "ByteLevel") || has(root.path("pre_tokenizer"), "ByteLevel")) {
            return Kind.BYTE_LEVEL;
        }
        boolean sentencePiece = has(decoder, "Metaspace")
                || has(decoder, "ByteFallback")
                || has(decoder, "Replace")
                || has(root.path("pre_tokenizer"), "Metaspace");
        return sentencePiece ? Kind.SENTENCE_PIECE : Kind.PLAIN;
    }

    private static boolean dropsFirstSpace(JsonNode decoder) {
        return switch (decoder.path("type").asText()) {
            case "Metaspace" ->
                decoder.has("prepend_scheme")
                        ? !decoder.path("prepend_scheme").asText().equals("never")
                        : decoder.path("add_prefix_space").asBoolean(true);
            case "Strip" ->
                decoder.path("content").asText().equals(" ")
                        && decoder.path("start").asInt() > 0;
            case "Sequence" -> {
                for (var part : decoder.path("decoders")) {
                    if (dropsFirstSpace(part)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }

    /**
     * Whether a text can be cut at its control tokens and each piece be encoded by itself. Not where a piece would get
     * a space before it, where a control token takes blanks along or stands for itself only as a word of its own, or
     * where another added token could reach into one.
     */
    boolean splitsAtControlTokens() {
        if (kind != Kind.BYTE_LEVEL || saysYes(root.path("pre_tokenizer"), "add_prefix_space")) {
            return false;
        }
        for (var node : root.path("added_tokens")) {
            boolean cutOutAsItIs = !node.path("normalized").asBoolean(true)
                    && Stream.of("lstrip", "rstrip", "single_word")
                            .noneMatch(rule -> node.path(rule).asBoolean(false));
            if (node.path("special").asBoolean(false) && !cutOutAsItIs) {
                return false;
            }
        }
        return controlTokens().stream()
                .allMatch(control -> addedTokens.stream()
                        .filter(other -> !other.special())
                        .noneMatch(other -> entangled(control.text(), other.text())));
    }

    /** The added tokens that end and open turns and nothing else. */
    List<AddedToken> controlTokens() {
        return addedTokens.stream().filter(AddedToken::special).toList();
    }

    private static boolean saysYes(JsonNode node, String name) {
        return node.path(name).asBoolean(false)
                || StreamSupport.stream(node.spliterator(), false).anyMatch(part -> saysYes(part, name));
    }

    /** Whether a text could hold both so that they share characters. */
    private static boolean entangled(String a, String b) {
        return a.contains(b) || b.contains(a) || meet(a, b) || meet(b, a);
    }

    /** Whether {@code first} ends as {@code second} begins. */
    private static boolean meet(String first, String second) {
        return IntStream.range(1, Math.min(first.length(), second.length()))
                .anyMatch(shared -> first.endsWith(second.substring(0, shared)));
    }

    /**
     * The same tokenizer with every added token under its alias, in the vocabulary too: a Unigram model would find
     * {@code </s>} there. Names that merges are made of stay, since the file would not load without them.
     */
    byte[] renamed() {
        var copy = root.deepCopy();
        var model = (ObjectNode) copy.path("model");
        Map<String, String> aliases = new HashMap<>();
        addedTokens.forEach(token -> aliases.put(token.text(), token.alias()));
        merged(model.path("merges"), aliases.keySet()).forEach(aliases::remove);
        if (model.path("vocab") instanceof ArrayNode pieces) {
            for (var piece : pieces) {
                var alias = aliases.get(piece.path(0).asText());
                if (alias != null) {
                    ((ArrayNode) piece).set(0, alias);
                }
            }
        } else if (model.path("vocab") instanceof ObjectNode vocabulary) {
            aliases.forEach((text, alias) -> {
                var id = vocabulary.remove(text);
                if (id != null) {
                    vocabulary.set(alias, id);
                }
            });
        }
        var unknown = aliases.get(model.path("unk_token").asText());
        if (unknown != null) {
            model.put("unk_token", unknown);
        }
        var added = copy.putArray("added_tokens");
        for (var node : root.path("added_tokens")) {
            var token = ((ObjectNode) node).deepCopy();
            token.put(
                    "content", AddedToken.of(node.path("id").asInt(), "", false).alias());
            token.put("normalized", false);
            token.put("single_word", false);
            added.add(token);
        }
        added.addObject()
                .put("id", size())
                .put("content", AddedToken.LEAD)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        copy.putNull("post_processor");
        try {
            return MAPPER.writeValueAsBytes(copy);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    private static Set<String> merged(JsonNode merges, Set<String> names) {
        Set<String> found = new HashSet<>();
        for (var merge : merges) {
            var pair = merge.isArray()
                    ? List.of(merge.path(0).asText(), merge.path(1).asText())
                    : List.of(merge.asText().split(" ", 2));
            var whole = String.join("", pair);
            if (names.contains(whole)) {
                found.add(whole);
            }
            pair.stream().filter(names::contains).forEach(found::add);
        }
        return found;
    }

    Kind kind() {
        return kind;
    }

    boolean dropsFirstSpace() {
        return dropsFirstSpace;
    }

    List<AddedToken> addedTokens() {
        return addedTokens;
    }

    int size() {
        return bytes.length;
    }

    byte[] bytes(int id) {
        return bytes[id];
    }

    boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    OptionalInt id(String token) {
        var id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
