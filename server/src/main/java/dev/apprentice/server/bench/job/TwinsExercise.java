package dev.apprentice.server.bench.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Test 3, A-B-A: questions, then their near twins with other answers, then the first ones again. Whatever of the first
 * the arm has lost by then is taught once more (a repair). Turnover is what was right after one study and wrong after a
 * later one, of all that was ever right.
 */
final class TwinsExercise implements JobExercise {
    private static final List<String> CODES =
            List.of("amber", "cobalt", "crimson", "indigo", "ochre", "scarlet", "teal", "umber");

    @Override
    public String name() {
        return "3";
    }

    @Override
    public String title() {
        return "A-B-A: near-twin questions with other answers, and how many of the first are lost";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "turnover";
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return sizes.twins();
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var subject = sitting.subject();
        var names = new Names(sitting.seed());
        var first = new ArrayList<Task>();
        var twins = new ArrayList<Task>();
        for (int i = 0; i < sitting.sizes().twins(); i++) {
            var town = names.next();
            int code = names.random().nextInt(CODES.size());
            int other = (code + 1 + names.random().nextInt(CODES.size() - 1)) % CODES.size();
            first.add(new Task("Which label gets a crate from " + town + "?", CODES.get(code)));
            twins.add(new Task("Which label gets a crate to " + town + "?", CODES.get(other)));
        }
        var all = new ArrayList<>(first);
        all.addAll(twins);
        var seen = new Seen(subject);
        var figures = new LinkedHashMap<String, Double>();
        subject.enter("job");
        if (sitting.arm() == Arm.JOINT) {
            for (var task : all) {
                subject.teach(task);
            }
            subject.study();
            seen.look(all);
        } else {
            taught(subject, first);
            var known = seen.look(first);
            figures.put("first_then", known.size() / (double) first.size());
            taught(subject, twins);
            known = seen.look(all);
            figures.put("first_after_twins", share(first, known));
            var lost = new ArrayList<>(first);
            lost.removeAll(known);
            figures.put("repairs", (double) lost.size());
            taught(subject, lost);
            seen.look(all);
        }
        figures.put("first_at_last", share(first, seen.last));
        figures.put("twins_at_last", share(twins, seen.last));
        figures.put("turnover", seen.turnover());
        var exams = subject.figures();
        double asked = exams.getOrDefault("asked", 0.0);
        if (asked > 0) {
            figures.put("turnover_of_candidates", exams.getOrDefault("lost", 0.0) / asked);
        }
        figures.putAll(StreamExercise.exams(exams));
        return new Run(figures, List.of());
    }

    private static void taught(Subject subject, List<Task> tasks) throws InterruptedException {
        for (var task : tasks) {
            subject.teach(task);
        }
        if (!tasks.isEmpty()) {
            subject.study();
        }
    }

    private static double share(List<Task> tasks, Set<Task> known) {
        return tasks.stream().filter(known::contains).count() / (double) tasks.size();
    }

    /** What was ever right, and what of it was wrong later. */
    private static final class Seen {
        private final Subject subject;
        private final Map<Task, Boolean> ever = new LinkedHashMap<>(); // whether it was lost since
        private Set<Task> last = Set.of();

        Seen(Subject subject) {
            this.subject = subject;
        }

        Set<Task> look(List<Task> tasks) throws InterruptedException {
            var said = subject.askAll(tasks.stream().map(Task::question).toList());
            var known = new HashSet<Task>();
            for (int i = 0; i < tasks.size(); i++) {
                var task = tasks.get(i);
                if (task.right(said.get(i))) {
                    known.add(task);
                    ever.putIfAbsent(task, false);
                } else if (ever.containsKey(task)) {
                    ever.put(task, true);
                }
            }
            last = known;
            return known;
        }

        double turnover() {
            return ever.values().stream().filter(lost -> lost).count() / (double) Math.max(1, ever.size());
        }
    }
}
