package dev.apprentice.engine.batch;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One answer to generate.
 *
 * @param prompt token ids, at least one
 * @param adapter whose weights answer; null is the bare base
 * @param sampling how tokens are chosen
 * @param guide what else has a say
 * @param constraint what form the answer must have
 * @param priority who is waiting
 * @param continues whether the answer goes on from a text at the prompt's end, so that a space at its start is its own
 * @param scored whether the prompt's own tokens are scored too, as if they had been answered
 * @param tenant within whom beginnings of prompts are shared, so that they are read once; null shares nothing
 * @param deadlineOrNull when the answer is of no use any more, or null
 * @param watched after which layers the answer's hidden states are kept, ascending, from 1 to the last (which is seen
 *     after the final norm)
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record GenerationRequest(
        int[] prompt,
        @Nullable AdapterRef adapter,
        SamplingParams sampling,
        AnswerGuide guide,
        Constraint constraint,
        Priority priority,
        boolean continues,
        boolean scored,
        @Nullable String tenant,
        @Nullable Instant deadlineOrNull,
        List<Integer> watched) {
    public GenerationRequest {
        watched = List.copyOf(watched);
    }

    /** Who is waiting for an answer. */
    public enum Priority {
        /** A person or an application. */
        INTERACTIVE,
        /** An exam or another job of ours: gives way to the others. */
        BACKGROUND
    }

    /** An answer from the bare base, waited for by someone. */
    public static GenerationRequest of(int[] prompt, SamplingParams sampling) {
        return new Draft(prompt, sampling).done();
    }

    /** The same by {@code adapter}, null being the bare base. */
    public GenerationRequest by(@Nullable AdapterRef adapter) {
        return with(draft -> draft.adapter = adapter);
    }

    /** The same under {@code guide}. */
    public GenerationRequest guided(AnswerGuide guide) {
        return with(draft -> draft.guide = guide);
    }

    /** The same in the form of {@code constraint}. */
    public GenerationRequest formed(Constraint constraint) {
        return with(draft -> draft.constraint = constraint);
    }

    /** The same, giving way to people. */
    public GenerationRequest inBackground() {
        return with(draft -> draft.priority = Priority.BACKGROUND);
    }

    /** The same, going on from the text at the prompt's end or not. */
    public GenerationRequest continuing(boolean continues) {
        return with(draft -> draft.continues = continues);
    }

    /** The same, with scores of the prompt's own tokens or without. */
    public GenerationRequest scored(boolean scored) {
        return with(draft -> draft.scored = scored);
    }

    /** The same, sharing the beginnings of prompts with other requests of {@code tenant} by the same adapter. */
    public GenerationRequest sharedWithin(String tenant) {
        return with(draft -> draft.tenant = tenant);
    }

    /** The same, of no use after {@code deadline}. */
    public GenerationRequest until(Instant deadline) {
        return with(draft -> draft.deadline = deadline);
    }

    /** The same, with a {@link Trace} of the answer's hidden states after {@code layers}. */
    public GenerationRequest watching(List<Integer> layers) {
        return with(draft -> draft.watched = layers);
    }

    private GenerationRequest with(Consumer<Draft> change) {
        var draft = new Draft(prompt, sampling);
        draft.adapter = adapter;
        draft.guide = guide;
        draft.constraint = constraint;
        draft.priority = priority;
        draft.continues = continues;
        draft.scored = scored;
        draft.tenant = tenant;
        draft.deadline = deadlineOrNull;
        draft.watched = watched;
        change.accept(draft);
        return draft.done();
    }

    /** A request of which something is still to be said; begins as one by the bare base that somebody waits for. */
    private static final class Draft {
        private final int[] prompt;
        private final SamplingParams sampling;
        private @Nullable AdapterRef adapter;
        private AnswerGuide guide = new AnswerGuide.Free();
        private Constraint constraint = new Constraint.None();
        private Priority priority = Priority.INTERACTIVE;
        private boolean continues;
        private boolean scored;
        private @Nullable String tenant;
        private @Nullable Instant deadline;
        private List<Integer> watched = List.of();

        Draft(int[] prompt, SamplingParams sampling) {
            this.prompt = prompt;
            this.sampling = sampling;
        }

        GenerationRequest done() {
            return new GenerationRequest(
                    prompt,
                    adapter,
                    sampling,
                    guide,
                    constraint,
                    priority,
                    continues,
                    scored,
                    tenant,
                    deadline,
                    watched);
        }
    }

    /** When the answer is of no use any more. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadlineOrNull);
    }
}
