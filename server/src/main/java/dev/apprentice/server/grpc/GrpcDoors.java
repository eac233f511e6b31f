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
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.grpc.GrpcReflectionFeature;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** All services of the contract, with health and reflection. */
public final class GrpcDoors implements AutoCloseable {
    /** Largest message that is taken. */
    private static final int MESSAGE_BYTES_MAX = 32 << 20;

    private static final long STREAMS_MAX = 256;

    private final List<BindableService> services;
    private final HealthStatusManager health = new HealthStatusManager();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Doorman doorman;

    /** The doors to {@code services}. */
    public GrpcDoors(List<BindableService> services, Guard guard, Gate gate) {
        this.doorman = new Doorman(guard, gate);
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
            int uploadBytesMax) {
        return List.of(
                new AgentService(asker, sampling, engine),
                new FeedbackService(learner.lessons()),
                new LessonsService(learner.lessons()),
                new InstancesService(learner),
                new CheckpointsService(learner.checkpoints(), uploadBytesMax),
                new EventsService(learner.events(), presence));
    }

    /** What can be called here. */
    public GrpcRouting.Builder routing() {
        var routing = GrpcRouting.builder().intercept(doorman);
        services.forEach(service -> routing.service(ApprenticeProto.getDescriptor(), service));
        return routing.service(io.grpc.health.v1.HealthProto.getDescriptor(), health.getHealthService());
    }

    /** Lets clients ask what can be called. */
    public static GrpcReflectionFeature reflection() {
        return GrpcReflectionFeature.create(builder -> builder.enabled(true));
    }

    /** How Helidon takes up HTTP/2, with prior knowledge only. */
    public static ServerConnectionSelector selector() {
        var grpc = GrpcConfig.builder().maxReadBufferSize(MESSAGE_BYTES_MAX).build();
        return Http2ConnectionSelector.builder()
                .http2Config(
                        Http2Config.builder().maxConcurrentStreams(STREAMS_MAX).build())
                .addSubProtocolSelector(GrpcProtocolSelector.create(grpc))
                .build();
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
