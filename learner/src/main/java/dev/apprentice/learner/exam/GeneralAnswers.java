package dev.apprentice.learner.exam;

import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TopLogprobs;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the bare base says to general prompts: asked once, kept for all studies and exams. Belongs to the learner
 * thread.
 */
public final class GeneralAnswers {
    private final Base base;
    private final int tokens;
    private final int best;
    private final Map<Asked, Row> known = new HashMap<>();

    /**
     * Answers of {@code base}.
     *
     * @param tokens how many of each
     * @param best how many of the likeliest tokens are kept at each place
     */
    public GeneralAnswers(Base base, int tokens, int best) {
        this.base = base;
        this.tokens = tokens;
        this.best = best;
    }

    private record Asked(@Nullable String system, String probe) {}

    /**
     * A general prompt with the base's own answer, as far as it was let speak.
     *
     * @param tokens both
     * @param answerStart where the answer begins
     * @param base what the base says at its tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    public record Row(int[] tokens, int answerStart, TopLogprobs base) {
        /** As a row to measure the distance from the base on. */
        public TrainingRow measured() {
            return new TrainingRow(tokens, answerStart, new Loss.StayNear(base, 1));
        }
    }

    /**
     * The rows of {@code probes}, asked under {@code system}; those that the base answers with nothing are left out.
     */
    public List<Row> rows(@Nullable String system, List<String> probes) throws InterruptedException {
        var unknown = probes.stream()
                .map(probe -> new Asked(system, probe))
                .filter(asked -> !known.containsKey(asked))
                .toList();
        var prompts = unknown.stream()
                .map(asked -> base.prompt(Conversation.under(system, Probes.asked(asked.probe()))))
                .toList();
        var answers = Questions.ask(
                base,
                prompts.stream()
                        .map(prompt -> GenerationRequest.of(prompt, SamplingParams.greedy(tokens)))
                        .toList());
        for (int i = 0; i < unknown.size(); i++) {
            var answer =
                    answers.get(i).tokens().stream().mapToInt(SampledToken::id).toArray();
            var prompt = prompts.get(i);
            if (answer.length > 0) {
                var all = new int[prompt.length + answer.length];
                System.arraycopy(prompt, 0, all, 0, prompt.length);
                System.arraycopy(answer, 0, all, prompt.length, answer.length);
                known.put(
                        unknown.get(i),
                        new Row(all, prompt.length, base.training().baseTop(all, prompt.length, best)));
            }
        }
        var rows = new ArrayList<Row>();
        for (var probe : probes) {
            var row = known.get(new Asked(system, probe));
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }
}
