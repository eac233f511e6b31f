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
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
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
 * deadline, and that a call ends when its client has gone.
 */
final class Doorman implements ServerInterceptor, AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> IDEMPOTENCY_KEY =
            Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    /** What is open answers while the server drains, too. Reflection has no doorman. */
    private static final Map<String, Access> ACCESS = Map.of(
            "grpc.health.v1.Health", Access.OPEN,
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
        var stream = GrpcStream.KEY.get();
        var greeted = new Greeted<>(call);
        var visit = new Visit(
                () -> greeted.sendHeaders(new Metadata()),
                headers.get(IDEMPOTENCY_KEY),
                stream == null ? () -> {} : stream.writer()::giveUp);
        if (stream != null) {
            stream.whenGone(() -> visit.giveUp(Visit.Cause.CLIENT_GONE));
        }
        var deadline = Timeout.in(headers).map(left -> late(visit, left)).orElse(null);
        call.request(1); // the service begins, and asks for more, when its client is known
        return new Kept<>(next, greeted, headers, visit, deadline);
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

    /** A call whose service begins with the first message of somebody who may call it. */
    private final class Kept<Q, A> extends ServerCall.Listener<Q> {
        private final ServerCallHandler<Q, A> service;
        private final ServerCall<Q, A> call;
        private final Access access;
        private final Metadata headers;
        private final Visit visit;
        private final @Nullable Future<?> deadline;
        private @Nullable Caller caller;
        private ServerCall.@Nullable Listener<Q> begun;
        private String subject = "";

        Kept(
                ServerCallHandler<Q, A> service,
                ServerCall<Q, A> call,
                Metadata headers,
                Visit visit,
                @Nullable Future<?> deadline) {
            this.service = service;
            this.call = call;
            this.access = access(String.valueOf(call.getMethodDescriptor().getServiceName()));
            this.headers = headers;
            this.visit = visit;
            this.deadline = deadline;
        }

        /** Who may not call is told with the first message, before a whole file has come. */
        @Override
        public void onMessage(Q message) {
            if (access != Access.OPEN && caller == null) {
                subject = message instanceof Message known ? subject(known) : "";
                caller = admitted();
            }
            begun().onMessage(message);
        }

        @Override
        public void onHalfClose() {
            if (access == Access.OPEN) {
                begun().onHalfClose();
                return;
            }
            gate.enter();
            visits.add(visit);
            try {
                var known = caller == null ? admitted() : caller;
                visit.begin(known);
                Context.current().withValue(Visit.KEY, visit).run(() -> recorded(known));
            } catch (PatientWriter.GivenUpException e) {
                throw visit.givenUp(e);
            } finally {
                visits.remove(visit);
                if (deadline != null) {
                    deadline.cancel(false);
                }
                gate.leave();
            }
        }

        @Override
        public void onCancel() {
            visit.giveUp(Visit.Cause.CLIENT_GONE);
            if (begun != null) {
                begun.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (begun != null) {
                begun.onComplete();
            }
        }

        private ServerCall.Listener<Q> begun() {
            if (begun == null) {
                begun = service.startCall(call, headers);
                begun.onReady();
            }
            return begun;
        }

        private Caller admitted() {
            var admitted = guard.admit(new Credentials(headers.get(AUTHORIZATION), headers.get(API_KEY)), access);
            if (access == Access.ADMIN && !subject.isEmpty()) {
                admitted.mayUse(subject);
            }
            return admitted;
        }

        /** What changes anything that is an administrator's is in the journal before it happens. */
        private void recorded(Caller caller) {
            var method = call.getMethodDescriptor();
            if (!access.isAdministrative() || READING.contains(String.valueOf(method.getBareMethodName()))) {
                begun().onHalfClose();
                return;
            }
            Act act = guard.act(caller, method.getFullMethodName(), subject, "grpc");
            try {
                begun().onHalfClose();
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
    }

    /** What a call of {@code service} needs; one that nobody thought of is for administrators of everything. */
    static Access access(String service) {
        return ACCESS.getOrDefault(service, Access.SERVER);
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
