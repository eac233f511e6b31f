package dev.apprentice.learner.recall;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import java.util.List;

/**
 * What the lessons have to say about a request.
 *
 * @param lessons ids of those that act on the answer
 * @param examples turns to put before the conversation and after its system message, the most similar last
 * @param guide what else has a say in the next token
 * @param familiar whether the request is of the kind that the instance knows: the familiarity gate
 * @param likeness how like the lessons the request is
 */
public record Recalled(
        List<String> lessons, List<ChatMessage> examples, AnswerGuide guide, boolean familiar, Likeness likeness) {
    public Recalled {
        lessons = List.copyOf(lessons);
        examples = List.copyOf(examples);
    }

    /** What acts on a request whose likeness nobody has measured. */
    public Recalled(List<String> lessons, List<ChatMessage> examples, AnswerGuide guide, boolean familiar) {
        this(lessons, examples, guide, familiar, Likeness.NONE);
    }

    /** Nothing acts. */
    static Recalled nothing(boolean familiar) {
        return new Recalled(List.of(), List.of(), new AnswerGuide.Free(), familiar);
    }

    /** The same without examples and without the lessons that they were made of. */
    public Recalled withoutExamples() {
        return new Recalled(List.of(), List.of(), guide, familiar, likeness);
    }

    Recalled like(Likeness likeness) {
        return new Recalled(lessons, examples, guide, familiar, likeness);
    }
}
