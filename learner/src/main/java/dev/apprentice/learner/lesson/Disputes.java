package dev.apprentice.learner.lesson;

import dev.apprentice.learner.instance.Instance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Which lessons a new one speaks over, and which it contradicts so that a person has to decide. */
final class Disputes {
    private static final String NEARLY = "nearly the request of ";

    /** In so many of the newest lessons words are looked for that lead to other answers. */
    private static final int ELSEWHERE_MAX = 2_000;

    /** So many of the newest changes are looked at for what they may have left behind. */
    private static final int CHANGES_MAX = 200;

    private final LessonRows rows;
    private final ComparedRows compared = new ComparedRows();

    Disputes(LessonRows rows) {
        this.rows = rows;
    }

    /**
     * Where a lesson stands among the others.
     *
     * @param over those in whose place it speaks
     * @param against the one that it contradicts, for which it is held; null if it holds
     * @param reason why it is held
     */
    record Standing(
            List<Lesson> over,
            @Nullable Lesson against,
            @Nullable String reason) {
        boolean held() {
            return against != null;
        }

        /** What none of them may lose, none may lose of this. */
        boolean pinned() {
            return over.stream().anyMatch(Lesson::pinned);
        }
    }

    /**
     * Where {@code lesson} stands.
     *
     * @param rivals what was said of the same request, or by the same teacher of the same answer, and stands yet
     */
    Standing of(Handle db, Lesson lesson, List<Lesson> rivals, Instance instance) {
        var near = near(db, lesson);
        var over = new ArrayList<>(rivals);
        near.equal().stream()
                .filter(other -> rivals.stream().noneMatch(rival -> rival.id().equals(other.id())))
                .forEach(over::add);
        double trust = instance.policy().trustIn(lesson.by());
        for (var other : over) {
            if (other.state().active()
                    && contradict(lesson, other)
                    && !other.by().equals(lesson.by())
                    && instance.policy().trustIn(other.by()) > trust) {
                var own =
                        over.stream().filter(it -> it.by().equals(lesson.by())).toList();
                return new Standing(own, other, "contradicts " + other.id() + ", whose teacher is trusted more");
            }
        }
        if (over.stream().noneMatch(other -> other.state().active())) {
            for (var other : near.near()) {
                if (contradict(lesson, other)) {
                    return new Standing(over, other, nearly(other));
                }
            }
        }
        return new Standing(over, null, null);
    }

    /**
     * What gives the answer that {@code lesson} corrects to the same question in other words, and may be overruled.
     *
     * @param corrected in whose place it speaks, as they stood before
     */
    List<Lesson> wordings(Handle db, Lesson lesson, List<Lesson> corrected, Instance instance) {
        double trust = instance.policy().trustIn(lesson.by());
        var known = Stream.concat(Stream.of(lesson), corrected.stream())
                .map(Lesson::id)
                .collect(Collectors.toCollection(HashSet::new));
        return corrected.stream()
                .filter(old -> old.state().active() && valueChanged(old, lesson) && !asBefore(db, old, lesson))
                .flatMap(old -> wordings(db, old, lesson.answer()).stream())
                .filter(other ->
                        other.by().equals(lesson.by()) || instance.policy().trustIn(other.by()) <= trust)
                .filter(other -> known.add(other.id()))
                .toList();
    }

    private static boolean valueChanged(Lesson before, Lesson now) {
        return before.reply().toolCalls().isEmpty()
                && now.reply().toolCalls().isEmpty()
                && Rewordings.valueChanged(before.answer(), now.answer());
    }

    /**
     * Whether {@code lesson} takes back what had only changed with another wording: so this asks for something else.
     */
    private boolean asBefore(Handle db, Lesson old, Lesson lesson) {
        return Change.of(old)
                .flatMap(change -> rows.find(db, change.from()))
                .filter(before -> !contradict(before, lesson))
                .isPresent();
    }

