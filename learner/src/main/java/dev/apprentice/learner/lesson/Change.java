package dev.apprentice.learner.lesson;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a lesson came about that nobody said in these words: a fact has changed, and this is another wording of its
 * question.
 *
 * @param with id of the lesson that changed the fact
 * @param from id of the lesson that gave the old answer to this request
 */
record Change(String with, String from) {
    static final String WITH = "changed_with";
    static final String FROM = "changed_from";

    static Optional<Change> of(Lesson lesson) {
        return lesson.own().get(WITH) instanceof String with && lesson.own().get(FROM) instanceof String from
                ? Optional.of(new Change(with, from))
                : Optional.empty();
    }

    /** What a lesson keeps of it, beside what is kept of the tools of its request. */
    Map<String, Object> beside(Map<String, Object> own) {
        var all = new LinkedHashMap<>(own);
        all.put(WITH, with);
        all.put(FROM, from);
        return all;
    }
}
