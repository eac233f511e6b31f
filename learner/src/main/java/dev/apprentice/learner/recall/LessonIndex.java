package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One instance's lessons, ready to be compared with: an immutable snapshot. */
sealed interface LessonIndex permits WholeIndex, WideIndex {
    /** How many lessons it has. */
    int size();

    /** What comparisons have in common. */
    Ground ground();

    /** The lessons that a request is compared with, leaving out {@code without}, one of them. */
    Company around(Question question, @Nullable String without);

    /** What {@code company} votes for a request; only where {@link #small()}. */
    Vote vote(Company company, Question question);

    /** Whether the lessons answer from a small set, so that answers can be voted on. */
    boolean small();

    /** Lessons, each as the others see it: all who vote, or an even sample; only where {@link #small()}. */
    List<Judged> judged();

    /** The same of those among {@code ids} that are here. */
    List<Judged> judged(Collection<String> ids);

    /** Lessons whose own requests may be asked, oldest first: all, or the newest. */
    List<Entry> asked();

    /** Fits a gate: each lesson must get in by the others, general prompts should not. */
    Gate gate();

    /** Whether a lesson with one of these ids may still act by this snapshot. */
    boolean shows(Collection<String> ids);

    /**
     * What was voted.
     *
     * @param answers of each answer the newest lesson that gives it
     * @param scores of the answers
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    record Vote(List<Entry> answers, double[] scores) {
        public Vote {
            answers = List.copyOf(answers);
        }
    }

    /** A request as these lessons see it. */
    default Question question(Sight sight, List<ChatMessage> messages) {
        return new Question(
                ground().general().standards().of(sight.states(sight.prompt(messages))), Words.of(messages));
    }

    /** Features of a request that is none of the lessons. */
    default Features features(Question question) {
        return around(question, null).familiarity().of(question);
    }

    /** Features of general prompts that the ground is made of, each as if itself were not known. */
    List<Features> ofProbes(List<Question> probes);

    /** Features of lessons of this index, each as if itself were not known. */
    List<Features> ofLessons(List<Entry> own);

    /**
     * A gate from the general prompts alone, or fitted on {@code own}, lessons of this index, where they are enough.
     */
    default Gate gate(List<Entry> own, RecallSettings settings) {
        var closed = ofProbes(ground().general().practice());
        if (own.size() < settings.fitAtLessons()) {
            return GateFitting.early(closed).with(true);
        }
        return GateFitting.fit(ofLessons(own), closed, settings.gateOpenMin()).with(!guessed(own));
    }

    /** Whether a lesson's answer is mostly what the others vote for: then a request that nobody taught has one, too. */
    private boolean guessed(List<Entry> own) {
        var judged = small() ? judged(own.stream().map(Entry::id).toList()) : List.<Judged>of();
        return !judged.isEmpty() && 2 * judged.stream().filter(Judged::right).count() >= judged.size();
    }

    /** Judges {@code entries} one by one. */
    default Stream<Judged> judge(List<Entry> entries) {
        return entries.stream().map(entry -> {
            var vote = vote(around(entry.question(), entry.id()), entry.question());
            int own = vote.answers().stream().map(Entry::answer).toList().indexOf(entry.answer());
            return new Judged(entry, vote.scores(), own);
        });
    }
}
