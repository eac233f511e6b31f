package dev.apprentice.server.bench.job;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Test, then train: each message is answered, judged, and only then perhaps corrected. Of the messages half are
 * corrected (told the right answer, whatever was said), three in ten get a thumb, and of the rest nobody says anything.
 * The first messages of a fresh regime are judged like all others, so a drift costs what it costs.
 */
class StreamExercise implements JobExercise {
    /** Of each ten messages, in an order that is drawn. */
    private static final List<Word> TEN = List.of(
            Word.CORRECTION,
            Word.CORRECTION,
            Word.CORRECTION,
            Word.CORRECTION,
            Word.CORRECTION,
            Word.THUMB,
            Word.THUMB,
            Word.THUMB,
            Word.NONE,
            Word.NONE);

    private static final double COMPETENT = 0.9;
    private static final int COMPETENT_WINDOW = 50;
    private static final int BEFORE_DRIFT = 20;
    private static final int RECOVERED_WINDOW = 10;

    /** How far below what it was before the drift counts as recovered. */
    private static final double RECOVERED_WITHIN = 0.05;

    private final String name;
    private final String title;
    private final Function<JobPlan.Sizes, Object> key;
    private final Source source;

    /** What is said of an answer. */
    private enum Word {
        CORRECTION,
        THUMB,
        NONE
    }

    /** What is asked in one regime: messages in order, and others only asked at its end. */
    record Regime(List<Task> messages, List<Task> heldOut) {}

    /** Where a stream's messages come from. */
    @FunctionalInterface
    interface Source {
        List<Regime> regimes(long seed, JobPlan.Sizes sizes);
    }

    StreamExercise(String name, String title, Function<JobPlan.Sizes, Object> key, Source source) {
        this.name = name;
        this.title = title;
        this.key = key;
        this.source = source;
    }

    /** Test 1. */
    static StreamExercise clerk() {
        return new StreamExercise(
                "1",
                "Clerk: messages whose right desk drifts, each answered before anything is taught of it",
                sizes -> List.of(sizes.regimeItems(), sizes.regimes(), sizes.studyEvery(), sizes.heldOut()),
                (seed, sizes) -> {
                    var clerk = new Clerk(seed);
                    var regimes = new ArrayList<Regime>();
                    for (int r = 0; r < sizes.regimes(); r++) {
                        if (r > 0) {
                            clerk.drift();
                        }
                        regimes.add(new Regime(clerk.messages(sizes.regimeItems()), clerk.heldOut(sizes.heldOut())));
                    }
                    return regimes;
                });
    }

