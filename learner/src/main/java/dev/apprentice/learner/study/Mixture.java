package dev.apprentice.learner.study;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.view.Views;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which lessons each step reads, and in which wording: the new ones in passes, beside them old ones, so that what was
 * learnt before is learnt again (breadth-first replay, docs/learning.md).
 */
final class Mixture {
    /** One lesson to read. */
    record Reading(Lesson lesson, List<ChatMessage> messages) {}

    private final StudyPlan plan;
    private final RandomGenerator random;
    private final Deck fresh;
    private final Deck old;
    private Deck again;
    private final List<Lesson> leftOut = new ArrayList<>();
    private final Map<String, Views> views = new HashMap<>();

    /**
     * Over {@code fresh}, of which some are left out at first, and {@code old}.
     *
     * @param regressors ids of lessons that an earlier candidate lost: they are replayed more often
     */
    Mixture(StudyPlan plan, List<Lesson> fresh, List<Lesson> old, Set<String> regressors, RandomGenerator random) {
        this.plan = plan;
        this.random = random;
        this.fresh = new Deck(random);
        this.old = new Deck(random);
        this.again = new Deck(random);
        for (int i = 0; i < fresh.size(); i++) {
            boolean out = fresh.size() >= plan.leaveOutFrom() && i % plan.leaveOutOneIn() == plan.leaveOutOneIn() - 1;
            if (out) {
                leftOut.add(fresh.get(i));
            } else {
                add(this.fresh, fresh.get(i), regressors);
            }
        }
        old.forEach(lesson -> add(this.old, lesson, regressors));
    }

    private void add(Deck deck, Lesson lesson, Set<String> regressors) {
        deck.add(lesson, regressors.contains(lesson.id()) ? plan.regressorWeight() : 1);
    }

    /** How many new lessons there are, those left out too. */
    int freshCount() {
        return fresh.size() + leftOut.size();
    }

    /** How many steps {@code passes} over the new lessons take. */
    int steps(int passes) {
        return Math.ceilDiv(passes * freshCount(), freshRows());
    }

    /** Lessons that were given since take part, too. */
    void join(List<Lesson> lessons) {
        lessons.forEach(lesson -> fresh.add(lesson, 1));
    }

    /** Those that were left out, to be judged by before they take part. */
    List<Lesson> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Those that were left out take part from now on. */
    void joinLeftOut() {
        join(leftOut);
        leftOut.clear();
    }

    /**
     * From now on {@code lessons} are half of what each step reads, and the others the other half.
     *
     * @return how many steps read them as often as the last passes do
     */
    int again(List<Lesson> lessons) {
        again = new Deck(random);
        lessons.forEach(lesson -> again.add(lesson, 1));
        return Math.max(plan.stepsMin(), Math.ceilDiv(plan.passesLast() * lessons.size(), againRows()));
    }

    private int againRows() {
        return Math.clamp((long) plan.loneRows() * again.size(), 0, Math.max(1, plan.rows() / 2));
    }

    /** What the next step reads; old lessons only where none is new, and beside new ones unless none are replayed. */
    List<Reading> draw() {
        var readings = new ArrayList<Reading>();
        for (int i = 0; i < againRows(); i++) {
            readings.add(read(again.next()));
        }
        int part = again.isEmpty() ? 1 : 2;
        int freshRows = fresh.isEmpty() ? 0 : freshRows();
        for (int i = 0; i < Math.ceilDiv(freshRows, part); i++) {
            readings.add(read(fresh.next()));
        }
        int oldRows = fresh.isEmpty() || plan.oldShare() == 0 ? oldRows() : plan.rows() - freshRows;
        for (int i = 0; i < Math.ceilDiv(oldRows, part) && !old.isEmpty(); i++) {
            readings.add(read(old.next()));
        }
        return readings;
    }

    private int freshRows() {
        int most = old.isEmpty() ? plan.rows() : plan.rows() - oldRows();
        return Math.clamp((long) plan.loneRows() * freshCount(), 1, Math.max(1, most));
    }

    private int oldRows() {
        return (int) Math.ceil(plan.oldShare() * plan.rows());
    }

    private Reading read(Lesson lesson) {
        var own = views.computeIfAbsent(lesson.id(), _ -> Views.of(lesson));
        return new Reading(lesson, own.draw(lesson, plan.viewShare(), plan.wordDropout(), random));
    }

    /** Lessons that come round and round, in another order each time. */
    private static final class Deck {
        private final List<Lesson> cards = new ArrayList<>();
        private final ArrayDeque<Lesson> pile = new ArrayDeque<>();
        private final Random random;

        Deck(RandomGenerator random) {
            this.random = Random.from(random);
        }

        void add(Lesson lesson, int copies) {
            cards.addAll(Collections.nCopies(copies, lesson));
        }

        Lesson next() {
            if (pile.isEmpty()) {
                var shuffled = new ArrayList<>(cards);
                Collections.shuffle(shuffled, random);
                pile.addAll(shuffled);
            }
            return pile.removeFirst();
        }

        boolean isEmpty() {
            return cards.isEmpty();
        }

        int size() {
            return cards.size();
        }
    }
}
