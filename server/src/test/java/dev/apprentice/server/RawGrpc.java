package dev.apprentice.server;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls whose messages are any bytes at all. */
final class RawGrpc {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private RawGrpc() {}

    /** How a call ended. */
    record Ended(Status status, int answers) {}

    /** Sends {@code messages} to {@code method}; a stream of answers is left after the first few. */
    static Ended call(Channel channel, String method, List<byte[]> messages) {
        var call = channel.newCall(
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setFullMethodName(method)
                        .setType(MethodType.BIDI_STREAMING)
                        .build(),
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS));
        var ended = new CompletableFuture<Ended>();
        var answers = new AtomicInteger();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        if (answers.incrementAndGet() == 3) {
                            call.cancel("seen enough", null);
                        }
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(new Ended(status, answers.get()));
                    }
                },
                new Metadata());
        call.request(1);
        messages.forEach(call::sendMessage);
        call.halfClose();
        return ended.join();
    }
}
