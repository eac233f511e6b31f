package dev.apprentice.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a folder's small files say: special tokens, stops, chat templates, recommended sampling. */
final class HuggingFaceTexts {
    private static final Pattern TEMPLATE_FILE = Pattern.compile("[A-Za-z0-9_-]+\\.jinja");

    private final HuggingFaceFolder folder;
    private final TokenizerFile tokenizer;
    private final int vocabulary;
    private final JsonFile tokenizerConfig;
    private final JsonFile olderTokens;
    private final JsonFile generation;

    HuggingFaceTexts(HuggingFaceFolder folder, TokenizerFile tokenizer, int vocabulary) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.tokenizerConfig = folder.optionalJson("tokenizer_config.json");
        this.olderTokens = folder.optionalJson("special_tokens_map.json");
        this.generation = folder.optionalJson("generation_config.json");
    }

    SpecialTokens specials(JsonFile config) {
        var stops = new TreeSet<Integer>();
        stops(config, stops);
        stops(generation, stops);
        var eos = token("eos_token");
        if (eos != null) {
            stops.add(id(eos).orElseThrow(() ->
                    tokenizerConfig.blame().contradictory("eos_token", "a token of tokenizer.json", eos)));
        }
        var bos = token("bos_token");
        var add = tokenizerConfig.flag("add_bos_token");
        boolean processed = bos != null && bos.equals(tokenizer.firstSpecial());
        return new SpecialTokens(
                bos,
                eos,
                token("unk_token"),
                token("pad_token"),
                bos != null && (add == null ? processed : add),
                stops.stream().mapToInt(Integer::intValue).toArray());
    }

    private OptionalInt id(String text) {
        return tokenizer.id(text);
    }

    private void stops(JsonFile file, Set<Integer> stops) {
        switch (file.get("eos_token_id")) {
            case null -> {}
            case JsonNode list when list.isArray() -> list.forEach(id -> stops.add(stop(file, id)));
            case JsonNode id -> stops.add(stop(file, id));
        }
    }

    private int stop(JsonFile file, JsonNode node) {
        long id = file.whole("eos_token_id", node);
        if (id < 0 || id >= vocabulary) {
            throw file.blame().contradictory("eos_token_id", "ids below " + vocabulary, String.valueOf(id));
        }
        return (int) id;
    }

    /** A special token is a string, an object with {@code content}, or null. */
    private @Nullable String token(String field) {
        var file = tokenizerConfig.root().has(field) ? tokenizerConfig : olderTokens;
        var node = file.get(field);
        if (node == null) {
            return null;
        }
        var content = node.isObject() ? node.path("content") : node;
        if (!content.isTextual()) {
            throw file.wrong(field, "a string, or an object with content", node);
        }
        return content.textValue();
    }

    /** Files win over tokenizer_config.json, and that over the older chat_template.json. */
    Map<String, String> templates() {
        var files = new LinkedHashMap<String, String>();
        if (folder.has("chat_template.jinja")) {
            files.put("default", folder.text("chat_template.jinja"));
        }
        if (folder.has("additional_chat_templates")) {
            var more = HuggingFaceFolder.at(folder.path().resolve("additional_chat_templates"));
            for (var name : more.names()) {
                if (TEMPLATE_FILE.matcher(name).matches()) {
                    files.putIfAbsent(name.substring(0, name.length() - ".jinja".length()), more.text(name));
                }
            }
        }
        if (files.containsKey("default")) {
            return files;
        }
        var templates = configured();
        if (templates.isEmpty()) {
            var older = folder.optionalJson("chat_template.json").text("chat_template");
            if (older != null) {
                templates.put("default", older);
            }
        }
        templates.putAll(files);
        return templates;
    }

    private Map<String, String> configured() {
        var templates = new LinkedHashMap<String, String>();
        var node = tokenizerConfig.get("chat_template");
        if (node == null) {
            return templates;
        }
        if (node.isTextual()) {
            templates.put("default", node.textValue());
            return templates;
        }
        if (!node.isArray()) {
            throw tokenizerConfig.wrong("chat_template", "a string, or an array of named ones", node);
        }
        var named = new LinkedHashMap<String, String>();
        for (var one : node) {
            if (!one.path("name").isTextual() || !one.path("template").isTextual()) {
                throw tokenizerConfig.wrong("chat_template", "objects with name and template", one);
            }
            named.put(one.path("name").textValue(), one.path("template").textValue());
        }
        var main = named.get("default");
        if (main != null) {
            templates.put("default", main);
        }
        named.forEach(templates::putIfAbsent);
        return templates;
    }

    GenerationDefaults defaults() {
        var topK = generation.whole("top_k");
        return new GenerationDefaults(
                between(0, "temperature", Double.MAX_VALUE),
                between(0, "top_p", 1),
                topK.isEmpty() || topK.getAsLong() < 0 ? null : (int) Math.min(topK.getAsLong(), Integer.MAX_VALUE),
                between(0, "repetition_penalty", Double.MAX_VALUE),
                generation.flag("do_sample"));
    }

    private @Nullable Double between(double min, String field, double max) {
        var value = generation.number(field);
        if (value.isEmpty()) {
            return null;
        }
        double number = value.getAsDouble();
        if (!(number >= min && number <= max)) {
            throw generation.blame().damaged(field, "from " + min + " to " + max, String.valueOf(number));
        }
        return number;
    }
}
