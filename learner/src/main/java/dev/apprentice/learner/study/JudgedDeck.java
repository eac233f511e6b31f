package dev.apprentice.learner.study;

import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.Reference;
import dev.apprentice.learner.loss.Graded;
import dev.apprentice.learner.loss.Preference;
import dev.apprentice.learner.loss.Thumbs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Judged answers that a study reads, and what they ask of the weights. A step measures what it draws without gradients,
 * computes each loss's slope at each answer's log-probability here, and trains on these slopes; so losses of several
 * rows need nothing of the engine. What has moved far enough is left alone: a thumb down, read again and again, would
 * drive an answer's probability to nothing and whatever is like it with it.
 */
final class JudgedDeck {
    /** Teachers trusted less than this may have meant the opposite. */
    private static final double TRUST_SURE = 0.5;

    /** Every so manieth round those are looked at again that had moved far enough. */
    private static final int ALL_EVERY = 3;

    private final OpinionPlan plan;
    private final Weighing weighing;
    private final List<JudgedItem> items;
    private final Set<String> fresh;
    private final Thumbs thumbs;
    private final Graded graded;
    private final Random random;
    private final Map<JudgedItem, double[]> before = new HashMap<>();
    private final Set<JudgedItem> enough = new HashSet<>();
    private final ArrayDeque<JudgedItem> pile = new ArrayDeque<>();
    private final ArrayDeque<Double> mismatched = new ArrayDeque<>();
    private int round;

