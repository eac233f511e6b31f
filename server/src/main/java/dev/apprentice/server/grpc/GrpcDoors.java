package dev.apprentice.server.grpc;

import dev.apprentice.client.v1.ApprenticeProto;
import dev.apprentice.engine.Engine;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.asking.Asker;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.security.Guard;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthProto;
import io.grpc.protobuf.services.HealthStatusManager;
import io.helidon.webserver.grpc.GrpcReflectionFeature;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All services of the contract, with health and reflection. */
public final class GrpcDoors implements AutoCloseable {
    /** Largest message that is taken. */
    private static final int MESSAGE_BYTES_MAX = 32 << 20;

    private static final long STREAMS_MAX = 256;

    /**
     * In ten seconds on one connection. Helidon means attacks by it and cuts the connection, but it counts every call
     * that a client cancels, and 50, its default, are not many where answers are stopped as people read them.
     */
    private static final int RESETS_MAX = 10_000;

    /** Which Helidon adds itself. */
    private static final String REFLECTION = "/grpc.reflection.";

    private final List<BindableService> services;
    private final HealthStatusManager health = new HealthStatusManager();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Doorman doorman;
    private final ServerInterceptor outside;

    /** The doors to {@code services}, where nobody looks on. */
    public GrpcDoors(List<BindableService> services, Guard guard, Gate gate) {
        this(services, new Doorman(guard, gate), null);
    }

    /** The doors to {@code services}; {@code outermost} sees every call, also those that are refused. */
    public GrpcDoors(List<BindableService> services, Guard guard, Gate gate, ServerInterceptor outermost) {
        this(services, new Doorman(guard, gate), outermost);
    }

    private GrpcDoors(List<BindableService> services, Doorman doorman, @Nullable ServerInterceptor outermost) {
        this.doorman = doorman;
        this.outside = outermost == null ? new LastWord() : new Nested(outermost, new LastWord());
        this.services = List.copyOf(services);
        for (var service : services) {
            health.setStatus(service.bindService().getServiceDescriptor().getName(), ServingStatus.SERVING);
        }
    }

    /** The contract's services, to {@code learner}; its agents are asked through {@code asker}. */
    public static List<BindableService> services(
            Learner learner,
            Asker asker,
            SamplingFields sampling,
            Engine engine,
            Presence presence,
            int fileBytesMax,
            int uploadBytesMax) {
        return List.of(
                new AgentService(asker, sampling, engine),
                new FeedbackService(learner.lessons()),
                new LessonsService(learner.lessons(), fileBytesMax),
                new InstancesService(learner),
                new CheckpointsService(learner.checkpoints(), uploadBytesMax),
                new EventsService(learner.events(), presence));
    }

    /** What can be called here. */
    public GrpcRouting.Builder routing() {
        var routing = GrpcRouting.builder().intercept(outside);
        services.forEach(service -> routing.service(ApprenticeProto.getDescriptor(), () -> kept(service)));
        return routing.service(HealthProto.getDescriptor(), () -> kept(health.getHealthService()));
    }

    /** Behind the doorman; messages are read inside of {@link LastWord}, so that what cannot be read is refused. */
    private ServerServiceDefinition kept(BindableService service) {
        return ServerInterceptors.useInputStreamMessages(ServerInterceptors.intercept(service, doorman));
    }

    /** Two interceptors as one, so that their order is ours and not Helidon's. */
    private record Nested(ServerInterceptor outer, ServerInterceptor inner) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return outer.interceptCall(
                    call, headers, (within, metadata) -> inner.interceptCall(within, metadata, next));
        }
    }

    /** Lets clients ask what can be called. */
    public static GrpcReflectionFeature reflection() {
        return GrpcReflectionFeature.create(builder -> builder.enabled(true));
    }

    /**
     * How Helidon takes up HTTP/2: with prior knowledge, or agreed on over TLS.
     *
     * @param patience how long a client may read nothing of what is written to it
     * @param presence watches over those who speak plain HTTP
     */
    public ServerConnectionSelector selector(Duration patience, Presence presence) {
        var config = Http2Config.builder()
                .maxConcurrentStreams(STREAMS_MAX)
                .flowControlTimeout(patience)
                .maxRapidResets(RESETS_MAX)
                .build();
        var paths = Stream.concat(services.stream().map(BindableService::bindService), Stream.of(healthDefinition()))
                .flatMap(service -> service.getMethods().stream())
                .map(method -> "/" + method.getMethodDescriptor().getFullMethodName())
                .collect(Collectors.toUnmodifiableSet());
        return new GrpcConnections(
                config,
                MESSAGE_BYTES_MAX,
                patience,
                path -> paths.contains(path) || path.startsWith(REFLECTION),
                presence);
    }

    private ServerServiceDefinition healthDefinition() {
        return health.getHealthService().bindService();
    }

    /** From now on health says that nobody should come any more. */
    public void drain() {
        if (draining.compareAndSet(false, true)) { // a second time is logged with a stack trace
            health.enterTerminalState();
        }
    }

    /** Gives up the calls that are still inside. */
    public void stop() {
        doorman.stop();
    }

    @Override
    public void close() {
        doorman.close();
    }
}
