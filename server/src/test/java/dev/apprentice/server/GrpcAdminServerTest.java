package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.apprentice.client.v1.Checkpoint;
import dev.apprentice.client.v1.CheckpointId;
import dev.apprentice.client.v1.CheckpointsGrpc;
import dev.apprentice.client.v1.EventsGrpc;
import dev.apprentice.client.v1.InstanceId;
import dev.apprentice.client.v1.ListCheckpointsRequest;
import dev.apprentice.client.v1.PromoteRequest;
import dev.apprentice.client.v1.UploadRequest;
import dev.apprentice.client.v1.WatchRequest;
import dev.apprentice.engine.Seams;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkpoints and events over gRPC. */
@Timeout(120)
@ExtendWith(SharedServer.class)
class GrpcAdminServerTest {
    private final Apprentice apprentice;
    private final Calls calls;
    private final ManagedChannel channel;
    private final String instance = "grpc-admin-" + Seams.real().ids().get();

    GrpcAdminServerTest(Apprentice apprentice, Calls calls) {
        this.apprentice = apprentice;
        this.calls = calls;
        this.channel = ManagedChannelBuilder.forAddress("localhost", apprentice.port())
                .usePlaintext()
                .build();
        calls.create(instance);
    }

    @AfterEach
    void hangUp() {
        channel.shutdownNow();
    }

    @Test
    void anAdapterGoesInInPartsAndComesOutAgain() throws Exception {
        var zip = RandomAdapter.zip(apprentice.engine().base().config(), 3);
        var made = upload(zip).get(60, TimeUnit.SECONDS);
        var stub = CheckpointsGrpc.newBlockingStub(channel);
        assertThat(made.getNumber()).isEqualTo(1);
        assertThat(stub.list(ListCheckpointsRequest.newBuilder()
                                .setInstance(instance)
                                .build())
                        .getDataList())
                .containsExactly(made);

        var one = CheckpointId.newBuilder().setInstance(instance).setNumber(1).build();
        var out = new ByteArrayOutputStream();
        stub.download(one)
                .forEachRemaining(chunk -> out.writeBytes(chunk.getData().toByteArray()));
        assertThat(out.toByteArray()).isEqualTo(calls.download("/v1/instances/" + instance + "/checkpoints/1/adapter"));

        var promoted = stub.promote(
                PromoteRequest.newBuilder().setInstance(instance).setNumber(1).build());
        assertThat(promoted.getState()).isEqualTo("live");
        var back = stub.rollback(InstanceId.newBuilder().setId(instance).build());
        assertThat(back.getNumber()).isZero();
        assertThat(stub.get(one).getState()).isEqualTo("retired");
    }

    @Test
    void whatIsNoAdapterIsRefusedAndMakesNothing() {
        var refused = catchThrowableOfType(
                java.util.concurrent.ExecutionException.class,
                () -> upload(new byte[5000]).get(60, TimeUnit.SECONDS));
        assertThat(refused.getCause())
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        cause -> assertThat(cause.getStatus().getCode())
                                .isIn(Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION));
        assertThat(calls.get("/v1/instances/" + instance + "/checkpoints")
                        .body()
                        .get("data"))
                .isEmpty();
    }

    @Test
    void aCheckpointThatIsNotThereIsNotFound() {
        var refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> CheckpointsGrpc.newBlockingStub(channel)
                        .get(CheckpointId.newBuilder()
                                .setInstance(instance)
                                .setNumber(7)
                                .build()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void eventsAreToldFromWhereTheWatcherLeftOffAndAWatcherThatGoesIsForgotten() {
        var before = apprentice.learner().events().newest();
        calls.teach(Calls.example(instance, "Which desk takes parcels?", "Mossgate"));
        for (int round = 0; round < 20; round++) {
            var context = Context.current().withCancellation();
            context.run(() -> {
                var events = EventsGrpc.newBlockingStub(channel)
                        .watch(WatchRequest.newBuilder()
                                .setAfter(Math.max(1, before))
                                .setInstance(instance)
                                .build());
                var first = events.next();
                assertThat(first.getKind()).isEqualTo("lesson");
                assertThat(first.getInstance()).isEqualTo(instance);
                context.cancel(null);
            });
        }
        while (calls.raw("/metrics")
                .body()
                .lines()
                .noneMatch(line -> line.matches("apprentice_event_subscribers 0(\\.0)?"))) {
            Thread.onSpinWait(); // ends, or the time limit of this test does
        }
    }

    private CompletableFuture<Checkpoint> upload(byte[] zip) {
        var made = new CompletableFuture<Checkpoint>();
        var parts = CheckpointsGrpc.newStub(channel).upload(new StreamObserver<>() {
            @Override
            public void onNext(Checkpoint checkpoint) {
                made.complete(checkpoint);
            }

            @Override
            public void onError(Throwable error) {
                made.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                made.completeExceptionally(new AssertionError("no checkpoint came"));
            }
        });
        for (int at = 0; at < zip.length; at += 100_000) {
            parts.onNext(UploadRequest.newBuilder()
                    .setInstance(instance)
                    .setData(ByteString.copyFrom(zip, at, Math.min(100_000, zip.length - at)))
                    .build());
        }
        parts.onCompleted();
        return made;
    }
}
