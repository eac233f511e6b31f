package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.interaction.Spoken;
import java.util.List;
import java.util.Map;

/** A lesson that says how good answers were, with these answers: what a study can learn of it. */
public sealed interface Judged {
    /** The lesson. */
    Lesson lesson();

    /**
     * Good or bad.
     *
     * @param answer what is judged
     * @param good whether it was good
     */
    record Liked(Lesson lesson, Spoken answer, boolean good) implements Judged {}

    /**
     * How good.
     *
     * @param answers what is judged: one answer, or all of an episode
     * @param reward 0 to 1
     * @param credits of the turns of an episode by the ids of their interactions: by how much what a turn did, and what
     *     followed from it, was better than expected; empty where nothing can tell them apart
     */
    record Rewarded(Lesson lesson, List<Spoken> answers, double reward, Map<String, Double> credits) implements Judged {
        public Rewarded {
            answers = List.copyOf(answers);
            credits = Map.copyOf(credits);
        }

        /** One whose answers all have the same credit. */
        public Rewarded(Lesson lesson, List<Spoken> answers, double reward) {
            this(lesson, answers, reward, Map.of());
        }

        /** The same with the credit of each turn. */
        public Rewarded with(Map<String, Double> credits) {
            return new Rewarded(lesson, answers, reward, credits);
        }
    }

    /**
     * Better than another.
     *
     * @param messages the request that both answer
     * @param tools what it offers, as OpenAI's JSON
     * @param chosen the better one
     * @param rejected the worse one
     */
    record Preferred(
            Lesson lesson, List<ChatMessage> messages, List<Map<String, Object>> tools, String chosen, String rejected)
            implements Judged {
        public Preferred {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }
    }
}
