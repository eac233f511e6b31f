package dev.apprentice.server.examples;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.asking.AskRequest;

/** An application that asks, is told by a person what would have been right, and asks again. */
public final class AskAndCorrect {
    private AskAndCorrect() {}

    /** Asks the agent {@code instance} of the server at {@code url}, corrects it, and gives back what it says then. */
    public static String run(String url, String instance) {
        try (var client = ApprenticeClient.http(url).build()) {
            var question = AskRequest.builder(instance)
                    .user("Which desk handles returned lamps?")
                    .maxTokens(16)
                    .build();
            var answer = client.ask(question);
            if (!answer.text().equals("Desk Heron")) {
                client.correct(answer.id(), "Desk Heron");
            }
            return client.ask(question).text();
        }
    }
}
