package dev.apprentice.learner.exam;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.Recall;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a candidate does to requests that its lessons are not about (docs/learning.md), as served: what the familiarity
 * gate keeps out is answered by the bare base, and so stays as it was by construction.
 */
final class Locality {
    private final Base base;
    private final Probes probes;
    private final Recall recall;
    private final GeneralAnswers general;
    private final ExamPlan plan;

    Locality(Base base, Probes probes, Recall recall, GeneralAnswers general, ExamPlan plan) {
        this.base = base;
        this.probes = probes;
        this.recall = recall;
        this.general = general;
        this.plan = plan;
    }

    /**
     * What was found.
     *
     * @param closed share of general prompts that the gate keeps out
     * @param unchanged share of them whose answer stays as it was
     * @param leaks how many answers say what only a lesson says
     * @param protectedChanged how many protected requests are answered otherwise
     * @param drift distance from the base, in nats per token, as served
     * @param rawDrift the same with the gate forced open
     * @param near what happened to near misses
     */
    record Found(
            double closed,
            double unchanged,
            long leaks,
            long protectedChanged,
            double drift,
            double rawDrift,
            Near near) {}

    /**
     * Requests like those of facts, about something that nobody taught.
     *
     * @param asked how many
     * @param changed to how many of them the answer is another, or says a lesson's
     */
    record Near(int asked, long changed) {}

    Found look(Candidate candidate) throws InterruptedException {
        var asked = probes.exam().stream().limit(Probes.SAMPLE).toList();
        var gate = candidate.fit().gate();
        var id = candidate.instance().id();
        var through = recall.letThrough(id, gate, asked);
        var guarded = recall.letThrough(id, gate, probes.protectedOnes());
        var general = answers(candidate, through);
        var changed = general.stream().filter(Pair::changed).count();
        var leaks = general.stream().filter(pair -> leaks(pair, candidate)).count();
        var protectedChanged =
                answers(candidate, guarded).stream().filter(Pair::changed).count();
        var sample = asked.stream().limit(plan.rawProbes()).toList();
        var nats = nats(candidate, sample);
        double raw = 0;
        double served = 0;
        for (int i = 0; i < nats.size(); i++) {
            raw += nats.get(i) / nats.size();
            served += through.contains(sample.get(i)) ? nats.get(i) / nats.size() : 0;
        }
        return new Found(
                1 - through.size() / (double) asked.size(),
                1 - changed / (double) asked.size(),
                leaks,
                protectedChanged,
                served,
                raw,
                near(candidate));
    }

    private Near near(Candidate candidate) throws InterruptedException {
        var gate = candidate.fit().gate();
        if (!gate.subjects()) {
            return new Near(0, 0);
        }
        var id = candidate.instance().id();
        var asked = recall.nearMisses(id, Probes.SAMPLE);
        var pairs = pairs(candidate, recall.requestsThrough(id, gate, asked));
        return new Near(
                asked.size(),
                pairs.stream()
                        .filter(pair -> pair.changed() || leaks(pair, candidate))
                        .count());
    }

    /** What the base and the candidate say to the same prompt. */
    private record Pair(Completion base, Completion candidate) {
        boolean changed() {
            return !base.text().equals(candidate.text());
        }
    }

    private List<Pair> answers(Candidate candidate, List<String> asked) throws InterruptedException {
        return pairs(candidate, asked.stream().map(Probes::asked).toList());
    }

    private List<Pair> pairs(Candidate candidate, List<List<ChatMessage>> asked) throws InterruptedException {
        var requests = asked.stream()
                .map(messages -> Conversation.under(candidate.instance().systemPrompt(), messages))
                .map(messages ->
                        GenerationRequest.of(base.prompt(messages), SamplingParams.greedy(plan.generalTokens())))
                .toList();
        var by = candidate.adapter();
        var both = Stream.concat(requests.stream(), requests.stream().map(request -> request.by(by)))
                .toList();
        var said = Questions.ask(base, both);
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < requests.size(); i++) {
            pairs.add(new Pair(said.get(i), said.get(requests.size() + i)));
        }
        return pairs;
    }

    private static boolean leaks(Pair pair, Candidate candidate) {
        var before = pair.base().text();
        var after = pair.candidate().text();
        return Stream.concat(candidate.fresh().stream(), candidate.old().stream())
                .map(Lesson::answer)
                .anyMatch(answer -> Leak.says(after, answer) && !Leak.says(before, answer));
    }

    private List<Double> nats(Candidate candidate, List<String> sample) throws InterruptedException {
        var rows = general.rows(candidate.instance().systemPrompt(), sample).stream()
                .map(GeneralAnswers.Row::measured)
                .toList();
        try (var student = base.training().student(candidate.shape(), candidate.weights(), 0)) {
            return student.measure(rows);
        }
    }
}
