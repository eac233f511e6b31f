package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.learner.interaction.AnswerState;
import dev.apprentice.learner.interaction.Said;
import dev.apprentice.learner.value.Judged;
import dev.apprentice.learner.value.Seen;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer that the engine makes and the recorder writes down. Read by one thread. */
final class RunningAnswer implements Answer {
    private final Opening opening;
    private final int choice;
    private final Generation generation;
    private final Recorder recorder;
    private final Clock clock;
    private final StringBuilder text = new StringBuilder();
    private final List<SampledToken> tokens = new ArrayList<>();
    private Consumer<Stage> recorded = _ -> {};
    private final Judge judge;
    private Judged judged = Judged.UNKNOWN;
    private boolean ended;

    /**
     * What all answers of one interaction have in common.
     *
     * @param id the interaction's
     * @param created when it began
     * @param model as it was asked for
     * @param promptTokens how many tokens its prompt has
     * @param provenance where it comes from
     * @param stages what it went through before the engine had it
     * @param then hears of the first choice when it is whole
     */
    record Opening(
            String id,
            Instant created,
            String model,
            int promptTokens,
            Provenance provenance,
            List<Stage> stages,
            Consumer<Said> then) {}

    /** Says how good a whole answer probably is. */
    interface Judge {
        /** Nobody does: of the bare base no one says whether it was right. */
        Judge NOBODY = (_, _, _) -> null;

        /** What was seen of answer number {@code choice} of interaction {@code id}, and what that means; or null. */
        @Nullable
        Seen judge(String id, int choice, Completion whole);
    }

    RunningAnswer(Opening opening, int choice, Generation generation, Judge judge, Recorder recorder, Clock clock) {
        this.judge = judge;
        this.opening = opening;
        this.choice = choice;
        this.generation = generation;
        this.recorder = recorder;
        this.clock = clock;
    }

    @Override
    public String id() {
        return opening.id();
    }

    @Override
    public int choice() {
        return choice;
    }

    @Override
    public Instant created() {
        return opening.created();
    }

    @Override
    public String model() {
        return opening.model();
    }

    @Override
    public int promptTokens() {
        return opening.promptTokens();
    }

    @Override
    public Provenance provenance() {
        return opening.provenance().judged(judged);
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        var event = generation.next();
        switch (event) {
            case GenerationEvent.Scored _ -> {}
            case GenerationEvent.Delta delta -> {
                text.append(delta.text());
                tokens.addAll(delta.tokens());
            }
            case GenerationEvent.Finished finished -> {
                var whole = finished.completion();
                var state = switch (whole.finish()) {
                    case STOP, LENGTH -> AnswerState.FINISHED;
                    case CANCELLED -> AnswerState.CANCELLED;
                };
                var seen = state == AnswerState.FINISHED ? judge.judge(id(), choice, whole) : null;
                judged = seen == null ? Judged.UNKNOWN : seen.judged();
                var finish = whole.finish().name().toLowerCase(Locale.ROOT);
                end(
                        new Said(id(), choice, state, whole.text(), whole.tokens(), finish, whole.cachedTokens(), null),
                        seen);
            }
            case GenerationEvent.Failed failed -> end(failed(failed.error()), null);
        }
        return event;
    }

    @Override
    public List<Stage> stages() {
        var stages = new ArrayList<>(choice == 0 ? opening.stages() : List.<Stage>of());
        var times = generation.timings();
        var now = times.ended() == null ? clock.instant() : times.ended();
        stages.add(new Stage(Stage.Kind.QUEUE, times.submitted(), or(times.placed(), now)));
        if (times.placed() != null) {
            stages.add(new Stage(Stage.Kind.PREFILL, times.placed(), or(times.first(), now)));
        }
        if (times.first() != null) {
            stages.add(new Stage(Stage.Kind.DECODE, times.first(), now));
        }
        return stages;
    }

    private static Instant or(@Nullable Instant time, Instant otherwise) {
        return time == null ? otherwise : time;
    }

    @Override
    public void whenRecorded(Consumer<Stage> listener) {
        recorded = listener;
    }

    @Override
    public boolean idle() {
        return generation.idle();
    }

    @Override
    public void close() {
        generation.close();
        if (!ended) {
            end(new Said(id(), choice, AnswerState.CANCELLED, text.toString(), tokens, "cancelled", 0, null), null);
        }
    }

    private Said failed(ApprenticeException error) {
        return new Said(id(), choice, AnswerState.FAILED, text.toString(), tokens, null, 0, error.code());
    }

    private void end(Said said, @Nullable Seen seen) {
        ended = true;
        recorder.said(said, seen, recorded);
        if (choice == 0 && said.state() == AnswerState.FINISHED) {
            opening.then().accept(said);
        }
    }
}
