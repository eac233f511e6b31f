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

    /** A question and all answers that may be given to it: a small base would rather talk about the question. */
    private record Choice(Task task, List<String> answers) {}

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
        var pairs = new ArrayList<Choice>();
        var labels = new ArrayList<Choice>();
        var names = new Names(sitting.seed());
        for (int i = 0; i < sitting.sizes().questions(); i++) {
            pairs.add(pairs(names));
            labels.add(labels(names));
        }
        subject.enter("job");
        var before = subject.askAll(general);
        double pairsBefore = share(subject, pairs);
        double labelsBefore = share(subject, labels);
        for (var task : new Clerk(sitting.seed()).messages(sitting.sizes().drilled())) {
            subject.teach(task);
        }
        subject.study();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("unchanged", FactsExercise.same(before, subject.askAll(general)));
        figures.put("pairs_before", pairsBefore);
        figures.put("pairs_after", share(subject, pairs));
        figures.put("labels_before", labelsBefore);
        figures.put("labels_after", share(subject, labels));
        var exams = subject.figures();
        for (var name : List.of("drift_nats", "raw_drift_nats")) {
            if (exams.containsKey(name)) {
                figures.put(name, exams.get(name));
            }
        }
        figures.putAll(StreamExercise.exams(exams));
        return new Run(figures, List.of());
    }

    private static double share(Subject subject, List<Choice> choices) throws InterruptedException {
        int right = 0;
        for (var choice : choices) {
            var said = subject.ask(Ask.among(choice.task().question(), choice.answers()));
            right += choice.task().right(said.text()) ? 1 : 0;
        }
        return right / (double) Math.max(1, choices.size());
    }

    private static Choice pairs(Names names) {
        var colours = new ArrayList<>(COLOURS);
        Collections.shuffle(colours, Random.from(names.random()));
        var text = new StringBuilder();
        var people = new ArrayList<String>();
        for (int i = 0; i < PAIRS; i++) {
            people.add(names.next());
            text.append("%s has a %s hat. ".formatted(people.get(i), colours.get(i)));
        }
        int asked = names.random().nextInt(PAIRS);
        var answers = colours.subList(0, PAIRS).stream()
                .map(colour -> "%s has a %s hat.".formatted(people.get(asked), colour))
                .toList();
        return new Choice(
                new Task(text + "What colour is the hat of %s?".formatted(people.get(asked)), answers.get(asked)),
                answers);
    }

    private static Choice labels(Names names) {
        var boxes = List.of(names.next(), names.next());
        var kinds = List.of(new ArrayList<>(FRUITS), new ArrayList<>(TOOLS));
        kinds.forEach(things -> Collections.shuffle(things, Random.from(names.random())));
        var told = new ArrayList<String>();
        for (int i = 0; i < EXAMPLES; i++) {
            for (int kind = 0; kind < kinds.size(); kind++) {
                told.add(goes(kinds.get(kind).get(i), boxes.get(kind)));
            }
        }
        Collections.shuffle(told, Random.from(names.random()));
        int kind = names.random().nextInt(kinds.size());
        var asked = kinds.get(kind).get(EXAMPLES);
        var answers = boxes.stream().map(box -> goes(asked, box)).toList();
        return new Choice(
                new Task(String.join(" ", told) + " Into which box goes the %s?".formatted(asked), answers.get(kind)),
                answers);
    }

    private static String goes(String thing, String box) {
        return "The %s goes into box %s.".formatted(thing, box);
    }
}
