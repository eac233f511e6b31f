package dev.apprentice.server.bench;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/** A way in which the question is asked. */
enum Door {
    HTTP("HTTP"),
    HTTP_STREAM("HTTP, streamed"),
    GRPC("gRPC"),
    GRPC_STREAM("gRPC, streamed");

    private static final String CHAT = "/v1/chat/completions";
    private static final int TOKENS_MAX = 64;

    private final String words;

    Door(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** A connection on which {@code instance} is asked, each time about another of {@code numbers}. */
    Dialect asking(String instance, IntSupplier numbers) {
        return switch (this) {
            case HTTP -> chat(Questions.chat(instance, false, TOKENS_MAX), numbers);
            case HTTP_STREAM -> chat(Questions.chat(instance, true, TOKENS_MAX), numbers);
            case GRPC -> call("Ask", instance, numbers);
            case GRPC_STREAM -> call("Chat", instance, numbers);
        };
    }

    private static Dialect call(String method, String instance, IntSupplier numbers) {
        var messages = new Numbered(Questions.proto(instance, TOKENS_MAX).toByteArray(), numbers);
        return new GrpcDialect("apprentice.v1.Agent/" + method, messages::next);
    }

    private static Dialect chat(byte[] body, IntSupplier numbers) {
        var bodies = new Numbered(body, numbers);
        return HttpDialect.whole(() -> HttpDialect.post(CHAT, bodies.next()));
    }

    /** A connection on which {@code instance} is asked for an answer that begins and then stays open. */
    static Dialect staying(String instance) {
        ByteBuffer request = HttpDialect.post(CHAT, Questions.chat(instance, true, StubMachine.PATIENT + 1));
        return HttpDialect.opened(request::duplicate);
    }
}
