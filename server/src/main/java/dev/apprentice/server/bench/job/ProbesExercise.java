package dev.apprentice.server.bench.job;

import dev.apprentice.learner.base.Probes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/**
 * Test 5: what learning a job does to everything else. General questions, pairs to be found again in the context (MQAR,
 * Arora et al. 2023) and made-up labels given by examples in the context, each before and after.
 */
final class ProbesExercise implements JobExercise {
    private static final List<String> COLOURS =
            List.of("red", "blue", "green", "black", "white", "brown", "grey", "pink");

    private static final List<String> FRUITS = List.of("apple", "pear", "plum", "grape", "lemon", "cherry", "melon");
    private static final List<String> TOOLS = List.of("hammer", "saw", "pliers", "chisel", "wrench", "rake", "spade");
    private static final int PAIRS = 4;
    private static final int EXAMPLES = 3;

    @Override
    public String name() {
        return "5";
    }

    @Override
    public String title() {
        return "Everything else: general answers unchanged, and reading in the context as before";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "unchanged";
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.drilled(), sizes.questions());
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var subject = sitting.subject();
        var general = Probes.load().exam().stream().limit(Probes.SAMPLE).toList();
        var pairs = new ArrayList<Task>();
        var labels = new ArrayList<Task>();
        var names = new Names(sitting.seed());
        for (int i = 0; i < sitting.sizes().questions(); i++) {
            pairs.add(pairs(names));
            labels.add(labels(names));
        }
        subject.enter("job");
        var before = subject.askAll(general);
        double pairsBefore = StreamExercise.share(subject, pairs);
        double labelsBefore = StreamExercise.share(subject, labels);
        for (var task : new Clerk(sitting.seed()).messages(sitting.sizes().drilled())) {
            subject.teach(task);
        }
        subject.study();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("unchanged", FactsExercise.same(before, subject.askAll(general)));
        figures.put("pairs_before", pairsBefore);
        figures.put("pairs_after", StreamExercise.share(subject, pairs));
        figures.put("labels_before", labelsBefore);
        figures.put("labels_after", StreamExercise.share(subject, labels));
        var exams = subject.figures();
        for (var name : List.of("drift_nats", "raw_drift_nats")) {
            if (exams.containsKey(name)) {
                figures.put(name, exams.get(name));
            }
        }
        figures.putAll(StreamExercise.exams(exams));
        return new Run(figures, List.of());
    }

    private static Task pairs(Names names) {
        var colours = new ArrayList<>(COLOURS);
        Collections.shuffle(colours, Random.from(names.random()));
        var text = new StringBuilder();
        var people = new ArrayList<String>();
        for (int i = 0; i < PAIRS; i++) {
            people.add(names.next());
            text.append("%s has a %s hat. ".formatted(people.get(i), colours.get(i)));
        }
        int asked = names.random().nextInt(PAIRS);
        return new Task(
                text + "What colour is the hat of %s? Answer with one word.".formatted(people.get(asked)),
                colours.get(asked));
    }

    private static Task labels(Names names) {
        var fruit = names.next();
        var tool = names.next();
        var fruits = new ArrayList<>(FRUITS);
        var tools = new ArrayList<>(TOOLS);
        Collections.shuffle(fruits, Random.from(names.random()));
        Collections.shuffle(tools, Random.from(names.random()));
        var text = new StringBuilder();
        for (int i = 0; i < EXAMPLES; i++) {
            text.append("%s: %s\n%s: %s\n".formatted(fruits.get(i), fruit, tools.get(i), tool));
        }
        boolean one = names.random().nextBoolean();
        return new Task(
                text + (one ? fruits.get(EXAMPLES) : tools.get(EXAMPLES)) + ": which of the two words? Only the word.",
                one ? fruit : tool);
    }
}
