package dev.apprentice.client;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.EventsGrpc;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.InstancesGrpc;
import dev.apprentice.client.v1.LessonsGrpc;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gRPC server that says what a test tells it to, whatever it is asked. */
final class PlayedGrpc implements AutoCloseable {
    private final List<Metadata> heads = new CopyOnWriteArrayList<>();
    private final List<Object> heard = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile List<Say> turns = List.of();

    /** What is said to one call. */
    @FunctionalInterface
    interface Say {
        void to(ServerCall<?, Object> call);
    }

    PlayedGrpc() {
        var builder = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create());
        for (BindableService service : List.of(
                new AgentGrpc.AgentImplBase() {},
                new FeedbackGrpc.FeedbackImplBase() {},
                new InstancesGrpc.InstancesImplBase() {},
                new LessonsGrpc.LessonsImplBase() {},
                new EventsGrpc.EventsImplBase() {})) {
            builder.addService(service);
        }
        server = builder.intercept(new Player()).build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The metadata of each call, oldest first. */
    List<String> heads(String name) {
        return heads.stream()
                .map(head -> String.valueOf(head.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))))
                .toList();
    }

    /** The request of each call, oldest first. */
    List<Object> heard() {
        return heard;
    }

    /** Says each of {@code turns} to one call, in this order; the last one again and again. */
    void saysInTurn(Say... says) {
        turns = List.of(says);
    }

    /** Messages, and then that all is well. */
    static Say messages(Message... messages) {
        return call -> {
            begin(call, messages);
            call.close(Status.OK, new Metadata());
        };
    }

    /** Messages, and then another end. */
    static Say broken(Say end, Message... messages) {
        return call -> {
            begin(call, messages);
            end.to(call);
        };
    }

    /** Messages, and then nothing any more. */
    static Say silent(Message... messages) {
        return call -> begin(call, messages);
    }

    private static void begin(ServerCall<?, Object> call, Message... messages) {
        if (messages.length > 0) {
            call.sendHeaders(new Metadata());
        }
        for (var message : messages) {
            call.sendMessage(message);
        }
    }

    /** A status that nobody explains, as proxies and broken connections have it. */
    static Say bare(Status.Code code) {
        return call -> call.close(code.toStatus().withDescription("bare"), new Metadata());
    }

    /** A status as our server says it, with the HTTP status that it stands for. */
    static Say refusal(Status.Code code, int httpStatus, Message... details) {
        var info = ErrorInfo.newBuilder().setReason("said").setDomain("apprentice");
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("said so")
                .addDetails(Any.pack(info.putMetadata("http_status", Integer.toString(httpStatus))
                        .build()));
        for (var detail : details) {
            status.addDetails(Any.pack(detail));
        }
        var told = StatusProto.toStatusRuntimeException(status.build());
        var trailers = told.getTrailers() == null ? new Metadata() : told.getTrailers();
        return call -> call.close(told.getStatus(), trailers);
    }

    static RetryInfo after(int seconds) {
        var delay = com.google.protobuf.Duration.newBuilder().setSeconds(seconds);
        return RetryInfo.newBuilder().setRetryDelay(delay).build();
    }

    private final class Player implements ServerInterceptor {
        @Override
        @SuppressWarnings("unchecked") // a message of another type would fail to be written, and the test with it
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata head, ServerCallHandler<Q, A> next) {
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(Q message) {
                    heads.add(head);
                    heard.add(message);
                    turns.get(Math.min(heard.size(), turns.size()) - 1).to((ServerCall<?, Object>) call);
                }
            };
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
