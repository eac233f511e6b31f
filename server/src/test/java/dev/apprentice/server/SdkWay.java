package dev.apprentice.server;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.ClientBuilder;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.asking.AskRequest;
import java.util.Locale;

/** The ways in which our own client reaches a server. What a test says of one holds for the other. */
enum SdkWay {
    HTTP,
    GRPC;

    /** A client of what listens on {@code port}, not built yet. */
    ClientBuilder to(int port) {
        var url = "http://127.0.0.1:" + port;
        return switch (this) {
            case HTTP -> ApprenticeClient.http(url);
            case GRPC -> ApprenticeClient.grpc(url);
        };
    }

    /** A name that the same test has for itself on this way. */
    String named(String name) {
        return "sdk-" + name + "-" + name().toLowerCase(Locale.ROOT);
    }

    /** Creates an instance that no study disturbs. */
    String learner(ApprenticeClient client, String name) {
        var draft = InstanceDraft.builder(named(name)).policy("min_lessons_to_study", 100_000);
        return client.instances().create(draft.build()).id();
    }

    /** A question with one short answer, always the same. */
    static AskRequest ask(String model) {
        return AskRequest.builder(model)
                .user("Which desk handles refunds of the shop?")
                .temperature(0)
                .maxTokens(8)
                .build();
    }

    /** A question whose answer goes on longer than any test waits. */
    static AskRequest endless() {
        return ask("base").toBuilder().maxTokens(6000).ignoreEos(true).build();
    }
}
