package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interaction;
import dev.apprentice.learner.interaction.Interactions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of feedback speaks of.
 *
 * @param instance which one learns
 * @param interaction the answer's id, null for an example and for a whole episode
 * @param choice which of its answers
 * @param messages the request
 * @param tools what might be called, as OpenAI's JSON
 * @param said what was answered, null where nothing was or not yet
 * @param checkpoint which version answered
 * @param guided whose words the answer is
 */
record Source(
        String instance,
        @Nullable String interaction,
        int choice,
        List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        @Nullable String said,
        int checkpoint,
        Guided guided) {
    /** What answers where no instance does, as keys name it. */
    private static final String BASE = "base";

    /** Where feedback is resolved: {@code sees} says which instances exist for the teacher. */
    record Sight(Handle db, Interactions interactions, Predicate<String> sees) {}

    static Source of(Sight sight, Feedback feedback) {
        return switch (feedback) {
            case Feedback.Example example -> of(example, sight.sees());
            case Feedback.Correction it -> asked(sight, "interaction", it.interaction(), it.choice());
            case Feedback.Rating it -> asked(sight, "interaction", it.interaction(), it.choice());
            case Feedback.Reward it -> asked(sight, "interaction", it.interaction(), it.choice());
            case Feedback.Critique it -> asked(sight, "interaction", it.interaction(), it.choice());
            case Feedback.Implicit it -> asked(sight, "interaction", it.interaction(), it.choice());
            case Feedback.EpisodeReward it -> episode(sight, it);
            case Feedback.Preference it -> request(sight, it);
        };
    }

    /** An example brings its request along. */
    static Source of(Feedback.Example example, Predicate<String> sees) {
        if (!sees.test(example.instance())) {
            throw new NotFoundException(
                    "instance_not_found",
                    "there is no instance '" + example.instance() + "'",
                    Fault.of("instance", "an existing instance's id", example.instance()));
        }
        return new Source(example.instance(), null, 0, example.messages(), example.tools(), null, 0, Guided.FREE);
    }

    /** The answer number {@code choice} of request {@code id}, which {@code field} named. */
    static Source asked(Sight sight, String field, String id, int choice) {
        var interaction = sight.interactions().find(sight.db(), id, choice).orElseThrow(() -> unknown(field, id));
        var instance = interaction.instance();
        if (!sight.sees().test(instance == null ? BASE : instance)) {
            throw unknown(field, id);
        }
        if (instance == null) {
            throw new UnprocessableException(
                    "base_does_not_learn",
                    "the base answered " + interaction.id()
                            + " and the base does not learn: ask an instance, by setting"
                            + " the request's model to its id, and correct that answer",
                    Fault.of("model", "an instance's id", "base"));
        }
        return of(instance, interaction, choice);
    }

    /** The lesson that {@code feedback} on this makes. */
    Lesson lesson(String id, Feedback feedback, Instance learner, String answer, Instant now, Map<String, Object> own) {
        return new Lesson(
                id,
                instance,
                LessonKind.of(feedback),
                interaction,
                choice,
                messages,
                answer,
                said,
                feedback.by(),
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                learner.policy().trustIn(feedback.by()),
                now,
                own);
    }

    private static Source of(String instance, Interaction interaction, int choice) {
        if (!interaction.learn()) {
            throw new UnprocessableException(
                    "learning_declined",
                    "the request of " + interaction.id() + " said apprentice.learn false",
                    Fault.of("apprentice.learn", "true, or absent, in the request", "false"));
        }
        if (choice < 0 || choice >= interaction.choices()) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "choice must be 0 to " + (interaction.choices() - 1) + ", found " + choice,
                    Fault.of("choice", "0 to " + (interaction.choices() - 1), Integer.toString(choice)));
        }
        var messages = interaction.messages();
        if (messages == null) {
            throw new ConflictException(
                    "messages_gone",
                    "the texts of " + interaction.id() + " are gone, as the instance's policy stores no messages",
                    Fault.of("interaction", "one of the last hour", interaction.id()));
        }
        return new Source(
                instance,
                interaction.id(),
                choice,
                messages,
                interaction.tools(),
                interaction.said(),
                interaction.checkpoint(),
                interaction.guided());
    }

    private static Source episode(Sight sight, Feedback.EpisodeReward reward) {
        var wanted = reward.instance();
        var instances = sight.interactions().inEpisode(sight.db(), reward.episode()).stream()
                .filter(sight.sees())
                .filter(instance -> wanted == null || wanted.equals(instance))
                .toList();
        if (instances.isEmpty()) {
            throw new NotFoundException(
                    "episode_not_found",
                    "there is no answer in an episode '" + reward.episode() + "' that may be learnt from",
                    Fault.of("episode", "the episode of an answer", reward.episode()));
        }
        if (instances.size() > 1) {
            throw new UnprocessableException(
                    "ambiguous_episode",
                    "several instances have answered in episode '" + reward.episode() + "': say which one is meant",
                    Fault.of("instance", "one of " + String.join(", ", instances), "nothing"));
        }
        return new Source(instances.getFirst(), null, 0, List.of(), List.of(), null, 0, Guided.FREE);
    }

    private static Source request(Sight sight, Feedback.Preference preference) {
        if (preference.interaction() != null) {
            return asked(sight, "interaction", preference.interaction(), 0);
        }
        if (preference.chosen() instanceof Feedback.Given given) {
            return asked(sight, "chosen", given.interaction(), given.choice());
        }
        if (preference.rejected() instanceof Feedback.Given given) {
            return asked(sight, "rejected", given.interaction(), given.choice());
        }
        throw new InvalidRequestException(
                "missing_field",
                "interaction is missing: it must say which request the two answers are for",
                Fault.of("interaction", "the id of an answer", "nothing"));
    }

    private static NotFoundException unknown(String field, String interaction) {
        return new NotFoundException(
                "interaction_not_found",
                "there is no interaction '" + interaction + "'",
                Fault.of(field, "the id of an answer", interaction));
    }
}
