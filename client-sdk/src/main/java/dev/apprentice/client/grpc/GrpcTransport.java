package dev.apprentice.client.grpc;

import com.google.protobuf.ByteString;
import dev.apprentice.client.admin.Checkpoint;
import dev.apprentice.client.admin.CheckpointState;
import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.Instance;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.admin.Report;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Imported;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.Receipt;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.teaching.Withdrawn;
import dev.apprentice.client.transport.Call;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Source;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.CheckpointId;
import dev.apprentice.client.v1.CheckpointsGrpc;
import dev.apprentice.client.v1.CreateInstanceRequest;
import dev.apprentice.client.v1.EventsGrpc;
import dev.apprentice.client.v1.ExportRequest;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.ImportRequest;
import dev.apprentice.client.v1.InstanceId;
import dev.apprentice.client.v1.InstancesGrpc;
import dev.apprentice.client.v1.LessonId;
import dev.apprentice.client.v1.LessonsGrpc;
import dev.apprentice.client.v1.ListCheckpointsRequest;
import dev.apprentice.client.v1.ListInstancesRequest;
import dev.apprentice.client.v1.ListLessonsRequest;
import dev.apprentice.client.v1.PinRequest;
import dev.apprentice.client.v1.PromoteRequest;
import dev.apprentice.client.v1.UpdateInstanceRequest;
import dev.apprentice.client.v1.UploadRequest;
import dev.apprentice.client.v1.WatchRequest;
import dev.apprentice.client.value.Page;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The operations over gRPC. */
public final class GrpcTransport implements Transport {
    private final ManagedChannel channel;
    private final Duration silenceMax;
    private final Wiring wiring;

    /**
     * Speaks over a channel.
     *
     * @param channel where the server is; it is shut down with this
     * @param silenceMax how long a watch waits for the server to begin
     */
    public GrpcTransport(ManagedChannel channel, Duration silenceMax) {
        this.channel = channel;
        this.silenceMax = silenceMax;
        this.wiring = new Wiring(channel);
    }

    /**
     * Speaks with the server at {@code url}, in the clear where that begins with {@code http:}.
     *
     * @param url scheme, host and port
     * @param messageBytesMax the longest message that is held in memory
     * @param silenceMax how long a call hears nothing before the server is asked (by HTTP/2's {@code PING}) whether it
     *     is still there; gRPC takes no less than 10 s
     * @return a transport that connects at the first call
     */
    public static GrpcTransport to(URI url, int messageBytesMax, Duration silenceMax) {
        boolean clear = "http".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : clear ? 80 : 443;
        var builder = ManagedChannelBuilder.forAddress(url.getHost(), port)
                .maxInboundMessageSize(messageBytesMax)
                .keepAliveTime(silenceMax.toNanos(), TimeUnit.NANOSECONDS)
                .disableRetry(); // what may be repeated is decided above
        return new GrpcTransport((clear ? builder.usePlaintext() : builder).build(), silenceMax);
    }

    @Override
    public Answer ask(AskRequest request, Call call) {
        return Answers.of(wiring.unary(AgentGrpc.getAskMethod(), Asks.of(request), call));
    }

    @Override
    public Source<AnswerChunk> stream(AskRequest request, Call call) {
        var chunks = new Answers.Chunks();
        return new FinishedSource(wiring.stream(AgentGrpc.getChatMethod(), Asks.of(request), call, chunks::of)
                .opened());
    }

    @Override
    public Receipt give(Feedback feedback, Call call) {
        var request = Asks.of(feedback).toBuilder();
        var key = call.headers().get("idempotency-key");
        if (key != null) {
            request.setIdempotencyKey(key); // also where somebody on the way drops metadata
        }
        return Receipt.of(ProtoJson.of(wiring.unary(FeedbackGrpc.getGiveMethod(), request.build(), call)));
    }

    @Override
    public Page<Lesson> lessons(LessonQuery query, Call call) {
        var request = JsonProto.into(ListLessonsRequest.newBuilder(), query.json());
        var list = wiring.unary(LessonsGrpc.getListMethod(), request.build(), call);
        return new Page<>(
                list.getDataList().stream().map(Answers::lesson).toList(), list.hasNext() ? list.getNext() : null);
    }

    @Override
    public Lesson lesson(String id, Call call) {
        return Answers.lesson(wiring.unary(LessonsGrpc.getGetMethod(), lessonId(id), call));
    }

    @Override
    public Lesson pin(String id, boolean pinned, Call call) {
        var request = PinRequest.newBuilder().setId(id).setPinned(pinned).build();
        return Answers.lesson(wiring.unary(LessonsGrpc.getPinMethod(), request, call));
    }

    @Override
    public Lesson withdraw(String id, Call call) {
        return Answers.lesson(wiring.unary(LessonsGrpc.getWithdrawMethod(), lessonId(id), call));
    }

    @Override
    public Lesson release(String id, Call call) {
        return Answers.lesson(wiring.unary(LessonsGrpc.getReleaseMethod(), lessonId(id), call));
    }

    @Override
    public Withdrawn withdrawAll(Withdrawal which, Call call) {
        return Withdrawn.of(ProtoJson.of(wiring.unary(LessonsGrpc.getWithdrawAllMethod(), Asks.of(which), call)));
    }

    @Override
    public Imported importLessons(String instance, Content lines, Call call) throws IOException {
        return Imported.of(ProtoJson.of(wiring.upload(
                LessonsGrpc.getImportMethod(),
                lines,
                call,
                bytes -> ImportRequest.newBuilder()
                        .setInstance(instance)
                        .setData(ByteString.copyFrom(bytes))
                        .build())));
    }

