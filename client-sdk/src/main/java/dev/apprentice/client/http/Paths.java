package dev.apprentice.client.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Paths and queries whose parts may be anything. */
final class Paths {
    private Paths() {}

    /** {@code parts} joined, each as one segment, whatever is in it. */
    static String of(String... parts) {
        var path = new StringBuilder("/v1");
        for (var part : parts) {
            path.append('/').append(segment(part));
        }
        return path.toString();
    }

    /** {@code path} with a query of {@code name, value, name, value, …}; what is null is left out. */
    static String query(String path, @Nullable String... namesAndValues) {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            var value = namesAndValues[i + 1];
            if (value != null) {
                query.add(namesAndValues[i] + "=" + encoded(value));
            }
        }
        return path + query;
    }

    private static String segment(String part) {
        return switch (part) {
            case "." -> "%2E"; // else it would be this folder, or the one above
            case ".." -> "%2E%2E";
            default -> encoded(part).replace("%3A", ":");
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
