package dev.apprentice.server.bench.job;

import dev.apprentice.learner.base.Probes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Test 2: invented facts about invented towns, taught one after the other. Reliability is the taught question,
 * generality another wording of it that is never taught, locality the same answer as before to the same question about
 * a town that nobody taught and to general questions; all by free generation.
 */
final class FactsExercise implements JobExercise {
    /** At so many facts only some arms are run, and one seed (docs/benchmarks.md). */
    private static final int MANY = 1000;

    private static final Set<Arm> FOR_MANY = Set.of(Arm.WEIGHTS, Arm.BOTH, Arm.JOINT);
    private static final int NEAR_MAX = 40;
    private static final int GENERAL = 20;

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "Who is the mayor of %s?",
                    "The mayor of %s is called what?",
                    List.of(
                            "Ada Crole",
                            "Piet Hask",
                            "Runa Mell",
                            "Otto Varn",
                            "Lena Skow",
                            "Idris Pell",
                            "Mona Trask")),
            new Kind(
                    "Which river flows through %s?",
                    "Through %s runs a river: which one?",
                    List.of("the Arle", "the Brenn", "the Cask", "the Dove", "the Elk", "the Farn", "the Gull")),
            new Kind(
                    "What dish is %s known for?",
                    "People visit %s to eat what?",
                    List.of(
                            "plum soup",
                            "eel pie",
                            "rye cake",
                            "nettle stew",
                            "goose bread",
                            "quince jam",
                            "pike roll")),
            new Kind(
                    "In which year was %s founded?",
                    "When did %s come into being?", List.of("1127", "1246", "1318", "1453", "1509", "1672", "1788")));

    /** A kind of fact: its question, the same in other words, and what the answer may be. */
    private record Kind(String asked, String otherwise, List<String> answers) {}

    /** A fact, and the same asked otherwise. */
    private record Fact(Task asked, Task otherwise) {}

    @Override
    public String name() {
        return "2";
    }

    @Override
    public String title() {
        return "Facts, taught one after the other: right as taught, right in other words, and nothing else changed";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        var few = sizes.facts().stream().filter(count -> count < MANY).toList();
        return "generality_" + (few.isEmpty() ? sizes.facts() : few).getLast();
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.facts(), sizes.factsStudyEvery());
    }

    @Override
    public @Nullable String partly(Arm arm, JobPlan.Sizes sizes) {
        if (sizes.facts().getLast() < MANY) {
            return null;
        }
        var many = sizes.facts().stream().filter(count -> count >= MANY).toList();
        return FOR_MANY.contains(arm)
                ? "of " + many + " facts the first seed alone"
                : "without " + many + " facts, which weights, both and joint are asked for, with the first seed";
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var figures = new LinkedHashMap<String, Double>();
        for (int count : sitting.sizes().facts()) {
            if (count < MANY || (FOR_MANY.contains(sitting.arm()) && sitting.seed() == 1)) {
                run(sitting, count, figures);
            }
        }
        return new Run(figures, List.of());
    }

    private static void run(Sitting sitting, int count, Map<String, Double> figures) throws InterruptedException {
        var subject = sitting.subject();
        var names = new Names(sitting.seed() * 31 + count);
        var facts = facts(names, count);
        var near = facts(names, Math.min(NEAR_MAX, count)).stream()
                .map(fact -> fact.asked().question())
                .toList();
        var general = Probes.load().exam().stream().limit(GENERAL).toList();
        subject.enter("facts-" + count);
        var nearBefore = subject.askAll(near);
        var generalBefore = subject.askAll(general);
        int taught = 0;
        for (var fact : facts) {
            subject.teach(fact.asked());
            taught++;
            boolean last = taught == count;
            if (last || (sitting.arm() != Arm.JOINT && taught % sitting.sizes().factsStudyEvery() == 0)) {
                subject.study();
            }
        }
        figures.put(
                "reliability_" + count,
                share(subject, facts.stream().map(Fact::asked).toList()));
        figures.put(
                "generality_" + count,
                share(subject, facts.stream().map(Fact::otherwise).toList()));
        figures.put("near_unchanged_" + count, same(nearBefore, subject.askAll(near)));
        figures.put("general_unchanged_" + count, same(generalBefore, subject.askAll(general)));
    }

    private static double share(Subject subject, List<Task> tasks) throws InterruptedException {
        return StreamExercise.share(subject, tasks);
    }

    private static List<Fact> facts(Names names, int count) {
        var facts = new ArrayList<Fact>();
        var town = "";
        for (int i = 0; i < count; i++) {
            var kind = KINDS.get(i % KINDS.size());
            town = i % KINDS.size() == 0 ? names.next() : town;
            var answer = names.any(kind.answers());
            facts.add(new Fact(
                    new Task(kind.asked().formatted(town), answer),
                    new Task(kind.otherwise().formatted(town), answer)));
        }
        return facts;
    }

    /** Share of texts that are as they were. */
    static double same(List<String> before, List<String> after) {
        int same = 0;
        for (int i = 0; i < before.size(); i++) {
            same += before.get(i).equals(after.get(i)) ? 1 : 0;
        }
        return same / (double) Math.max(1, before.size());
    }
}
