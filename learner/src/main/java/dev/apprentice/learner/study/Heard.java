package dev.apprentice.learner.study;

import dev.apprentice.learner.exam.Opinions;
import dev.apprentice.learner.interaction.Spoken;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.recall.LiveAdapter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judged answers that a study may read. Immutable.
 *
 * @param judged what was said of them, oldest first
 * @param items what can be learnt of it
 * @param fresh ids of the lessons that live was not trained on
 */
record Heard(List<Judged> judged, List<JudgedItem> items, Set<String> fresh) {
    static final Heard NOTHING = new Heard(List.of(), List.of(), Set.of());

    Heard {
        judged = List.copyOf(judged);
        items = List.copyOf(items);
        fresh = Set.copyOf(fresh);
    }

    /** What {@code items} are made of, beside what {@code live} knows. */
    static Heard of(List<Judged> judged, List<JudgedItem> items, @Nullable LiveAdapter live) {
        var fresh = ids(items);
        if (live != null) {
            fresh.removeAll(live.lessons());
        }
        return new Heard(judged, items, fresh);
    }

    /** How many lessons are new and more than a thumb: enough of them make a study due. */
    long due() {
        return items.stream()
                .map(JudgedItem::lesson)
                .filter(lesson -> fresh.contains(lesson.id()) && JudgedDeck.due(lesson.kind()))
                .map(Lesson::id)
                .distinct()
                .count();
    }

    /** Whether a person has said something new: what users say next is no reason for anything. */
    boolean said() {
        return items.stream().map(JudgedItem::lesson).anyMatch(it -> fresh.contains(it.id()) && said(it));
    }

    private static boolean said(Lesson lesson) {
        return lesson.kind() != LessonKind.IMPLICIT;
    }

    /** Of what was {@code read}, what an exam may hold against a candidate: what persons said. */
    Map<String, Boolean> examined(Map<String, Boolean> read) {
        var examined = new LinkedHashMap<>(read);
        judged.stream()
                .map(Judged::lesson)
                .filter(lesson -> !said(lesson))
                .forEach(lesson -> examined.remove(lesson.id()));
        return examined;
    }

    /** Ids of the lessons that live was trained on. */
    Set<String> old() {
        var old = ids(items);
        old.removeAll(fresh);
        return old;
    }

    /** Ids of all lessons. */
    Set<String> lessons() {
        return ids(items);
    }

    /** The same without what is new. */
    Heard known() {
        var old = old();
        return new Heard(
                judged.stream().filter(it -> old.contains(it.lesson().id())).toList(),
                items.stream().filter(it -> old.contains(it.lesson().id())).toList(),
                Set.of());
    }

    /** What was asked where the answers were judged that {@code read} has lessons of, the newest first. */
    List<Opinions.Request> requests(Map<String, Boolean> read) {
        return judged.reversed().stream()
                .filter(it -> read.containsKey(it.lesson().id()))
                .flatMap(it -> switch (it) {
                    case Judged.Liked liked -> Stream.of(request(liked.answer()));
                    case Judged.Rewarded rewarded -> rewarded.answers().stream().map(Heard::request);
                    case Judged.Preferred pair -> Stream.of(new Opinions.Request(pair.messages(), pair.tools()));
                })
                .distinct()
                .toList();
    }

    private static Opinions.Request request(Spoken answer) {
        return new Opinions.Request(answer.messages(), answer.tools());
    }

    private static Set<String> ids(List<JudgedItem> items) {
        return items.stream().map(item -> item.lesson().id()).collect(Collectors.toCollection(HashSet::new));
    }
}
