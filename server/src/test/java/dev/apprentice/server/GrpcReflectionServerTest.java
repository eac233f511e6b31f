package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.apprentice.client.v1.Answer;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that know nothing of the contract but what the server tells, as grpcurl does over either protocol. */
@Timeout(120)
@ExtendWith(SharedServer.class)
final class GrpcReflectionServerTest {
    private final ManagedChannel channel;

    GrpcReflectionServerTest(Apprentice apprentice) {
        this.channel = ManagedChannelBuilder.forAddress("localhost", apprentice.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void hangUp() {
        channel.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha"})
    void everyServiceAndEveryUnaryMethodIsFoundAndCalled(String version) {
        var reflected = new Reflected(channel, version);
        assertThat(reflected.services())
                .contains(
                        "apprentice.v1.Agent",
                        "apprentice.v1.Feedback",
                        "apprentice.v1.Lessons",
                        "apprentice.v1.Instances",
                        "apprentice.v1.Checkpoints",
                        "apprentice.v1.Events",
                        "grpc.health.v1.Health");
        var answers = new TreeMap<String, Code>();
        for (var method : reflected.methods()) {
            if (!method.isClientStreaming() && !method.isServerStreaming()) {
                var empty = DynamicMessage.getDefaultInstance(method.getInputType());
                answers.put(Reflected.path(method), code(() -> call(method, empty)));
            }
        }
        assertThat(answers).hasSizeGreaterThan(20).containsEntry("grpc.health.v1.Health/Check", Code.OK);
        assertThat(answers.values())
                .isSubsetOf(Code.OK, Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.FAILED_PRECONDITION);
    }

    @Test
    void aQuestionPutTogetherFieldByFieldIsAnswered() throws InvalidProtocolBufferException {
        var method = new Reflected(channel, "v1")
                .methods().stream()
                        .filter(each -> Reflected.path(each).equals("apprentice.v1.Agent/Ask"))
                        .findFirst()
                        .orElseThrow();
        var type = method.getInputType();
        FieldDescriptor messages = type.findFieldByName("messages");
        var message = messages.getMessageType();
        var request = DynamicMessage.newBuilder(type)
                .setField(type.findFieldByName("model"), "base")
                .setField(type.findFieldByName("max_tokens"), 2)
                .addRepeatedField(
                        messages,
                        DynamicMessage.newBuilder(message)
                                .setField(message.findFieldByName("role"), "user")
                                .setField(message.findFieldByName("content"), "Say hello.")
                                .build())
                .build();
        var answer = Answer.parseFrom(call(method, request).toByteArray());
        assertThat(answer.getUsage().getCompletionTokens()).isEqualTo(2);
    }

    private DynamicMessage call(com.google.protobuf.Descriptors.MethodDescriptor method, DynamicMessage request) {
        return ClientCalls.blockingUnaryCall(
                channel,
                Reflected.callable(method),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    private static Code code(Runnable call) {
        try {
            call.run();
            return Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }
}
