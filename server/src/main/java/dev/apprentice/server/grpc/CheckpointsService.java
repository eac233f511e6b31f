package dev.apprentice.server.grpc;

import com.google.protobuf.ByteString;
import dev.apprentice.client.v1.Checkpoint;
import dev.apprentice.client.v1.CheckpointId;
import dev.apprentice.client.v1.CheckpointsGrpc;
import dev.apprentice.client.v1.Chunk;
import dev.apprentice.client.v1.InstanceId;
import dev.apprentice.client.v1.ListCheckpointsRequest;
import dev.apprentice.client.v1.ListCheckpointsResponse;
import dev.apprentice.client.v1.PromoteRequest;
import dev.apprentice.client.v1.UploadRequest;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.TooLargeException;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.server.admin.AdapterUpload;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;

/** The immutable versions of each instance. */
final class CheckpointsService extends CheckpointsGrpc.CheckpointsImplBase {
    private static final int CHUNK_BYTES = 1 << 18;

    private final Checkpoints checkpoints;
    private final int uploadBytesMax;

    CheckpointsService(Checkpoints checkpoints, int uploadBytesMax) {
        this.checkpoints = checkpoints;
        this.uploadBytesMax = uploadBytesMax;
    }

    @Override
    public void list(ListCheckpointsRequest request, StreamObserver<ListCheckpointsResponse> out) {
        var response = ListCheckpointsResponse.newBuilder();
        checkpoints.list(request.getInstance()).stream()
                .map(checkpoint -> CheckpointProto.of(request.getInstance(), checkpoint))
                .forEach(response::addData);
        out.onNext(response.build());
        out.onCompleted();
    }

    @Override
    public void get(CheckpointId request, StreamObserver<Checkpoint> out) {
        var number = Integer.toString(request.getNumber());
        answer(out, request.getInstance(), checkpoints.get(request.getInstance(), number));
    }

    @Override
    public void promote(PromoteRequest request, StreamObserver<Checkpoint> out) {
        var which = switch (request.getTargetCase()) {
            case NUMBER -> Integer.toString(request.getNumber());
            case CANDIDATE -> request.getCandidate();
            case TARGET_NOT_SET ->
                throw new InvalidRequestException(
                        "missing_field",
                        "either number or candidate must say which checkpoint is meant",
                        Fault.of("number", "a checkpoint's number", "nothing"));
        };
        var promoted = checkpoints.promote(request.getInstance(), which, request.getForce());
        answer(out, request.getInstance(), promoted);
    }

    @Override
    public void rollback(InstanceId request, StreamObserver<Checkpoint> out) {
        out.onNext(CheckpointProto.of(request.getId(), checkpoints.rollback(request.getId())));
        out.onCompleted();
    }

    @Override
    public void download(CheckpointId request, StreamObserver<Chunk> out) {
        var zip = checkpoints.download(request.getInstance(), request.getNumber());
        for (int at = 0; at < zip.length; at += CHUNK_BYTES) {
            var data = ByteString.copyFrom(zip, at, Math.min(CHUNK_BYTES, zip.length - at));
            out.onNext(Chunk.newBuilder().setData(data).build());
        }
        out.onCompleted();
    }

    @Override
    public StreamObserver<UploadRequest> upload(StreamObserver<Checkpoint> out) {
        return new Parts(out);
    }

    /** The parts of one upload, kept until the last has come. */
    private final class Parts implements StreamObserver<UploadRequest> {
        private final StreamObserver<Checkpoint> out;
        private final ByteArrayOutputStream zip = new ByteArrayOutputStream();
        private String instance = "";

        private Parts(StreamObserver<Checkpoint> out) {
            this.out = out;
        }

        @Override
        public void onNext(UploadRequest part) {
            if (instance.isEmpty()) {
                instance = part.getInstance();
            }
            if (zip.size() + (long) part.getData().size() > uploadBytesMax) {
                var expected = "at most " + uploadBytesMax + " bytes";
                throw new TooLargeException(
                        "body_too_large", "an adapter must have " + expected, Fault.of("data", expected, "more"));
            }
            zip.writeBytes(part.getData().toByteArray());
        }

        @Override
        public void onError(Throwable error) {
            zip.reset(); // the client has gone, and nothing was made yet
        }

        @Override
        public void onCompleted() {
            var by = Visit.current().caller().name();
            answer(out, instance, AdapterUpload.into(checkpoints, instance, zip.toByteArray(), by));
        }
    }

    private static void answer(
            StreamObserver<Checkpoint> out, String instance, dev.apprentice.learner.checkpoint.Checkpoint checkpoint) {
        out.onNext(CheckpointProto.of(instance, checkpoint));
        out.onCompleted();
    }
}
