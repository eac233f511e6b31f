package dev.apprentice.server.grpc;

import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.Checkpoint;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A checkpoint in the contract's message. */
final class CheckpointProto {
    private CheckpointProto() {}

    /** {@code checkpoint} of {@code instance}; null is the bare base, which can be what is live after a rollback. */
    static Checkpoint of(String instance, dev.apprentice.learner.checkpoint.@Nullable Checkpoint checkpoint) {
        if (checkpoint == null) {
            return Checkpoint.newBuilder()
                    .setInstance(instance)
                    .setNumber(0)
                    .setState("live")
                    .build();
        }
        var proto = Checkpoint.newBuilder()
                .setInstance(instance)
                .setCandidate(checkpoint.candidate())
                .setOrigin(checkpoint.origin())
                .setState(checkpoint.state().name().toLowerCase(Locale.ROOT))
                .addAllLessons(checkpoint.lessons())
                .setPlan(ProtoJson.struct(checkpoint.plan()))
                .setAdapterDigest(checkpoint.adapterDigest())
                .setBaseDigest(checkpoint.baseDigest())
                .setTokenizerDigest(checkpoint.tokenizerDigest())
                .setTemplateDigest(checkpoint.templateDigest())
                .setCreated(AnswerProto.time(checkpoint.created()));
        optional(proto, checkpoint);
        return proto.build();
    }

    private static void optional(Checkpoint.Builder proto, dev.apprentice.learner.checkpoint.Checkpoint checkpoint) {
        var number = checkpoint.number();
        if (number != null) {
            proto.setNumber(number);
        }
        var reason = checkpoint.reason();
        if (reason != null) {
            proto.setReason(reason);
        }
        var parent = checkpoint.parent();
        if (parent != null) {
            proto.setParent(parent);
        }
        var exam = checkpoint.exam();
        if (exam != null) {
            proto.setExam(ProtoJson.struct(exam));
        }
    }
}
