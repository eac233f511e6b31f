package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.server.security.Guard;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** grpc-java's own channel over TLS, on the port that HTTPS has: they agree on HTTP/2 by name (ALPN). */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GrpcTlsServerTest {
    private TestCertificate server;
    private TestCertificate client;
    private TestCertificate stranger;

    @BeforeAll
    void make(@TempDir Path folder) throws Exception {
        server = TestCertificate.make(folder, "server");
        client = TestCertificate.make(folder, "client");
        stranger = TestCertificate.make(folder, "stranger");
    }

    @Test
    void callsAndStreamsComeOverTls() throws IOException {
        try (var open = open(Map.of())) {
            with(open, trusting(server).build(), stub -> {
                assertThat(stub.ask(ask(1)).getMessage().getContent()).isEqualTo("Hi.");
                var seen = new int[1];
                stub.chat(ask(300))
                        .forEachRemaining(
                                event -> assertThat(StubAgent.number(event)).isEqualTo(seen[0]++));
                assertThat(seen[0]).isEqualTo(300);
            });
        }
    }

    @Test
    void plainTextAndServersThatAreNotTrustedAreRefused() throws IOException {
        try (var open = open(Map.of())) {
            // what is said of bytes that are no HTTP/2 is grpc-java's own business
            with(
                    open,
                    InsecureChannelCredentials.create(),
                    stub -> assertThat(refused(stub)).isIn(Code.UNAVAILABLE, Code.INTERNAL, Code.UNKNOWN));
            with(
                    open,
                    trusting(stranger).build(),
                    stub -> assertThat(refused(stub)).isEqualTo(Code.UNAVAILABLE));
        }
    }

    @Test
    void withAClientCaOnlyItsClientsCall() throws IOException {
        try (var open = open(Map.of("listen.tls.client_ca", client.chain().toString()))) {
            with(
                    open,
                    trusting(server).build(),
                    stub -> assertThat(refused(stub)).isEqualTo(Code.UNAVAILABLE));
            with(open, shown(stranger), stub -> assertThat(refused(stub)).isEqualTo(Code.UNAVAILABLE));
            with(
                    open,
                    shown(client),
                    stub -> assertThat(stub.ask(ask(1)).getMessage().getContent())
                            .isEqualTo("Hi."));
        }
    }

    private OpenPort open(Map<String, String> flags) {
        var all = new HashMap<>(Map.of(
                "listen.tls.certificate", server.chain().toString(),
                "listen.tls.key", server.key().toString()));
        all.putAll(flags);
        return new OpenPort(all, Guard.withoutKeys(), List.of(new StubAgent()));
    }

    private ChannelCredentials shown(TestCertificate own) throws IOException {
        return trusting(server)
                .keyManager(own.chain().toFile(), own.key().toFile())
                .build();
    }

    private static TlsChannelCredentials.Builder trusting(TestCertificate certificate) throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(certificate.chain().toFile());
    }

    private static void with(
            OpenPort open, ChannelCredentials credentials, Consumer<AgentGrpc.AgentBlockingStub> calls) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("localhost", open.listener.port(), credentials)
                .build();
        try {
            calls.accept(AgentGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS));
        } finally {
            channel.shutdownNow();
        }
    }

    private static Code refused(AgentGrpc.AgentBlockingStub stub) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> stub.ask(ask(1)));
        assertThat(refused).isNotNull();
        return refused.getStatus().getCode();
    }

    private static AskRequest ask(int tokens) {
        return AskRequest.newBuilder()
                .setMaxTokens(tokens)
                .addMessages(Message.newBuilder().setContent("Hi."))
                .build();
    }
}
