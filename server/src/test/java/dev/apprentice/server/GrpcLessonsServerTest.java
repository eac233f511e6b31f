package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.ExportRequest;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.ImportRequest;
import dev.apprentice.client.v1.ImportResponse;
import dev.apprentice.client.v1.InstanceId;
import dev.apprentice.client.v1.InstancesGrpc;
import dev.apprentice.client.v1.LessonsGrpc;
import dev.apprentice.client.v1.ListLessonsRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.WithdrawAllRequest;
import dev.apprentice.engine.Seams;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lessons by the file, reports and keys for repeating, over gRPC as over HTTP. */
@Timeout(120)
@ExtendWith(SharedServer.class)
final class GrpcLessonsServerTest {
    private static final Metadata.Key<String> IDEMPOTENCY_KEY =
            Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);

    private final Calls calls;
    private final ManagedChannel channel;
    private final LessonsGrpc.LessonsBlockingStub lessons;
    private final String instance = "grpc-lessons-" + Seams.real().ids().get();

    GrpcLessonsServerTest(Apprentice apprentice, Calls calls) {
        this.calls = calls;
        this.channel = ManagedChannelBuilder.forAddress("localhost", apprentice.port())
                .usePlaintext()
                .build();
        this.lessons = LessonsGrpc.newBlockingStub(channel);
        calls.create(instance);
    }

    @AfterEach
    void hangUp() {
        channel.shutdownNow();
    }

    @Test
    void aFileGoesInCutAnywhereAndComesOutAsHttpHasIt() {
        var file = line("Which desk handles a lost parcel?", "Desk Heron 🦆") + line("And a lost hat?", "Desk Wren");
        var made = send(file, 7).join();
        assertThat(made.getImported()).isEqualTo(2);
        var again = send(file, 4096).join();
        assertThat(again.getImported()).isZero();
        assertThat(again.getKnown()).isEqualTo(2);

        assertThat(exported())
                .isEqualTo(calls.raw("/v1/lessons:export?instance=" + instance).body());
        assertThat(exported().lines()).hasSize(2);
    }

    @Test
    void aBrokenLineIsNamedAndNothingOfItsFileIsTaken() throws Exception {
        var file = line("Which desk?", "Desk Heron") + "{\"messages\":\n" + line("And a hat?", "Desk Wren");
        var refused = catchThrowableOfType(
                CompletionException.class, () -> send(file, 10).join());
        var status = (StatusRuntimeException) Objects.requireNonNull(refused.getCause());

        assertThat(status.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(status.getStatus().getDescription()).startsWith("line 2: ");
        var details = Objects.requireNonNull(StatusProto.fromThrowable(status)).getDetailsList();
        assertThat(details.get(1).unpack(BadRequest.class).getFieldViolations(0).getField())
                .startsWith("line 2");
        assertThat(exported()).isEmpty();
    }

    @Test
    void allThatAFilterMeansIsWithdrawn() {
        send(line("Which desk?", "Desk Heron") + line("And a hat?", "Desk Wren"), 4096)
                .join();
        var before = WithdrawAllRequest.newBuilder()
                .setInstance(instance)
                .setBefore(Timestamp.newBuilder().setSeconds(1));
        assertThat(lessons.withdrawAll(before.build()).getWithdrawn()).isZero();
        var after = WithdrawAllRequest.newBuilder()
                .setInstance(instance)
                .setAfter(Timestamp.newBuilder().setSeconds(1));
        assertThat(lessons.withdrawAll(after.build()).getWithdrawn()).isEqualTo(2);
        assertThat(lessons.list(ListLessonsRequest.newBuilder()
                                .setInstance(instance)
                                .setState("withdrawn")
                                .build())
                        .getDataList())
                .hasSize(2);
        var never = WithdrawAllRequest.newBuilder()
                .setInstance(instance)
                .setAfter(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE));
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> lessons.withdrawAll(never.build()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void theReportIsTheOneThatHttpGives() {
        send(line("Which desk?", "Desk Heron"), 4096).join();
        var report = InstancesGrpc.newBlockingStub(channel)
                .report(InstanceId.newBuilder().setId(instance).build());
        var http = calls.get("/v1/instances/" + instance + "/report").body();
        assertThat(ProtoJson.struct(report).get("lessons")).isEqualTo(http.get("lessons"));
        assertThat(ProtoJson.struct(report).properties())
                .extracting(field -> field.getKey())
                .containsExactlyInAnyOrderElementsOf(
                        http.properties().stream().map(field -> field.getKey()).toList());
    }

    @Test
    void theSameKeyIsTheSameLessonThroughEitherDoor() {
        var key = "key-" + instance;
        var http = calls.post(
                "/v1/feedback",
                Calls.example(instance, "Which desk?", "Desk Heron").toString(),
                "Idempotency-Key",
                key);
        assertThat(http.status()).isEqualTo(202);
        var give = give("Desk Heron").build();
        assertThat(keyed(key).give(give).getId()).isEqualTo(http.text("/id"));
        assertThat(keyed(key).give(give).getId()).isEqualTo(http.text("/id"));
        assertThat(FeedbackGrpc.newBlockingStub(channel)
                        .give(give.toBuilder().setIdempotencyKey(key).build())
                        .getId())
                .isEqualTo(http.text("/id"));

        assertThat(code(() -> keyed(key).give(give("Desk Wren").build()))).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(code(() -> keyed(key)
                        .give(give.toBuilder().setIdempotencyKey("another").build())))
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    private FeedbackGrpc.FeedbackBlockingStub keyed(String key) {
        var headers = new Metadata();
        headers.put(IDEMPOTENCY_KEY, key);
        return FeedbackGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private GiveRequest.Builder give(String answer) {
        return GiveRequest.newBuilder()
                .setExample(GiveRequest.Example.newBuilder()
                        .setInstance(instance)
                        .addMessages(Message.newBuilder().setRole("user").setContent("Which desk?"))
                        .setAnswer(answer));
    }

    private static Code code(Runnable call) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        return refused.getStatus().getCode();
    }

    private String exported() {
        var all = new ByteArrayOutputStream();
        lessons.export(ExportRequest.newBuilder().setInstance(instance).build())
                .forEachRemaining(part -> all.writeBytes(part.getData().toByteArray()));
        return all.toString(StandardCharsets.UTF_8);
    }

    private CompletableFuture<ImportResponse> send(String file, int cut) {
        var made = new CompletableFuture<ImportResponse>();
        var parts = LessonsGrpc.newStub(channel).import_(new StreamObserver<>() {
            @Override
            public void onNext(ImportResponse response) {
                made.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                made.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                made.completeExceptionally(new AssertionError("nothing came"));
            }
        });
        var bytes = file.getBytes(StandardCharsets.UTF_8);
        for (var at = 0; at < bytes.length; at += cut) {
            parts.onNext(ImportRequest.newBuilder()
                    .setInstance(instance)
                    .setData(ByteString.copyFrom(bytes, at, Math.min(cut, bytes.length - at)))
                    .build());
        }
        parts.onCompleted();
        return made;
    }

    private static String line(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}],\"answer\":\"" + answer + "\"}\n";
    }
}
