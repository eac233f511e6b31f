package dev.apprentice.server;

import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests one server beside the shared one, opened when first asked for: it has keys, a base that knows tools, and
 * an instance {@code caller} that answers what 2 plus 3 is with a call of {@code add}.
 */
final class GuardedServer implements ParameterResolver {
    private static final Namespace HERE = Namespace.create(GuardedServer.class);
    private static final String CALL =
            "I add.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"x\": 2, \"y\": 3}}\n</tool_call>";

    /**
     * The open server.
     *
     * @param key one that may do everything
     */
    record Guarded(Apprentice apprentice, String key, Path folder) implements AutoCloseable {
        static Guarded open() {
            try {
                var folder = Files.createTempDirectory("apprentice-guarded");
                var draft = new KeyDraft("all", Set.of(Scope.values()), null, null, Limits.NONE);
                var key = Keys.open(Files.createDirectory(folder.resolve("data")), Seams.real())
                        .create(draft)
                        .secret();
                return new Guarded(RealModel.openWithTools(folder, Map.of()), key, folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Calls without a key. */
        Calls calls() {
            return new Calls(apprentice.port());
        }

        /** Makes an instance that answers what 2 plus 3 is with a call of {@code add}. */
        String caller() {
            var id = "caller-" + Seams.real().ids().get();
            send("/v1/instances", "{\"id\":\"" + id + "\",\"policy\":{\"min_lessons_to_study\":100000}}", 201);
            send("/v1/feedback", Calls.example(id, "What is 2 plus 3?", CALL).toString(), 202);
            return id;
        }

        /** Makes another key of one scope. */
        String key(String scope, int requestsPerMinute) {
            var draft = Json.strict().createObjectNode().put("requests_per_minute", requestsPerMinute);
            draft.putArray("scopes").add(scope);
            return send("/v1/keys", draft.toString(), 201).text("/key");
        }

        Calls.Reply send(String path, String body, int expected) {
            var reply = calls().post(path, body, "x-api-key", key);
            if (reply.status() != expected) {
                throw new AssertionError(path + " answered " + reply.status() + ": " + reply.body());
            }
            return reply;
        }

        @Override
        public void close() throws IOException {
            apprentice.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Guarded.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(HERE).computeIfAbsent(Guarded.class, _ -> Guarded.open(), Guarded.class);
    }
}
