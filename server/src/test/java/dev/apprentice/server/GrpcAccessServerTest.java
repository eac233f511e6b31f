package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.CheckpointsGrpc;
import dev.apprentice.client.v1.EventsGrpc;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.InstancesGrpc;
import dev.apprentice.client.v1.LessonsGrpc;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.security.Guard;
import dev.apprentice.server.security.Journal;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who gets in where over gRPC (C74): every method that the server tells of by reflection, for every kind of key. Behind
 * the door is nothing, so that whoever is let in hears {@code UNIMPLEMENTED}.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GrpcAccessServerTest {
    private static final Map<String, Scope> SCOPES = Map.of(
            "apprentice.v1.Agent", Scope.ASK,
            "apprentice.v1.Feedback", Scope.TEACH,
            "apprentice.v1.Lessons", Scope.TEACH,
            "apprentice.v1.Instances", Scope.ADMIN,
            "apprentice.v1.Checkpoints", Scope.ADMIN,
            "apprentice.v1.Events", Scope.ADMIN);

    /** Of requests that name an instance. */
    private static final Set<String> INSTANCE_FIELDS = Set.of("instance", "id");

    private Keys keys;
    private OpenPort open;
    private ManagedChannel channel;
    private List<MethodDescriptor> methods;

    @BeforeAll
    void open(@TempDir Path data) {
        keys = Keys.open(data, Seams.real());
        open = new OpenPort(
                Map.of(),
                Guard.of(keys, new Journal(data, Seams.real()), Seams.real()),
                List.of(
                        new AgentGrpc.AgentImplBase() {},
                        new FeedbackGrpc.FeedbackImplBase() {},
                        new LessonsGrpc.LessonsImplBase() {},
                        new InstancesGrpc.InstancesImplBase() {},
                        new CheckpointsGrpc.CheckpointsImplBase() {},
                        new EventsGrpc.EventsImplBase() {}));
        channel = ManagedChannelBuilder.forAddress("localhost", open.listener.port())
                .usePlaintext()
                .build();
        methods = new Reflected(channel, "v1").methods();
        key("first", null, Scope.ASK); // from now on keys are asked for
    }

    @AfterAll
    void close() {
        channel.shutdownNow();
        open.close();
    }

    @Test
    void onlyHealthIsOpen() {
        assertThat(methods).hasSizeGreaterThan(25);
        assertThat(methods)
                .filteredOn(method -> call(method, null, "") != Code.UNAUTHENTICATED)
                .extracting(Reflected::path)
                .containsExactlyInAnyOrder("grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch");
    }

    @Test
    void everyMethodOpensForTheKeysItIsMeantForAndNoOther() {
        var revoked = key("former", null, Scope.ASK, Scope.TEACH, Scope.ADMIN);
        keys.revoke(revoked.substring(0, 15));
        var ofScopes = Map.of(
                Scope.ASK, key("asker", null, Scope.ASK),
                Scope.TEACH, key("teacher", null, Scope.TEACH),
                Scope.ADMIN, key("admin", null, Scope.ADMIN));
        var wrong = new ArrayList<String>();
        for (var method : methods) {
            var needed = SCOPES.get(method.getService().getFullName());
            if (needed == null) {
                continue;
            }
            for (var bad : new String[] {null, "nonsense", "ak_nonsense", revoked}) {
                note(wrong, method, bad, Code.UNAUTHENTICATED);
            }
            ofScopes.forEach((scope, key) ->
                    note(wrong, method, key, scope == needed ? Code.UNIMPLEMENTED : Code.PERMISSION_DENIED));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void forAnAdministratorOfOneInstanceNoOtherExists() {
        var bound = key("bound", Set.of("mine"), Scope.ADMIN);
        var wrong = new ArrayList<String>();
        for (var method : methods) {
            var isAdmin = SCOPES.get(method.getService().getFullName()) == Scope.ADMIN;
            var names = method.getInputType().getFields().stream()
                    .anyMatch(field -> INSTANCE_FIELDS.contains(field.getName()));
            if (isAdmin && names) {
                for (var instance : List.of("mine", "other")) {
                    var expected = instance.equals("mine") ? Code.UNIMPLEMENTED : Code.NOT_FOUND;
                    var got = call(method, bound, instance);
                    if (got != expected) {
                        wrong.add(Reflected.path(method) + " on " + instance + " gave " + got);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void note(List<String> wrong, MethodDescriptor method, @Nullable String key, Code expected) {
        var got = call(method, key, "mine");
        if (got != expected) {
            wrong.add(Reflected.path(method) + " gave " + got + " instead of " + expected);
        }
    }

    private String key(String name, @Nullable Set<String> instances, Scope... scopes) {
        return keys.create(new KeyDraft(name, Set.of(scopes), instances, null, Limits.NONE))
                .secret();
    }

    /** How a call ends, or that an answer came. */
    private Code call(MethodDescriptor method, @Nullable String key, String instance) {
        var over = new CompletableFuture<Code>();
        var out = new StreamObserver<DynamicMessage>() {
            @Override
            public void onNext(DynamicMessage message) {
                over.complete(Code.OK);
            }

            @Override
            public void onError(Throwable error) {
                over.complete(Status.fromThrowable(error).getCode());
            }

            @Override
            public void onCompleted() {
                over.complete(Code.OK);
            }
        };
        var call = keyed(key)
                .newCall(Reflected.callable(method), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        var request = request(method, instance);
        if (method.isClientStreaming()) {
            var in = ClientCalls.asyncClientStreamingCall(call, out);
            in.onNext(request);
            in.onCompleted();
        } else {
            ClientCalls.asyncServerStreamingCall(call, request, out);
        }
        var code = over.orTimeout(20, TimeUnit.SECONDS).join();
        call.cancel("heard enough", null); // a watch would go on
        return code;
    }

    private Channel keyed(@Nullable String key) {
        if (key == null) {
            return channel;
        }
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        return io.grpc.ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static DynamicMessage request(MethodDescriptor method, String instance) {
        var request = DynamicMessage.newBuilder(method.getInputType());
        for (var field : method.getInputType().getFields()) {
            if (INSTANCE_FIELDS.contains(field.getName()) && !instance.isEmpty()) {
                request.setField(field, instance);
            }
        }
        return request.build();
    }
}
