package dev.apprentice.engine.batch;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import java.time.Instant;
import java.util.Optional;
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
 * @param deadlineOrNull when the answer is of no use any more, or null
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
        @Nullable Instant deadlineOrNull) {

    /** Who is waiting for an answer. */
    public enum Priority {
        /** A person or an application. */
        INTERACTIVE,
        /** An exam or another job of ours: gives way to the others. */
        BACKGROUND
    }

    /** An answer from the bare base, waited for by someone. */
    public static GenerationRequest of(int[] prompt, SamplingParams sampling) {
        return new GenerationRequest(
                prompt,
                null,
                sampling,
                new AnswerGuide.Free(),
                new Constraint.None(),
                Priority.INTERACTIVE,
                false,
                null);
    }

    /** The same by {@code adapter}, null being the bare base. */
    public GenerationRequest by(@Nullable AdapterRef adapter) {
        return new GenerationRequest(prompt, adapter, sampling, guide, constraint, priority, continues, deadlineOrNull);
    }

    /** The same under {@code guide}. */
    public GenerationRequest guided(AnswerGuide guide) {
        return new GenerationRequest(prompt, adapter, sampling, guide, constraint, priority, continues, deadlineOrNull);
    }

    /** The same in the form of {@code constraint}. */
    public GenerationRequest formed(Constraint constraint) {
        return new GenerationRequest(prompt, adapter, sampling, guide, constraint, priority, continues, deadlineOrNull);
    }

    /** The same, giving way to people. */
    public GenerationRequest inBackground() {
        return new GenerationRequest(
                prompt, adapter, sampling, guide, constraint, Priority.BACKGROUND, continues, deadlineOrNull);
    }

    /** The same, going on from the text at the prompt's end or not. */
    public GenerationRequest continuing(boolean continues) {
        return new GenerationRequest(prompt, adapter, sampling, guide, constraint, priority, continues, deadlineOrNull);
    }

    /** The same, of no use after {@code deadline}. */
    public GenerationRequest until(Instant deadline) {
        return new GenerationRequest(prompt, adapter, sampling, guide, constraint, priority, continues, deadline);
    }

    /** When the answer is of no use any more. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadlineOrNull);
    }
}