    @Override
    public void exportLessons(String instance, OutputStream out, Call call) throws IOException {
        var request = ExportRequest.newBuilder().setInstance(instance).build();
        write(out, wiring.stream(LessonsGrpc.getExportMethod(), request, call, lines -> lines.getData()));
    }

    @Override
    public Instance create(InstanceDraft draft, Call call) {
        var request = JsonProto.into(CreateInstanceRequest.newBuilder(), draft.json());
        return instance(wiring.unary(InstancesGrpc.getCreateMethod(), request.build(), call));
    }

    @Override
    public Page<Instance> instances(@Nullable String after, Call call) {
        var request = ListInstancesRequest.newBuilder();
        if (after != null) {
            request.setAfter(after);
        }
        var list = wiring.unary(InstancesGrpc.getListMethod(), request.build(), call);
        return new Page<>(
                list.getDataList().stream().map(GrpcTransport::instance).toList(),
                list.hasNext() ? list.getNext() : null);
    }

    @Override
    public Instance instance(String id, Call call) {
        return instance(wiring.unary(InstancesGrpc.getGetMethod(), instanceId(id), call));
    }

    @Override
    public Instance update(String id, InstancePatch patch, Call call) {
        var json = patch.json();
        var request = JsonProto.into(UpdateInstanceRequest.newBuilder(), json)
                .setId(id)
                .setClearSystemPrompt(json.path("system_prompt").isNull());
        return instance(wiring.unary(InstancesGrpc.getUpdateMethod(), request.build(), call));
    }

    @Override
    public void delete(String id, Call call) {
        wiring.unary(InstancesGrpc.getDeleteMethod(), instanceId(id), call);
    }

    @Override
    public Instance freeze(String id, boolean frozen, Call call) {
        var method = frozen ? InstancesGrpc.getFreezeMethod() : InstancesGrpc.getUnfreezeMethod();
        return instance(wiring.unary(method, instanceId(id), call));
    }

    @Override
    public void study(String id, Call call) {
        wiring.unary(InstancesGrpc.getStudyMethod(), instanceId(id), call);
    }

    @Override
    public Report report(String id, Call call) {
        return Report.of(ProtoJson.struct(wiring.unary(InstancesGrpc.getReportMethod(), instanceId(id), call)));
    }

    @Override
    public Page<Checkpoint> checkpoints(String instance, @Nullable String after, Call call) {
        var request = ListCheckpointsRequest.newBuilder().setInstance(instance);
        if (after != null) {
            request.setAfter(after);
        }
        var list = wiring.unary(CheckpointsGrpc.getListMethod(), request.build(), call);
        return new Page<>(
                list.getDataList().stream().map(GrpcTransport::checkpoint).toList(),
                list.hasNext() ? list.getNext() : null);
    }

    @Override
    public Checkpoint checkpoint(String instance, int number, Call call) {
        return checkpoint(wiring.unary(CheckpointsGrpc.getGetMethod(), checkpointId(instance, number), call));
    }

    @Override
    public Checkpoint withdraw(String instance, int number, Call call) {
        return checkpoint(wiring.unary(CheckpointsGrpc.getWithdrawMethod(), checkpointId(instance, number), call));
    }

    @Override
    public Checkpoint promote(String instance, String which, boolean force, CheckpointState as, Call call) {
        var request = PromoteRequest.newBuilder()
                .setInstance(instance)
                .setForce(force)
                .setAs(as.value());
        if (which.matches("\\d{1,9}")) {
            request.setNumber(Integer.parseInt(which));
        } else {
            request.setCandidate(which);
        }
        return checkpoint(wiring.unary(CheckpointsGrpc.getPromoteMethod(), request.build(), call));
    }

    @Override
    public Checkpoint rollback(String instance, Call call) {
        return checkpoint(wiring.unary(CheckpointsGrpc.getRollbackMethod(), instanceId(instance), call));
    }

    @Override
    public Checkpoint upload(String instance, Content zip, Call call) throws IOException {
        return checkpoint(wiring.upload(
                CheckpointsGrpc.getUploadMethod(),
                zip,
                call,
                bytes -> UploadRequest.newBuilder()
                        .setInstance(instance)
                        .setData(ByteString.copyFrom(bytes))
                        .build()));
    }

    @Override
    public void download(String instance, int number, OutputStream out, Call call) throws IOException {
        var request = checkpointId(instance, number);
        write(out, wiring.stream(CheckpointsGrpc.getDownloadMethod(), request, call, chunk -> chunk.getData()));
    }

    @Override
    public Source<Event> events(EventQuery query, Call call) {
        var request = WatchRequest.newBuilder().setAfter(query.after().orElse(0));
        query.instance().ifPresent(request::setInstance);
        return wiring.stream(EventsGrpc.getWatchMethod(), request.build(), call, event -> Event.of(ProtoJson.of(event)))
                .begun(silenceMax);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static void write(OutputStream out, Source<ByteString> pieces) throws IOException {
        try (pieces) {
            for (var piece = pieces.next(); piece != null; piece = pieces.next()) {
                piece.writeTo(out);
            }
        }
    }

    private static LessonId lessonId(String id) {
        return LessonId.newBuilder().setId(id).build();
    }

    private static InstanceId instanceId(String id) {
        return InstanceId.newBuilder().setId(id).build();
    }

    private static CheckpointId checkpointId(String instance, int number) {
        return CheckpointId.newBuilder().setInstance(instance).setNumber(number).build();
    }

    private static Instance instance(dev.apprentice.client.v1.Instance instance) {
        return Instance.of(ProtoJson.of(instance));
    }

    private static Checkpoint checkpoint(dev.apprentice.client.v1.Checkpoint checkpoint) {
        return Checkpoint.of(ProtoJson.of(checkpoint));
    }
}
