package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interaction;
import dev.apprentice.learner.interaction.Interactions;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of feedback speaks of.
 *
 * @param instance which one learns
 * @param interaction the answer's id, null for an example
 * @param choice which of its answers
 * @param messages the request
 * @param said what was answered, null where nothing was or not yet
 * @param checkpoint which version answered
 * @param guided whose words the answer is
 */
record Source(
        String instance,
        @Nullable String interaction,
        int choice,
        List<ChatMessage> messages,
        @Nullable String said,
        int checkpoint,
        Guided guided) {

    static Source of(Handle db, Feedback feedback, Interactions interactions) {
        return switch (feedback) {
            case Feedback.Example example ->
                new Source(example.instance(), null, 0, example.messages(), null, 0, Guided.FREE);
            case Feedback.Correction correction ->
                of(
                        correction,
                        interactions
                                .find(db, correction.interaction(), correction.choice())
                                .orElseThrow(() -> unknown(correction.interaction())));
        };
    }

    private static Source of(Feedback.Correction correction, Interaction interaction) {
        var instance = interaction.instance();
        if (instance == null) {
            throw new UnprocessableException(
                    "base_does_not_learn",
                    "the base answered " + interaction.id()
                            + " and the base does not learn: ask an instance, by setting"
                            + " the request's model to its id, and correct that answer",
                    Fault.of("model", "an instance's id", "base"));
        }
        if (!interaction.learn()) {
            throw new UnprocessableException(
                    "learning_declined",
                    "the request of " + interaction.id() + " said apprentice.learn false",
                    Fault.of("apprentice.learn", "true, or absent, in the request", "false"));
        }
        if (correction.choice() < 0 || correction.choice() >= interaction.choices()) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "choice must be 0 to " + (interaction.choices() - 1) + ", found " + correction.choice(),
                    Fault.of("choice", "0 to " + (interaction.choices() - 1), Integer.toString(correction.choice())));
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
                correction.choice(),
                messages,
                interaction.said(),
                interaction.checkpoint(),
                interaction.guided());
    }

    private static NotFoundException unknown(String interaction) {
        return new NotFoundException(
                "interaction_not_found",
                "there is no interaction '" + interaction + "'",
                Fault.of("interaction", "the id of an answer", interaction));
    }
}
