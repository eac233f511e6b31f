package dev.apprentice.server.anthropic;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.asking.Asking;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.Turns;
import dev.apprentice.server.asking.WishFields;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests for messages. Null is absent, unknown fields are ignored, and so is what would only matter to other
 * models ({@code thinking}, {@code cache_control}, {@code service_tier}).
 */
final class MessagesRequestReader {
    private final SamplingFields sampling;

    MessagesRequestReader(SamplingFields sampling) {
        this.sampling = sampling;
    }

    /**
     * Reads {@code body} as a request for a message, which must say how long it may be.
     *
     * @param episodeHeader what the header {@code Apprentice-Episode} says, or null
     */
    Asking read(Fields body, @Nullable String episodeHeader) {
        var maxTokens = body.integer("max_tokens", 1, Integer.MAX_VALUE)
                .orElseThrow(() -> body.missing("max_tokens", "a whole number of at least 1"));
        return asking(body, episodeHeader, maxTokens);
    }

    /** Reads {@code body} as a request to count its tokens. */
    Asking counting(Fields body) {
        return asking(body, null, null);
    }

    private Asking asking(Fields body, @Nullable String episodeHeader, @Nullable Integer maxTokens) {
        var model = body.requiredString("model");
        var messages = messages(body);
        if (!body.list("mcp_servers").orElse(List.of()).isEmpty()) {
            throw body.wrongValue(
                    "mcp_servers",
                    "absent: no tools are called from here; give them in tools",
                    body.value("mcp_servers").orElseThrow());
        }
        body.number("temperature", 0, 1); // narrower than elsewhere
        var tools = ClientTools.in(body);
        return Asking.to(
                        model,
                        messages,
                        sampling.read(body, maxTokens, 0).withStop(SamplingFields.stop(body, "stop_sequences")))
                .tools(tools)
                .toolChoice(ClientTools.choice(body, tools))
                .parallelToolCalls(ClientTools.parallel(body))
                .form(form(body))
                .maxTokens(maxTokens)
                .extras(WishFields.extras(body))
                .episode(WishFields.episode(body, episodeHeader))
                .idPrefix("msg_")
                .done();
    }

    private static List<ChatMessage> messages(Fields body) {
        var system = new ArrayList<ChatMessage>();
        if (body.has("system")) {
            system.add(ChatMessage.of("system", Blocks.text(body, "system")));
        }
        var turns = new Turns(system);
        Blocks.read(body, turns);
        return turns.all();
    }

    private static Constraint form(Fields body) {
        var format = body.object("output_config").flatMap(config -> config.object("format"));
        if (format.isEmpty()) {
            return new Constraint.None();
        }
        format.get().requiredChoice("type", Set.of("json_schema"));
        if (format.get().object("schema").isEmpty()) {
            throw format.get().missing("schema", "an object that is a JSON schema");
        }
        return new Constraint.JsonSchema(
                format.get().value("schema").orElseThrow().toString());
    }
}
