package dev.apprentice.learner.lesson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of tools in an answer, as canonical JSON: whatever family the model is of, a call stands there as an object
 * with a name and with arguments or parameters.
 *
 * @param name of the tool
 * @param arguments as a tree, in which the order of keys says nothing
 */
record SaidCall(String name, JsonNode arguments) {
    private static final ObjectReader READER =
            Json.strict().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The calls in the raw text of an answer. */
    static List<SaidCall> in(String said) {
        var calls = new ArrayList<SaidCall>();
        int at = said.indexOf('{');
        while (at >= 0) {
            int next = at + 1;
            try (var parser = READER.createParser(said.substring(at))) {
                JsonNode tree = READER.readTree(parser);
                call(tree).ifPresent(calls::add);
                next = at + (int) parser.currentLocation().getCharOffset();
            } catch (IOException e) {
                next = at + 1; // a brace in plain text
            }
            at = said.indexOf('{', next);
        }
        return calls;
    }

    /** Calls as OpenAI writes them. */
    static List<SaidCall> of(List<Map<String, Object>> calls) {
        var all = new ArrayList<SaidCall>();
        for (var call : calls) {
            if (call.get("function") instanceof Map<?, ?> function) {
                all.add(new SaidCall(
                        String.valueOf(function.get("name")), parsed(String.valueOf(function.get("arguments")))));
            }
        }
        return all;
    }

    private static Optional<SaidCall> call(JsonNode tree) {
        if (!tree.path("name").isTextual()) {
            return Optional.empty();
        }
        var arguments = tree.has("arguments") ? tree.get("arguments") : tree.path("parameters");
        return arguments.isMissingNode()
                ? Optional.empty()
                : Optional.of(new SaidCall(
                        tree.get("name").textValue(),
                        arguments.isTextual() ? parsed(arguments.textValue()) : arguments));
    }

    private static JsonNode parsed(String arguments) {
        try {
            return Json.strict().readTree(arguments.isBlank() ? "{}" : arguments);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(arguments);
        }
    }
}
