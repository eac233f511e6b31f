package dev.apprentice.server.grpc;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.helidon.webserver.ServerConnectionException;
import org.jspecify.annotations.Nullable;

/** The outermost of all interceptors: whatever is thrown becomes a status, for Helidon would send none. */
final class LastWord implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var once = new Once<>(call);
        var stream = GrpcStream.KEY.get();
        var told = new Told<>(next.startCall(once, headers), once, stream);
        if (stream != null) {
            stream.refusing(told::ended);
        }
        return told;
    }

    /** A call that ends once, with a message that can stand in a header. */
    private static final class Once<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private boolean ended;

        Once(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!ended) {
                ended = true;
                var description = status.getDescription();
                super.close(
                        description == null ? status : status.withDescription(Statuses.inHeader(description)),
                        trailers);
            }
        }
    }

    private static final class Told<Q, A> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, A> call;
        private final @Nullable GrpcStream stream;
        private int messages;

        Told(ServerCall.Listener<Q> inner, ServerCall<Q, A> call, @Nullable GrpcStream stream) {
            super(inner);
            this.call = call;
            this.stream = stream;
        }

        @Override
        public void onMessage(Q message) {
            messages++;
            if (messages > 1 && takesOne()) {
                ended(notOne());
            } else {
                caught(() -> super.onMessage(message));
            }
        }

        @Override
        public void onHalfClose() {
            if (messages != 1 && takesOne()) {
                ended(notOne());
            } else {
                caught(super::onHalfClose);
            }
        }

        private boolean takesOne() {
            return call.getMethodDescriptor().getType().clientSendsOneMessage();
        }

        private InvalidRequestException notOne() {
            return new InvalidRequestException(
                    "unreadable_message",
                    "this method takes one message, found " + messages,
                    Fault.of("message", "one message", Integer.toString(messages)));
        }

        /** Also called where Helidon cannot read a message, and then the client is still there to be told. */
        @Override
        public void onCancel() {
            caught(super::onCancel);
            if (stream != null && !stream.isGone()) {
                ended(new InvalidRequestException(
                        "unreadable_message",
                        "a message cannot be read",
                        Fault.of("message", "a message of this method", "something else")));
            }
        }

        @Override
        public void onReady() {
            caught(super::onReady);
        }

        @Override
        public void onComplete() {
            caught(super::onComplete);
        }

        private void caught(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | AssertionError e) {
                ended(e);
            }
        }

        void ended(Throwable thrown) {
            if (call.isCancelled() || thrown instanceof ServerConnectionException) {
                return; // nobody is there to be told
            }
            var told = Statuses.of(thrown, call.getMethodDescriptor().getFullMethodName());
            var trailers = told.getTrailers();
            call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }
}
