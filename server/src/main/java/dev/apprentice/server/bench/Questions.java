package dev.apprentice.server.bench;

import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.Sampling;
import dev.apprentice.server.http.Wire;

/** The question that is asked again and again, through each door, about one form after the other. */
final class Questions {
    private static final String SYSTEM = "You help the clerks of an office. Answer in one sentence.";
    private static final String USER =
            "A customer has sent form " + Numbered.PLACE + " back without a date. Which desk takes care of it?";

    private Questions() {}

    static byte[] chat(String instance, boolean stream, int maxTokens) {
        var body = Wire.object()
                .put("model", instance)
                .put("temperature", 0)
                .put("max_tokens", maxTokens)
                .put("stream", stream);
        var messages = body.putArray("messages");
        messages.addObject().put("role", "system").put("content", SYSTEM);
        messages.addObject().put("role", "user").put("content", USER);
        return Wire.bytes(body);
    }

    static AskRequest proto(String instance, int maxTokens) {
        return AskRequest.newBuilder()
                .setModel(instance)
                .addMessages(Message.newBuilder().setRole("system").setContent(SYSTEM))
                .addMessages(Message.newBuilder().setRole("user").setContent(USER))
                .setMaxTokens(maxTokens)
                .setSampling(Sampling.newBuilder().setTemperature(0))
                .build();
    }
}
