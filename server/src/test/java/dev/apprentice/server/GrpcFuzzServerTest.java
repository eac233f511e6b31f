package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.engine.Seams;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bad messages, many times over every method of the contract: a clear refusal and nothing else. No fault of the server,
 * no hang, no inside shown, nothing left running.
 */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class GrpcFuzzServerTest {
    /** Over some twenty-five methods. */
    private static final int EACH = 64;

    private static final Set<Code> REFUSALS = Set.of(
            Code.OK,
            Code.INVALID_ARGUMENT,
            Code.NOT_FOUND,
            Code.FAILED_PRECONDITION,
            Code.RESOURCE_EXHAUSTED,
            Code.UNIMPLEMENTED);

    /** Which answer without end, or could do harm to what other tests share. */
    private static final Set<String> LEFT_OUT = Set.of("apprentice.v1.Events/Watch");

    private final Map<Code, Integer> codes = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    @Test
    void badMessagesAreRefusedAndLeaveNothing(Apprentice apprentice, Calls calls) {
        calls.create(ProtoMutation.INSTANCE);
        var channel = ManagedChannelBuilder.forAddress("localhost", apprentice.port())
                .usePlaintext()
                .build();
        try {
            var threads = Thread.activeCount();
            var mutation = new ProtoMutation(Seams.random(20_261_125));
            var random = Seams.random(7);
            for (var method : new Reflected(channel, "v1").methods()) {
                if (!method.getFullName().startsWith("apprentice.") || LEFT_OUT.contains(Reflected.path(method))) {
                    continue;
                }
                for (var i = 0; i < EACH; i++) {
                    var messages = new ArrayList<byte[]>();
                    for (int n = method.isClientStreaming() || random.nextInt(20) == 0 ? random.nextInt(4) : 1;
                            n > 0;
                            n--) {
                        messages.add(mutation.of(method.getInputType()));
                    }
                    send(channel, method, messages);
                }
            }
            assertThat(faults).isEmpty();
            assertThat(codes.values().stream().mapToInt(Integer::intValue).sum())
                    .as("%s", codes)
                    .isGreaterThan(1_500);
            assertThat(codes.getOrDefault(Code.INVALID_ARGUMENT, 0))
                    .as("%s", codes)
                    .isGreaterThan(500);
            while (apprentice.engine().stats().running()
                            + apprentice.engine().stats().waiting()
                    > 0) {
                assertThat(Thread.currentThread().isInterrupted())
                        .as("the time limit is over")
                        .isFalse();
                Thread.onSpinWait();
            }
            assertThat(Thread.activeCount()).isLessThan(threads + 20);
            assertThat(AgentGrpc.newBlockingStub(channel)
                            .ask(AskRequest.newBuilder()
                                    .setModel("base")
                                    .setMaxTokens(2)
                                    .addMessages(
                                            Message.newBuilder().setRole("user").setContent("Say hello."))
                                    .build())
                            .getUsage()
                            .getCompletionTokens())
                    .isEqualTo(2);
        } finally {
            channel.shutdownNow();
            ProtoMutation.names().stream()
                    .filter(name -> name.matches("[a-z][a-z-]*") && !name.equals("base"))
                    .forEach(name -> calls.delete("/v1/instances/" + name));
        }
    }

    private void send(ManagedChannel channel, MethodDescriptor method, List<byte[]> messages) {
        var ended = RawGrpc.call(channel, Reflected.path(method), messages);
        var code = ended.status().getCode();
        codes.merge(code, 1, Integer::sum);
        var isLeft = code == Code.CANCELLED && ended.answers() == 3;
        if (!REFUSALS.contains(code) && !isLeft) {
            faults.add(Reflected.path(method) + " ended with " + ended.status());
        }
        var said = String.valueOf(ended.status().getDescription());
        if (said.contains("Exception") || said.contains("\tat ") || said.contains("dev.apprentice")) {
            faults.add(Reflected.path(method) + " shows its inside: " + said);
        }
        if (code != Code.OK && said.isEmpty()) {
            faults.add(Reflected.path(method) + " says nothing about " + code);
        }
    }
}
