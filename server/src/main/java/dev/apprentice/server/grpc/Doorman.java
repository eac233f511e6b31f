package dev.apprentice.server.grpc;

import com.google.protobuf.Message;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.Act;
import dev.apprentice.server.security.Caller;
import dev.apprentice.server.security.Credentials;
import dev.apprentice.server.security.Guard;
import io.grpc.Context;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.helidon.webserver.ServerConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each service, so that none can forget it: the gate, who asks and may, the journal, the client's
 * deadline, and that whatever is thrown becomes a status (Helidon would send none).
 */
final class Doorman implements ServerInterceptor, AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    /** Services that are not here (health, reflection) are open, and answer while the server drains. */
    private static final Map<String, Access> ACCESS = Map.of(
            "apprentice.v1.Agent", Access.ASK,
            "apprentice.v1.Feedback", Access.TEACH,
            "apprentice.v1.Lessons", Access.TEACH,
            "apprentice.v1.Instances", Access.ADMIN,
            "apprentice.v1.Checkpoints", Access.ADMIN,
            "apprentice.v1.Events", Access.ADMIN);

    private static final Set<String> READING = Set.of("List", "Get", "Report", "Download", "Watch");

    private final Guard guard;
    private final Gate gate;
    private final Set<Visit> visits = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor clock;

    Doorman(Guard guard, Gate gate) {
        this.guard = guard;
        this.gate = gate;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("grpc-deadlines").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var greeted = new Greeted<>(call);
        var visit = new Visit(() -> greeted.sendHeaders(new Metadata()));
        var deadline = Timeout.in(headers).map(left -> late(visit, left)).orElse(null);
        return new Kept<>(next.startCall(greeted, headers), greeted, headers, visit, deadline);
    }

    /** Gives up whoever is still inside. */
    void stop() {
        visits.forEach(visit -> visit.giveUp(Visit.Cause.STOPPING));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private Future<?> late(Visit visit, Duration left) {
        return clock.schedule(() -> visit.giveUp(Visit.Cause.LATE), left.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends headers once, whoever sends them first: the visit, or the first message. */
    private static final class Greeted<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private boolean done;

        Greeted(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            if (!done) {
                done = true;
                super.sendHeaders(headers);
            }
        }
    }

    private final class Kept<Q, A> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, A> call;
        private final Metadata headers;
        private final Visit visit;
        private final @Nullable Future<?> deadline;
        private String subject = "";

        Kept(
                ServerCall.Listener<Q> inner,
                ServerCall<Q, A> call,
                Metadata headers,
                Visit visit,
                @Nullable Future<?> deadline) {
            super(inner);
            this.call = call;
            this.headers = headers;
            this.visit = visit;
            this.deadline = deadline;
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof Message known && subject.isEmpty()) {
                subject = subject(known);
            }
            caught(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            caught(this::handle);
        }

        @Override
        public void onCancel() {
            visit.giveUp(Visit.Cause.CLIENT_GONE);
            caught(super::onCancel);
        }

        @Override
        public void onReady() {
            caught(super::onReady);
        }

        private void handle() {
            var method = call.getMethodDescriptor();
            var access = ACCESS.get(String.valueOf(method.getServiceName()));
            if (access == null) {
                super.onHalfClose();
                return;
            }
            gate.enter();
            visits.add(visit);
            try {
                var caller = guard.admit(new Credentials(headers.get(AUTHORIZATION), headers.get(API_KEY)), access);
                var ofInstance = access == Access.ADMIN && !subject.isEmpty();
                if (ofInstance) {
                    caller.mayUse(subject);
                }
                visit.begin(caller);
                Context.current().withValue(Visit.KEY, visit).run(() -> recorded(access, caller));
            } finally {
                visits.remove(visit);
                if (deadline != null) {
                    deadline.cancel(false);
                }
                gate.leave();
            }
        }

        /** What changes anything that is an administrator's is in the journal before it happens. */
        private void recorded(Access access, Caller caller) {
            var method = call.getMethodDescriptor();
            if (!access.isAdministrative() || READING.contains(String.valueOf(method.getBareMethodName()))) {
                super.onHalfClose();
                return;
            }
            Act act = guard.act(caller, method.getFullMethodName(), subject, "grpc");
            try {
                super.onHalfClose();
            } catch (RuntimeException | AssertionError e) {
                act.ended(
                        Statuses.of(e, method.getFullMethodName())
                                .getStatus()
                                .getCode()
                                .name(),
                        null);
                throw e;
            }
            act.ended("OK", null);
        }

        private void caught(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | AssertionError e) {
                if (call.isCancelled() || e instanceof ServerConnectionException) {
                    return; // nobody is there to be told
                }
                var told = Statuses.of(e, call.getMethodDescriptor().getFullMethodName());
                var trailers = told.getTrailers();
                call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
            }
        }
    }

    /** The instance that a request is about, where it names one. */
    private static String subject(Message message) {
        var type = message.getDescriptorForType();
        var field = type.findFieldByName("instance");
        if (field == null) {
            field = type.findFieldByName("id");
        }
        return field != null && message.getField(field) instanceof String id ? id : "";
    }
}
