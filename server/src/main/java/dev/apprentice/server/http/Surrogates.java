package dev.apprentice.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;

/**
 * Finds escapes such as {@code \ud83d} without their other half: JSON's grammar lets them pass, but they are no text
 * and cannot be tokenised, stored or sent back (RFC 8259 §8.2).
 */
final class Surrogates {
    private Surrogates() {}

    static void check(JsonNode tree) {
        check(tree, "");
    }

    private static void check(JsonNode node, String path) {
        if (node.isTextual()) {
            refuseHalves(node.textValue(), path);
        } else if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                check(node.get(i), path + "[" + i + "]");
            }
        } else if (node.isObject()) {
            for (var property : node.properties()) {
                refuseHalves(property.getKey(), path);
                check(property.getValue(), path.isEmpty() ? property.getKey() : path + "." + property.getKey());
            }
        }
    }

    private static void refuseHalves(String text, String path) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            var found = "half a surrogate pair at character " + i;
            throw new InvalidRequestException(
                    "invalid_unicode",
                    (path.isEmpty() ? "the body" : path) + " must be whole Unicode characters, found " + found,
                    Fault.of(path, "whole Unicode characters", found));
        }
    }
}
