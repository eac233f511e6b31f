package dev.apprentice.learner.study;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How much each lesson of a study weighs: the teacher's trust times the kind's weight, with two caps
 * (docs/learning.md): no teacher has more than a fifth of a study, or an equal part where there are fewer than five,
 * and thumbs have at most a quarter beside other lessons.
 */
final class Weighing {
    /** The caps hold each other up a little; after so many rounds nothing moves. */
    private static final int ROUNDS = 50;

    private final Map<String, Double> weights = new HashMap<>();

    private Weighing() {}

    static Weighing of(Collection<Lesson> lessons, OpinionPlan plan) {
        var weighing = new Weighing();
        lessons.forEach(
                lesson -> weighing.weights.put(lesson.id(), lesson.trust() * OpinionPlan.weight(lesson.kind())));
        weighing.capThumbs(lessons, plan.ratingsShare());
        Predicate<Lesson> sign = lesson -> lesson.kind() == LessonKind.IMPLICIT;
        var said = lessons.stream().filter(sign.negate()).toList();
        weighing.capTeachers(said, plan.teacherShare());
        weighing.capSigns(lessons.stream().filter(sign).toList(), said, plan.teacherShare());
        return weighing;
    }

    /** Of one of the lessons; one that has come since weighs as if it were alone. */
    double of(Lesson lesson) {
        return weights.getOrDefault(lesson.id(), lesson.trust() * OpinionPlan.weight(lesson.kind()));
    }

    private void capThumbs(Collection<Lesson> lessons, double share) {
        var thumbs = lessons.stream()
                .filter(lesson -> OpinionPlan.thumb(lesson.kind()))
                .toList();
        double all = mass(lessons);
        double mass = mass(thumbs);
        double most = (all - mass) * share / (1 - share);
        if (mass > most && most > 0) {
            scale(thumbs, most / mass);
        }
    }

    private void capTeachers(Collection<Lesson> lessons, double share) {
        var teachers = lessons.stream().collect(Collectors.groupingBy(Lesson::by));
        double part = Math.max(share, 1.0 / Math.max(1, teachers.size()));
        var masses = teachers.values().stream().mapToDouble(this::mass).toArray();
        double all = mass(lessons);
        for (int round = 0; round < ROUNDS; round++) {
            double most = part * all;
            double next = 0;
            for (double mass : masses) {
                next += Math.min(mass, most);
            }
            all = next;
        }
        double most = part * all;
        teachers.values().stream()
                .filter(own -> mass(own) > most && most > 0)
                .forEach(own -> scale(own, most / mass(own)));
    }

    /** What users say next is nobody's word: all of it together has the part of one teacher, and takes no other's. */
    private void capSigns(List<Lesson> signs, List<Lesson> said, double share) {
        double most = mass(said) * share / (1 - share);
        if (mass(signs) > most && most > 0) {
            scale(signs, most / mass(signs));
        }
    }

    private double mass(Collection<Lesson> lessons) {
        return lessons.stream()
                .mapToDouble(lesson -> weights.getOrDefault(lesson.id(), 0.0))
                .sum();
    }

    private void scale(List<Lesson> lessons, double factor) {
        lessons.forEach(lesson -> weights.computeIfPresent(lesson.id(), (_, weight) -> weight * factor));
    }
}
