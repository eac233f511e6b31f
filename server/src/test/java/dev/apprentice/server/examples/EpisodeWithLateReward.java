package dev.apprentice.server.examples;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Receipt;

/** A task of two questions whose outcome is known only later, for instance when the customer did not call again. */
public final class EpisodeWithLateReward {
    private EpisodeWithLateReward() {}

    /** Does the task with the agent {@code instance}; the episode's id is what the application keeps. */
    public static String task(String url, String instance) {
        try (var client = ApprenticeClient.http(url).build();
                var episode = client.episode()) {
            episode.ask(question(instance, "A customer returns a lamp. What do we ask first?"));
            episode.ask(question(instance, "The customer has no receipt. What now?"));
            return episode.id(); // no reward was set, so closing says nothing
        }
    }

    private static AskRequest question(String instance, String text) {
        return AskRequest.builder(instance).user(text).maxTokens(16).build();
    }

    /** Says days later, and perhaps twice, how it went. */
    public static Receipt reward(String url, String episode, double reward) {
        try (var client = ApprenticeClient.http(url).build()) {
            return client.give(Feedback.episodeReward(episode, reward).build(), "outcome-of-" + episode);
        }
    }
}
