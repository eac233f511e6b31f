package dev.apprentice.server.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.CreateInstanceRequest;
import dev.apprentice.client.v1.Instance;
import dev.apprentice.client.v1.InstanceId;
import dev.apprentice.client.v1.InstancesGrpc;
import dev.apprentice.client.v1.ListInstancesRequest;
import dev.apprentice.client.v1.ListInstancesResponse;
import dev.apprentice.client.v1.UpdateInstanceRequest;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.server.admin.InstanceList;
import dev.apprentice.server.admin.ReportJson;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Wire;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The deployed apprentices. */
final class InstancesService extends InstancesGrpc.InstancesImplBase {
    private final Learner learner;

    InstancesService(Learner learner) {
        this.learner = learner;
    }

    @Override
    public void create(CreateInstanceRequest request, StreamObserver<Instance> out) {
        var draft = new InstanceDraft(
                request.getId(),
                request.getDescription(),
                request.hasSystemPrompt() ? request.getSystemPrompt() : null,
                Policy.DEFAULT.with(policy(request.getPolicy())));
        answer(out, learner.instances().create(draft));
    }

    @Override
    public void list(ListInstancesRequest request, StreamObserver<ListInstancesResponse> out) {
        var page = new InstanceList(learner.instances(), Visit.current().caller())
                .list(
                        request.hasAfter() ? request.getAfter() : null,
                        Query.limit(request.hasLimit() ? Integer.toString(request.getLimit()) : null));
        var response = ListInstancesResponse.newBuilder();
        page.data().stream().map(InstancesService::proto).forEach(response::addData);
        var next = page.next();
        if (next != null) {
            response.setNext(next);
        }
        out.onNext(response.build());
        out.onCompleted();
    }

    @Override
    public void get(InstanceId request, StreamObserver<Instance> out) {
        answer(out, learner.instances().get(request.getId()));
    }

    @Override
    public void update(UpdateInstanceRequest request, StreamObserver<Instance> out) {
        var prompt = request.hasSystemPrompt() ? request.getSystemPrompt() : null;
        var patch = new InstancePatch(
                request.hasDescription() ? request.getDescription() : null,
                request.getClearSystemPrompt() ? "" : prompt,
                policy(request.getPolicy()));
        answer(out, learner.instances().patch(request.getId(), patch));
    }

    @Override
    public void delete(InstanceId request, StreamObserver<Empty> out) {
        learner.instances().delete(request.getId());
        done(out);
    }

    @Override
    public void freeze(InstanceId request, StreamObserver<Instance> out) {
        answer(out, learner.instances().freeze(request.getId()));
    }

    @Override
    public void unfreeze(InstanceId request, StreamObserver<Instance> out) {
        answer(out, learner.instances().unfreeze(request.getId()));
    }

    @Override
    public void study(InstanceId request, StreamObserver<Empty> out) {
        learner.study(request.getId());
        done(out);
    }

    @Override
    public void report(InstanceId request, StreamObserver<Struct> out) {
        out.onNext(ProtoJson.struct(ReportJson.of(learner, request.getId())));
        out.onCompleted();
    }

    private static Map<String, @Nullable Object> policy(Struct policy) {
        return Fields.of(ProtoJson.struct(policy), "policy").toMapWithNulls();
    }

    private static void done(StreamObserver<Empty> out) {
        out.onNext(Empty.getDefaultInstance());
        out.onCompleted();
    }

    private static void answer(StreamObserver<Instance> out, dev.apprentice.learner.instance.Instance instance) {
        out.onNext(proto(instance));
        out.onCompleted();
    }

    private static Instance proto(dev.apprentice.learner.instance.Instance instance) {
        var proto = Instance.newBuilder()
                .setId(instance.id())
                .setDescription(instance.description())
                .setPolicy(ProtoJson.struct(Wire.value(instance.policy().fields())))
                .setFrozen(instance.frozen())
                .setLiveCheckpoint(instance.liveCheckpoint())
                .setCreated(AnswerProto.time(instance.created()));
        var prompt = instance.systemPrompt();
        if (prompt != null) {
            proto.setSystemPrompt(prompt);
        }
        return proto.build();
    }
}
