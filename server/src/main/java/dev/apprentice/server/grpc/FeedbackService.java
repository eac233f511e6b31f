package dev.apprentice.server.grpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.teaching.FeedbackReader;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** What people say of answers. */
final class FeedbackService extends FeedbackGrpc.FeedbackImplBase {
    private final Ledger ledger;

    FeedbackService(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void give(GiveRequest request, StreamObserver<Lesson> out) {
        var caller = Visit.current().caller();
        var json = json(request);
        if (request.hasBy()) {
            json.put("by", request.getBy());
        }
        var feedback = FeedbackReader.read(Fields.of(json), caller.name());
        var key = Idempotency.key(request, Visit.current().idempotencyKey());
        out.onNext(LessonProto.of(ledger.give(feedback, key, caller.keyScope(), caller::sees)));
        out.onCompleted();
    }

    /** The body that HTTP has for the same. */
    private static ObjectNode json(GiveRequest request) {
        var json = Wire.object();
        switch (request.getKindCase()) {
            case CORRECTION -> {
                var it = request.getCorrection();
                json.put("kind", "correction")
                        .put("interaction", it.getInteraction())
                        .put("choice", it.getChoice());
                answer(json, it.getAnswer(), it.getToolCallsList());
            }
            case EXAMPLE -> {
                var it = request.getExample();
                json.put("kind", "example").put("instance", it.getInstance());
                json.set("messages", AskJson.messages(it.getMessagesList()));
                if (it.getToolsCount() > 0) {
                    json.set("tools", AskJson.functions(it.getToolsList()));
                }
                answer(json, it.getAnswer(), it.getToolCallsList());
            }
            case RATING ->
                json.put("kind", "rating")
                        .put("interaction", request.getRating().getInteraction())
                        .put("choice", request.getRating().getChoice())
                        .put("rating", request.getRating().getUp() ? "up" : "down");
            case REWARD -> reward(json.put("kind", "reward"), request.getReward());
            case PREFERENCE -> preference(json.put("kind", "preference"), request.getPreference());
            case CRITIQUE ->
                json.put("kind", "critique")
                        .put("interaction", request.getCritique().getInteraction())
                        .put("choice", request.getCritique().getChoice())
                        .put("text", request.getCritique().getText());
            case KIND_NOT_SET -> {}
        }
        return json;
    }

    private static void answer(ObjectNode json, String answer, List<ToolCall> calls) {
        if (calls.isEmpty()) {
            json.put("answer", answer);
        } else {
            json.putObject("message").put("content", answer).set("tool_calls", AskJson.calls(calls));
        }
    }

    private static void reward(ObjectNode json, GiveRequest.Reward reward) {
        switch (reward.getTargetCase()) {
            case INTERACTION -> json.put("interaction", reward.getInteraction());
            case EPISODE -> json.put("episode", reward.getEpisode());
            case TARGET_NOT_SET -> {}
        }
        if (reward.hasInstance()) {
            json.put("instance", reward.getInstance());
        }
        json.put("choice", reward.getChoice()).put("reward", reward.getReward());
    }

    private static void preference(ObjectNode json, GiveRequest.Preference preference) {
        side(json, "chosen", preference.getChosen());
        side(json, "rejected", preference.getRejected());
        if (preference.hasInteraction()) {
            json.put("interaction", preference.getInteraction());
        }
    }

    private static void side(ObjectNode json, String name, GiveRequest.Preference.Side side) {
        switch (side.getSideCase()) {
            case INTERACTION ->
                json.putObject(name).put("interaction", side.getInteraction()).put("choice", side.getChoice());
            case ANSWER -> json.putObject(name).put("answer", side.getAnswer());
            case SIDE_NOT_SET -> {}
        }
    }
}
