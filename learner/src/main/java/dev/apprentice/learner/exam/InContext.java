package dev.apprentice.learner.exam;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.recall.Recall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a candidate still reads what stands in its context: made-up pairs and a question for one of them (associative
 * recall as in Arora et al. 2023, "Zoology"), with the gate as served. Training on lessons that bring no context can
 * wear this away (docs/learning.md). The answer is begun for it: a small base reads its context long before it keeps to
 * a question.
 */
final class InContext {
    private static final int QUESTIONS = 40;
    private static final int PAIRS = 4;
    private static final int ANSWER_TOKENS = 6;
    private static final long SEED = 231_204_927L;

    private static final List<String> NAMES =
            List.of("Ann", "Ben", "Clara", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack");

    private static final List<String> ANIMALS =
            List.of("fox", "owl", "horse", "duck", "goat", "mouse", "rabbit", "snake", "turtle", "donkey");

    private static final Pattern ANIMAL = Pattern.compile(String.join("|", ANIMALS), Pattern.CASE_INSENSITIVE);

    private static final List<Item> ITEMS = items();

    private final Base base;
    private final Recall recall;

    InContext(Base base, Recall recall) {
        this.base = base;
        this.recall = recall;
    }

    /** A question, how its answer begins, and the one right animal. */
    private record Item(String text, String begun, String right) {}

    /**
     * Shares that were answered right.
     *
     * @param through how many questions the gate lets through to the adapter; the others are the base's own
     * @param base by the base; 1 where nothing was let through and so nothing had to be asked
     * @param candidate by the candidate, as served
     * @param lost how many the base alone answers right
     * @param gained how many the candidate alone does
     */
    record Found(int through, double base, double candidate, int lost, int gained) {
        static final Found UNTOUCHED = new Found(0, 1, 1, 0, 0);
    }

    Found look(Candidate candidate) throws InterruptedException {
        return found(
                base,
                candidate,
                recall.letThrough(candidate.instance().id(), candidate.fit().gate(), questions()));
    }

    /** All that is asked. */
    static List<String> questions() {
        return ITEMS.stream().map(Item::text).toList();
    }

    /** What {@code candidate} answers to those that are let {@code through} to it, and the base to all. */
    static Found found(Base base, Candidate candidate, Collection<String> through) throws InterruptedException {
        if (through.isEmpty()) {
            return Found.UNTOUCHED;
        }
        var before = right(base, candidate, ITEMS, null);
        var reached =
                ITEMS.stream().filter(item -> through.contains(item.text())).toList();
        var after = right(base, candidate, reached, candidate.adapter());
        var now = new ArrayList<Boolean>();
        int lost = 0;
        int gained = 0;
        for (int i = 0; i < ITEMS.size(); i++) {
            int at = reached.indexOf(ITEMS.get(i));
            now.add(at < 0 ? before.get(i) : after.get(at));
            lost += before.get(i) && !now.get(i) ? 1 : 0;
            gained += now.get(i) && !before.get(i) ? 1 : 0;
        }
        return new Found(through.size(), Exam.share(before), Exam.share(now), lost, gained);
    }

    private static List<Boolean> right(Base base, Candidate candidate, List<Item> items, @Nullable AdapterRef by)
            throws InterruptedException {
        var requests = items.stream()
                .map(item -> base.span(
                        Conversation.under(candidate.instance().systemPrompt(), Probes.asked(item.text())),
                        item.begun()))
                .map(span -> GenerationRequest.of(span.begun(), SamplingParams.greedy(ANSWER_TOKENS))
                        .by(by))
                .toList();
        var said = Questions.ask(base, requests);
        var right = new ArrayList<Boolean>();
        for (int i = 0; i < items.size(); i++) {
            var named = ANIMAL.matcher(said.get(i).text());
            right.add(
                    named.find() && named.group().equalsIgnoreCase(items.get(i).right()));
        }
        return right;
    }

    private static List<Item> items() {
        var random = Random.from(Seams.random(SEED));
        var items = new ArrayList<Item>();
        for (int q = 0; q < QUESTIONS; q++) {
            var names = new ArrayList<>(NAMES);
            var animals = new ArrayList<>(ANIMALS);
            Collections.shuffle(names, random);
            Collections.shuffle(animals, random);
            var text = new StringBuilder();
            for (int i = 0; i < PAIRS; i++) {
                text.append("%s has a %s. ".formatted(names.get(i), animals.get(i)));
            }
            int asked = random.nextInt(PAIRS);
            text.append("Which animal does %s have?".formatted(names.get(asked)));
            items.add(new Item(text.toString(), names.get(asked) + " has a", animals.get(asked)));
        }
        return List.copyOf(items);
    }
}