    /**
     * Over {@code items}.
     *
     * @param fresh ids of the lessons that the live weights were not trained on
     */
    JudgedDeck(OpinionPlan plan, List<JudgedItem> items, Set<String> fresh, Weighing weighing, RandomGenerator random) {
        this.plan = plan;
        this.items = List.copyOf(items);
        this.fresh = Set.copyOf(fresh);
        this.weighing = weighing;
        this.random = Random.from(random);
        int ups = (int) items.stream()
                .filter(item -> item instanceof JudgedItem.Thumb thumb && thumb.good())
                .count();
        int downs = (int) items.stream()
                .filter(item -> item instanceof JudgedItem.Thumb thumb && !thumb.good())
                .count();
        thumbs = Thumbs.balanced(plan.beta(), ups, downs);
        graded = new Graded(plan.gradedLength());
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** How many steps {@code passes} over the new items take. */
    int steps(int passes) {
        long count = items.stream().filter(this::fresh).count();
        int drawn = Math.clamp(items.size(), 1, plan.items()); // what a step reads
        return Math.toIntExact(Math.ceilDiv(passes * count, drawn));
    }

    /** The share of a study's rate that it takes where nothing but judged answers is new. */
    double share() {
        boolean downs = items.stream()
                .filter(this::fresh)
                .allMatch(item -> item instanceof JudgedItem.Thumb thumb && !thumb.good());
        return plan.share() * (downs ? plan.downsShare() : 1);
    }

    private boolean fresh(JudgedItem item) {
        return fresh.contains(item.lesson().id());
    }

    /**
     * Measures from where the student stands now, or, where a lesson was studied before, from where it stood then.
     *
     * @return what is measured from and was not known, by lesson
     */
    Map<String, Reference> refer(Student student, Map<String, Reference> known) throws InterruptedException {
        var now = measured(student, items);
        var byLesson = new LinkedHashMap<String, List<Integer>>();
        for (int i = 0; i < items.size(); i++) {
            byLesson.computeIfAbsent(items.get(i).lesson().id(), _ -> new ArrayList<>())
                    .add(i);
        }
        var found = new HashMap<String, Reference>();
        byLesson.forEach((lesson, own) -> {
            int texts = own.stream().mapToInt(i -> texts(items.get(i))).reduce(1, (a, b) -> 31 * a + b);
            var then = known.get(lesson);
            List<Double> flat = own.stream()
                    .flatMap(i ->
                            Arrays.stream(now.get(i), 0, decisive(items.get(i))).boxed())
                    .toList();
            var from = flat;
            if (then != null && then.texts() == texts && then.logprobs().size() == flat.size()) {
                from = then.logprobs();
            } else {
                found.put(lesson, new Reference(texts, flat));
            }
            int at = 0;
            for (int i : own) {
                var values = now.get(i).clone(); // mismatched answers are always measured from here
                for (int row = 0; row < decisive(items.get(i)); row++) {
                    values[row] = from.get(at++);
                }
                before.put(items.get(i), values);
            }
        });
        return found;
    }

    /** How many of an item's rows are its own. */
    private static int decisive(JudgedItem item) {
        return item instanceof JudgedItem.Pair ? 2 : 1;
    }

    private static int texts(JudgedItem item) {
        return item.rows().stream()
                .limit(decisive(item))
                .mapToInt(row -> 31 * Arrays.hashCode(row.tokens()) + row.start())
                .reduce(1, (a, b) -> 31 * a + b);
    }

    private static List<double[]> measured(Student student, List<JudgedItem> items) throws InterruptedException {
        var rows = items.stream()
                .flatMap(item -> item.rows().stream())
                .map(JudgedItem.Row::measured)
                .toList();
        var means = rows.isEmpty() ? List.<Double>of() : student.measure(rows);
        var all = new ArrayList<double[]>();
        int at = 0;
        for (var item : items) {
            var own = new double[item.rows().size()];
            for (int row = 0; row < own.length; row++) {
                own[row] = means.get(at) * rows.get(at).answerTokens();
                at++;
            }
            all.add(own);
        }
        return all;
    }

    /** What the next step trains, as {@code factor} of a step's loss; empty if all that was drawn may be left alone. */
    List<TrainingRow> draw(Student student, double factor) throws InterruptedException {
        var drawn = new ArrayList<JudgedItem>();
        while (drawn.size() < Math.min(plan.items(), items.size())) {
            if (pile.isEmpty()) {
                fill();
                if (pile.isEmpty()) {
                    break;
                }
            }
            var next = pile.removeFirst();
            if (drawn.contains(next)) {
                pile.addLast(next);
                break; // the pile has begun anew
            }
            drawn.add(next);
        }
        var now = measured(student, drawn);
        double point = point(drawn, now);
        double weight =
                drawn.stream().mapToDouble(item -> weighing.of(item.lesson())).sum();
        var rows = new ArrayList<TrainingRow>();
        for (int i = 0; i < drawn.size(); i++) {
            var item = drawn.get(i);
            if (settled(item, now.get(i))) {
                enough.add(item);
                continue;
            }
            enough.remove(item);
            if (weight > 0) {
                rows.addAll(rows(item, now.get(i), point, factor * weighing.of(item.lesson()) / weight));
            }
        }
        return rows;
    }

    private void fill() {
        round++;
        var next = new ArrayList<>(items.stream()
                .filter(item -> round % ALL_EVERY == 0 || !enough.contains(item))
                .toList());
        Collections.shuffle(next, random);
        pile.addAll(next);
    }

    /** The reference point of thumbs: a running mean over mismatched answers. */
    private double point(List<JudgedItem> drawn, List<double[]> now) {
        for (int i = 0; i < drawn.size(); i++) {
            if (drawn.get(i) instanceof JudgedItem.Thumb thumb && thumb.mismatched() != null) {
                mismatched.addLast(now.get(i)[1] - from(thumb)[1]);
            }
        }
        while (mismatched.size() > plan.pointOver()) {
            mismatched.removeFirst();
        }
        return Thumbs.point(List.copyOf(mismatched));
    }

    private double[] from(JudgedItem item) {
        var values = before.get(item);
        if (values == null) {
            throw new IllegalStateException("judged answers are measured before they are trained");
        }
        return values;
    }

    private List<TrainingRow> rows(JudgedItem item, double[] now, double point, double weight) {
        var from = from(item);
        return switch (item) {
            case JudgedItem.Pair pair -> {
                double smoothing = pair.lesson().trust() < TRUST_SURE ? plan.smoothing() : 0;
                var loss = new Preference(plan.beta(), smoothing, plan.likelihood())
                        .of(now[0], now[1], from[0], from[1], pair.chosen().count());
                yield List.of(
                        pair.chosen().sloped(weight * loss.chosen()),
                        pair.rejected().sloped(weight * loss.rejected()));
            }
            case JudgedItem.Thumb thumb ->
                List.of(thumb.answer()
                        .sloped(weight
                                * thumbs.of(thumb.good(), now[0], from[0], point)
                                        .slope()));
            case JudgedItem.Grade grade -> {
                double then = grade.then() == null ? from[0] : grade.then();
                yield List.of(grade.answer()
                        .sloped(weight
                                * graded.of(grade.advantage(), now[0], then).slope()));
            }
        };
    }

    private boolean settled(JudgedItem item, double[] now) {
        var from = from(item);
        return switch (item) {
            case JudgedItem.Pair pair -> margin(now, from) >= plan.enoughNats() && now[0] > now[1];
            case JudgedItem.Thumb thumb ->
                thumb.good() ? learnt(thumb.answer(), now[0], from[0]) : now[0] - from[0] <= -plan.enoughNats();
            case JudgedItem.Grade grade ->
                grade.advantage() >= 0
                        ? learnt(grade.answer(), now[0], from[0])
                        : now[0] - from[0] <= -plan.enoughNats();
        };
    }

    private boolean learnt(JudgedItem.Row row, double now, double from) {
        return now - from >= plan.enoughNats() || -now / row.count() <= plan.knownNats();
    }

    private static double margin(double[] now, double[] from) {
        return (now[0] - from[0]) - (now[1] - from[1]);
    }

    /** The share of the new items that have not moved far enough, as far as was seen; a study may end near zero. */
    double left() {
        long count = items.stream().filter(this::fresh).count();
        long done = items.stream().filter(this::fresh).filter(enough::contains).count();
        return count == 0 ? 0 : (count - done) / (double) count;
    }

    /** Of each lesson, whether the student has moved its way, or says already what it asks for. */
    Map<String, Boolean> judge(Student student) throws InterruptedException {
        var now = measured(student, items);
        var holds = new LinkedHashMap<String, Boolean>();
        for (int i = 0; i < items.size(); i++) {
            holds.merge(items.get(i).lesson().id(), holds(items.get(i), now.get(i)), Boolean::logicalAnd);
        }
        return holds;
    }

    private boolean holds(JudgedItem item, double[] now) {
        var from = from(item);
        return settled(item, now)
                || switch (item) {
                    case JudgedItem.Pair _ -> margin(now, from) > 0;
                    case JudgedItem.Thumb thumb -> thumb.good() ? now[0] > from[0] : now[0] < from[0];
                    case JudgedItem.Grade grade -> grade.advantage() >= 0 ? now[0] > from[0] : now[0] < from[0];
                };
    }

    /** Whether there is something new beside thumbs. */
    static boolean due(LessonKind kind) {
        return !kind.teaches() && !OpinionPlan.thumb(kind);
    }
}
