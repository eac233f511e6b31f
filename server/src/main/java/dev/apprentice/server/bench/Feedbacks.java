package dev.apprentice.server.bench;

import dev.apprentice.server.http.Wire;

/** Pieces of feedback, each a lesson of its own. */
final class Feedbacks {
    private Feedbacks() {}

    /** What to answer to a request that names {@code thing}. */
    static byte[] example(String instance, String thing) {
        var body = Wire.object()
                .put("kind", "example")
                .put("instance", instance)
                .put("answer", "By the desk of " + thing + ".")
                .put("by", "bench");
        body.putArray("messages").addObject().put("role", "user").put("content", "Who takes care of " + thing + "?");
        return Wire.bytes(body);
    }

    /** What {@code by} thinks of an answer. */
    static byte[] rating(String interaction, String by) {
        return Wire.bytes(Wire.object()
                .put("kind", "rating")
                .put("interaction", interaction)
                .put("rating", "up")
                .put("by", by));
    }
}