    /** The same over real text, whose order is its own. */
    static StreamExercise published(PublicStream stream) {
        return new StreamExercise(
                "public",
                "Public stream: reviews in their order, positive or negative",
                sizes -> List.of(sizes.publicItems(), sizes.studyEvery()),
                (_, sizes) -> stream.regimes(sizes)) {
            @Override
            public @Nullable String without(Arm arm) {
                return stream.problem();
            }
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "accuracy";
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return key.apply(sizes);
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var regimes = source.regimes(sitting.seed(), sitting.sizes());
        return sitting.arm() == Arm.JOINT ? hindsight(sitting, regimes) : stream(sitting, regimes);
    }

    private Run stream(Sitting sitting, List<Regime> regimes) throws InterruptedException {
        var subject = sitting.subject();
        var words = words(sitting.seed());
        var course = new Course();
        var figures = new LinkedHashMap<String, Double>();
        var heldOut = new ArrayList<Double>();
        var lessons = new ArrayList<Integer>(); // given before each answer
        int given = 0;
        int again = 0;
        subject.enter("job");
        for (var regime : regimes) {
            for (var task : regime.messages()) {
                lessons.add(given);
                var said = subject.ask(Ask.graded(task.question()));
                boolean right = task.right(said.text());
                course.add(right);
                switch (words.next()) {
                    case CORRECTION -> {
                        given++;
                        subject.correct(said, task);
                        again += sitting.arm() != Arm.BASE && repeated(subject, task) ? 1 : 0;
                    }
                    case THUMB -> subject.rate(said, right);
                    case NONE -> {}
                }
                if (course.size() % sitting.sizes().studyEvery() == 0) {
                    subject.study();
                }
            }
            if (!regime.heldOut().isEmpty()) {
                heldOut.add(share(subject, regime.heldOut()));
            }
        }
        lessons.add(given);
        summary(figures, course, heldOut);
        if (sitting.arm() != Arm.BASE) {
            put(figures, "after_correction", given == 0 ? -1 : again / (double) given);
            int competent = course.reaches(COMPETENT, COMPETENT_WINDOW, 0, course.size());
            put(figures, "lessons_to_competence", competent < 0 ? -1 : lessons.get(competent));
            recovery(figures, course, lessons, regimes.getFirst().messages().size());
            figures.put("released", (double) subject.released());
        }
        figures.putAll(exams(subject.figures()));
        return new Run(figures, course.curve());
    }

    private static boolean repeated(Subject subject, Task task) throws InterruptedException {
        return task.right(subject.ask(Ask.only(task.question())).text());
    }

    /** What is said of one answer after the other, without end: the same for all arms. */
    private static Iterator<Word> words(long seed) {
        var random = Random.from(Seams.random(seed + 7_000));
        return Stream.generate(() -> {
                    var ten = new ArrayList<>(TEN);
                    Collections.shuffle(ten, random);
                    return ten;
                })
                .flatMap(List::stream)
                .iterator();
    }

    /** Lessons from each drift until it is as right as before, where it ever is: their mean over drifts. */
    private static void recovery(Map<String, Double> figures, Course course, List<Integer> lessons, int regime) {
        var needed = new ArrayList<Integer>();
        for (int drift = regime; drift < course.size(); drift += regime) {
            double before = course.share(Math.max(0, drift - BEFORE_DRIFT), drift) - RECOVERED_WITHIN;
            int end = Math.min(course.size(), drift + regime);
            int at = course.reaches(before, Math.min(RECOVERED_WINDOW, regime), drift, end);
            if (at < 0) {
                return; // not recovered: no mean says that
            }
            needed.add(lessons.get(at) - lessons.get(drift));
        }
        put(
                figures,
                "recovery_lessons",
                needed.stream().mapToInt(Integer::intValue).average().orElse(-1));
    }

    /** All that is ever corrected in a regime is taught before it, and then the regime's own messages are asked. */
    private static Run hindsight(Sitting sitting, List<Regime> regimes) throws InterruptedException {
        var subject = sitting.subject();
        var words = words(sitting.seed());
        var course = new Course();
        var heldOut = new ArrayList<Double>();
        for (int r = 0; r < regimes.size(); r++) {
            subject.enter("regime-" + (r + 1));
            var messages = regimes.get(r).messages();
            for (var task : messages) {
                if (words.next() == Word.CORRECTION) {
                    subject.teach(task);
                }
            }
            subject.study();
            var said = subject.askAll(messages.stream().map(Task::question).toList());
            for (int i = 0; i < messages.size(); i++) {
                course.add(messages.get(i).right(said.get(i)));
            }
            if (!regimes.get(r).heldOut().isEmpty()) {
                heldOut.add(share(subject, regimes.get(r).heldOut()));
            }
        }
        var figures = new LinkedHashMap<String, Double>();
        summary(figures, course, heldOut);
        return new Run(figures, course.curve());
    }

    private static void summary(Map<String, Double> figures, Course course, List<Double> heldOut) {
        figures.put("accuracy", course.share());
        figures.put("fading", course.fading());
        figures.put("regret", course.regret());
        if (!heldOut.isEmpty()) {
            figures.put(
                    "held_out",
                    heldOut.stream().mapToDouble(Double::doubleValue).average().orElse(0));
        }
    }

    /** Of the exams: how many candidates there were, and how many passed. */
    static Map<String, Double> exams(Map<String, Double> said) {
        var figures = new LinkedHashMap<String, Double>();
        double candidates = said.getOrDefault("candidates", 0.0);
        if (candidates > 0) {
            figures.put("candidates", candidates);
            figures.put("passed", said.getOrDefault("passed", 0.0));
        }
        return figures;
    }

    /** Share of {@code tasks} that are answered right. */
    static double share(Subject subject, List<Task> tasks) throws InterruptedException {
        var said = subject.askAll(tasks.stream().map(Task::question).toList());
        int right = 0;
        for (int i = 0; i < tasks.size(); i++) {
            right += tasks.get(i).right(said.get(i)) ? 1 : 0;
        }
        return right / (double) Math.max(1, tasks.size());
    }

    private static void put(Map<String, Double> figures, String name, double figure) {
        if (figure >= 0) {
            figures.put(name, figure);
        }
    }
}