    /**
     * What may be a wording of a fact that has changed, though too little says so: its answer is the old one, and its
     * marks are the same.
     *
     * @return lessons, each with the newer one that it may contradict; at most {@code limit}
     */
    Map<Lesson, Lesson> perhapsOutdated(Handle db, String instance, int limit) {
        var found = new LinkedHashMap<Lesson, Lesson>();
        for (var spoken : compared.spokenOver(db, instance, CHANGES_MAX)) {
            var older = rows.find(db, spoken.older()).orElseThrow();
            var over = rows.find(db, spoken.newer()).orElseThrow();
            var newer = Change.of(over)
                    .flatMap(change -> rows.find(db, change.with()))
                    .orElse(over);
            if (valueChanged(older, newer)) {
                var alike = sameAnswer(db, older);
                if (alike.size() <= Rewordings.MAX) {
                    alike.stream()
                            .filter(other -> !other.created().isAfter(newer.created()) && found.size() < limit)
                            .forEach(other -> found.putIfAbsent(other, newer));
                }
            }
        }
        return found;
    }

    private List<Lesson> sameAnswer(Handle db, Lesson old) {
        var key = Nearness.of(old.messages()).key();
        return compared.sameAnswer(db, old.instance(), key, old.answer(), Rewordings.MAX + 1).stream()
                .filter(other ->
                        !contradict(other, old) && other.reply().toolCalls().isEmpty())
                .toList();
    }

    private List<Lesson> wordings(Handle db, Lesson old, String now) {
        var alike = sameAnswer(db, old);
        if (alike.size() < 2 || alike.size() > Rewordings.MAX) {
            return List.of();
        }
        var answers = Set.of(Wording.plain(old.answer()), Wording.plain(now));
        var elsewhere = compared.newest(db, old.instance(), ELSEWHERE_MAX).stream()
                .filter(other -> !answers.contains(Wording.plain(other.answer())))
                .flatMap(other -> Rewordings.content(List.of(other.words().split(" ", -1))).stream())
                .collect(Collectors.toSet());
        var wordings = Rewordings.of(old, alike, elsewhere);
        boolean label = 2 * wordings.size() < alike.size() - 1 || answersMore(db, old, now, elsewhere);
        return label ? List.of() : wordings;
    }

    /** Whether {@code answer} is known already as that of something else than {@code old} asks. */
    private boolean answersMore(Handle db, Lesson old, String answer, Set<String> elsewhere) {
        var key = Nearness.of(old.messages()).key();
        var known = compared.sameAnswer(db, old.instance(), key, answer, Rewordings.MAX);
        return Rewordings.of(old, known, elsewhere).size() < known.size();
    }

    /** Whether it is enough that its teacher says {@code held} again: he knows that the two requests are different. */
    static boolean yieldsToRepetition(Lesson held) {
        var reason = held.reason();
        return held.state() == LessonState.HELD && reason != null && reason.startsWith(NEARLY);
    }

    private static String nearly(Lesson other) {
        return NEARLY + other.id() + ", with another answer";
    }

    private static boolean contradict(Lesson a, Lesson b) {
        return !Wording.plain(a.answer()).equals(Wording.plain(b.answer()));
    }

    private record Near(List<Lesson> equal, List<Lesson> near) {}

    /** What is like {@code lesson}'s request without being it, newest first. */
    private Near near(Handle db, Lesson lesson) {
        var nearness = Nearness.of(lesson.messages());
        var equal = new ArrayList<Lesson>();
        var near = new ArrayList<Lesson>();
        for (var other : compared.near(db, lesson.instance(), nearness.key())) {
            if (other.id().equals(lesson.id())) {
                continue;
            }
            switch (nearness.to(other.words())) {
                case EQUAL -> rows.find(db, other.id()).ifPresent(equal::add);
                case NEAR -> rows.find(db, other.id()).ifPresent(near::add);
                case FAR -> {}
            }
        }
        return new Near(equal, near);
    }
}
