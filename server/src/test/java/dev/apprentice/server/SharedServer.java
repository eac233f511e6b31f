package dev.apprentice.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one server of this run: opening a model takes seconds, so that all tests share it, each with
 * instances of its own. It is closed, and its data deleted, after the last test.
 */
final class SharedServer implements ParameterResolver {
    private static final Namespace HERE = Namespace.create(SharedServer.class);

    /** The open server with its data. */
    record Running(Apprentice apprentice, Path data) implements AutoCloseable {
        static Running open() {
            try {
                var data = Files.createTempDirectory("apprentice-shared");
                var flags = new HashMap<>(RealModel.STUDIES_WHEN_ASKED);
                flags.put("listen.comment_every_ms", "200");
                return new Running(RealModel.open(data, flags), data);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** Spares a server over {@code other} the reading of general prompts: hidden states are a cache, by content. */
        void copyRecall(Path other) throws IOException {
            var from = data.resolve("recall");
            var into = Files.createDirectories(other.resolve("recall"));
            try (var files = Files.list(from)) {
                for (var file : files.toList()) {
                    Files.copy(file, into.resolve(file.getFileName()));
                }
            }
        }

        /** Another server, over {@code other}, that studies by itself, and nothing that other tests taught. */
        Apprentice student(Path other) throws IOException {
            copyRecall(other);
            return RealModel.open(other, Map.of());
        }

        @Override
        public void close() throws IOException {
            apprentice.close();
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == Apprentice.class || type == Calls.class || type == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var running =
                context.getRoot().getStore(HERE).computeIfAbsent(Running.class, _ -> Running.open(), Running.class);
        var type = parameter.getParameter().getType();
        return type == Running.class
                ? running
                : type == Apprentice.class
                        ? running.apprentice()
                        : new Calls(running.apprentice().port());
    }
}
