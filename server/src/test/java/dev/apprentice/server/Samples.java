package dev.apprentice.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A good request for each operation of the description, over things that it makes itself. */
final class Samples {
    private final Calls calls;
    private final byte[] adapter;

    Samples(Apprentice apprentice) {
        this.calls = new Calls(apprentice.port());
        this.adapter = RandomAdapter.zip(apprentice.engine().base().config(), 7);
    }

    /**
     * A request.
     *
     * @param path with all its names filled in
     * @param contentType null where there is no body
     * @param body what is sent
     */
    @SuppressWarnings("ArrayRecordComponent") // sent as it is, and never compared
    record Sample(String method, String path, @Nullable String contentType, byte[] body) {
        static Sample of(String method, String path) {
            return new Sample(method, path, null, new byte[0]);
        }

        static Sample json(String method, String path, String body) {
            return new Sample(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        }

        /** The body; an empty object for one that may be left out. */
        ObjectNode tree() {
            if (body.length == 0) {
                return Json.strict().createObjectNode();
            }
            try {
                return (ObjectNode) Json.strict().readTree(new String(body, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        boolean isJson() {
            return "application/json".equals(contentType);
        }
    }

    /** A new instance that learns by recall alone. */
    String instance() {
        var id = "described-" + Seams.real().ids().get();
        calls.create(id);
        return id;
    }

    private String interaction(String instance) {
        return calls.ask(Calls.chat(instance, "Which desk takes parcels?").put("max_tokens", 1))
                .text("/id");
    }

    private String lesson() {
        return calls.teach(Calls.example(instance(), "Which desk takes parcels?", "Mossgate"))
                .text("/id");
    }

    private String withCheckpoint() {
        var instance = instance();
        calls.upload("/v1/instances/" + instance + "/checkpoints", adapter);
        return instance;
    }

    /** A request that {@code operation} should understand. */
    Sample of(Described.Operation operation) {
        var method = operation.method();
        return switch (operation.id()) {
            case "createChatCompletion" -> Sample.json(method, operation.path(), """
                        {"model": "base", "max_tokens": 1, "temperature": 0, "logprobs": true, "top_logprobs": 1,
                         "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}""");
            case "createCompletion" ->
                Sample.json(method, operation.path(), "{\"model\": \"base\", \"prompt\": \"One\", \"max_tokens\": 1}");
            case "createResponse" ->
                Sample.json(
                        method,
                        operation.path(),
                        "{\"model\": \"base\", \"input\": \"Hi\", \"max_output_tokens\": 16}");
            case "getResponse", "deleteResponse" -> Sample.of(method, "/v1/responses/" + response());
            case "createEmbeddings" ->
                Sample.json(method, operation.path(), "{\"model\": \"base\", \"input\": [\"Hi\", \"there\"]}");
            case "createMessage" -> Sample.json(method, operation.path(), """
                        {"model": "base", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}""");
            case "countMessageTokens" ->
                Sample.json(
                        method,
                        operation.path(),
                        "{\"model\": \"base\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
            case "getModel" -> Sample.of(method, "/v1/models/base");
            default -> taught(operation);
        };
    }

    private Sample taught(Described.Operation operation) {
        var method = operation.method();
        return switch (operation.id()) {
            case "giveFeedback" ->
                Sample.json(
                        method,
                        operation.path(),
                        Calls.correction(interaction(instance()), "Mossgate").toString());
            case "getLesson", "withdrawLesson" -> Sample.of(method, "/v1/lessons/" + lesson());
            case "pinLesson" -> Sample.json(method, "/v1/lessons/" + lesson(), "{\"pinned\": true}");
            case "withdrawLessons" ->
                Sample.json(method, operation.path(), "{\"instance\": \"" + instance() + "\", \"by\": \"ann\"}");
            case "importLessons" ->
                new Sample(method, operation.path() + "?instance=" + instance(), "application/jsonl", """
                        {"messages": [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ann"}]}
                        """.getBytes(
                                StandardCharsets.UTF_8));
            case "exportLessons" -> Sample.of(method, operation.path() + "?instance=" + instance());
            case "listInteractions" -> {
                var instance = instance();
                var _ = interaction(instance);
                yield Sample.of(method, operation.path() + "?instance=" + instance);
            }
            case "getEpisode" -> {
                var instance = instance();
                var request = Calls.chat(instance, "Which desk takes parcels?").put("max_tokens", 1);
                request.putObject("metadata").put("episode", "described");
                calls.ask(request);
                yield Sample.of(method, "/v1/episodes/described?instance=" + instance);
            }
            default -> administered(operation);
        };
    }

    private Sample administered(Described.Operation operation) {
        var method = operation.method();
        var path = operation.path();
        return switch (operation.id()) {
            case "createInstance" ->
                Sample.json(method, path, """
                        {"id": "described-%s", "description": "d", "policy": {"canary_percent": 0}}""".formatted(Seams.real().ids().get()));
            case "changeInstance" ->
                Sample.json(
                        method, path.replace("{id}", instance()), "{\"system_prompt\": \"Be kind.\", \"policy\": {}}");
            case "uploadCheckpoint" -> new Sample(method, path.replace("{id}", instance()), "application/zip", adapter);
            case "getCheckpoint", "downloadAdapter" ->
                Sample.of(method, path.replace("{id}", withCheckpoint()).replace("{n}", "1"));
            case "promoteCheckpoint" ->
                Sample.json(method, path.replace("{id}", withCheckpoint()).replace("{n}", "1"), "{\"force\": true}");
            case "withdrawCheckpoint" -> {
                var instance = withCheckpoint();
                calls.patch("/v1/instances/" + instance, "{\"policy\": {\"canary_percent\": 5}}");
                calls.post("/v1/instances/" + instance + "/checkpoints/1/promote", "{\"as\": \"canary\"}");
                yield Sample.of(method, path.replace("{id}", instance).replace("{n}", "1"));
            }
            case "rollback" -> {
                var instance = withCheckpoint();
                calls.post("/v1/instances/" + instance + "/checkpoints/1/promote", "{}");
                yield Sample.of(method, path.replace("{id}", instance));
            }
            // a key on the server that all tests share would shut the others out
            case "createKey" -> Sample.json(method, path, "{\"scopes\": [\"everything\"]}");
            case "revokeKey" -> Sample.of(method, path.replace("{id}", "key_unknown"));
            case "mergeInstances" -> Sample.json(method, path.replace("{id}", instance()), "{\"from\": [\"base\"]}");
            default -> Sample.of(method, path.contains("{id}") ? path.replace("{id}", instance()) : path);
        };
    }

    private String response() {
        return calls.post("/v1/responses", "{\"model\": \"base\", \"input\": \"Hi\", \"max_output_tokens\": 16}")
                .text("/id");
    }
}
