package dev.apprentice.server.bench;

import java.nio.ByteBuffer;

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

    /** A connection on which {@code instance} is asked. */
    Dialect asking(String instance) {
        return switch (this) {
            case HTTP -> chat(Questions.chat(instance, false, TOKENS_MAX));
            case HTTP_STREAM -> chat(Questions.chat(instance, true, TOKENS_MAX));
            case GRPC -> new GrpcDialect("apprentice.v1.Agent/Ask", Questions.proto(instance, TOKENS_MAX));
            case GRPC_STREAM -> new GrpcDialect("apprentice.v1.Agent/Chat", Questions.proto(instance, TOKENS_MAX));
        };
    }

    private static Dialect chat(byte[] body) {
        ByteBuffer request = HttpDialect.post(CHAT, body);
        return HttpDialect.whole(request::duplicate);
    }

    /** A connection on which {@code instance} is asked for an answer that begins and then stays open. */
    static Dialect staying(String instance) {
        ByteBuffer request = HttpDialect.post(CHAT, Questions.chat(instance, true, StubMachine.PATIENT + 1));
        return HttpDialect.opened(request::duplicate);
    }
}
