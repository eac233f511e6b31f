package dev.apprentice.server.grpc;

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
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.server.admin.AdapterUpload;
import dev.apprentice.server.admin.Promotion;
import io.grpc.stub.StreamObserver;

/** The immutable versions of each instance. */
final class CheckpointsService extends CheckpointsGrpc.CheckpointsImplBase {
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
        var as = Promotion.trial(request.getAs());
        var promoted = checkpoints.promote(request.getInstance(), which, request.getForce(), as);
        answer(out, request.getInstance(), promoted);
    }

    @Override
    public void withdraw(CheckpointId request, StreamObserver<Checkpoint> out) {
        var number = Integer.toString(request.getNumber());
        var withdrawn = checkpoints.onTrial().withdraw(request.getInstance(), number);
        answer(out, request.getInstance(), withdrawn);
    }

    @Override
    public void rollback(InstanceId request, StreamObserver<Checkpoint> out) {
        out.onNext(CheckpointProto.of(request.getId(), checkpoints.rollback(request.getId())));
        out.onCompleted();
    }

    @Override
    public void download(CheckpointId request, StreamObserver<Chunk> out) {
        var zip = checkpoints.download(request.getInstance(), request.getNumber());
        var chunks =
                new Chunks(data -> out.onNext(Chunk.newBuilder().setData(data).build()));
        chunks.add(zip);
        chunks.end();
        out.onCompleted();
    }

    @Override
    public StreamObserver<UploadRequest> upload(StreamObserver<Checkpoint> out) {
        return new Parts<>(uploadBytesMax, UploadRequest::getInstance, UploadRequest::getData) {
            @Override
            void whole(String instance, byte[] zip) {
                var by = Visit.current().caller().name();
                answer(out, instance, AdapterUpload.into(checkpoints, instance, zip, by));
            }
        };
    }

    private static void answer(
            StreamObserver<Checkpoint> out, String instance, dev.apprentice.learner.checkpoint.Checkpoint checkpoint) {
        out.onNext(CheckpointProto.of(instance, checkpoint));
        out.onCompleted();
    }
}
