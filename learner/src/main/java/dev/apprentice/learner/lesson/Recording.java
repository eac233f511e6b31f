package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interaction;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.store.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is decided about lessons within the transaction that records them: was it given already, whom does it speak
 * over, whom does it contradict. Owned by the store's writer thread.
 */
final class Recording {
    private static final Duration RATE_WINDOW = Duration.ofHours(1);

    private final LessonRows rows;
    private final Idempotency idempotency = new Idempotency();
    private final Prequential prequential;
    private final Disputes disputes;
    private final Instances instances;
    private final Interactions interactions;
    private final Events events;
    private final LessonFit fit;
    private final Seams seams;

    Recording(
            LessonRows rows,
            Prequential prequential,
            Instances instances,
            Interactions interactions,
            Events events,
            LessonFit fit,
            Seams seams) {
        this.rows = rows;
        this.prequential = prequential;
        this.disputes = new Disputes(rows);
        this.instances = instances;
        this.interactions = interactions;
        this.events = events;
        this.fit = fit;
        this.seams = seams;
    }

    /**
     * What became of a word.
     *
     * @param lesson what it made, or found
     * @param fresh whether it made it
     * @param changes what that means for others
     */
    record Given(Lesson lesson, boolean fresh, Changes changes) {}

    /**
     * Lessons that act no more, and lessons that act from here on.
     *
     * @param gone in the order in which they went
     * @param acting in the order in which they came; none of a frozen instance
     */
    record Changes(List<Lesson> gone, List<Lesson> acting) {
        static final Changes NONE = new Changes(List.of(), List.of());

        Changes {
            gone = List.copyOf(gone);
            acting = List.copyOf(acting);
        }

        Changes plus(Changes more) {
            return new Changes(joined(gone, more.gone), joined(acting, more.acting));
        }

        private static List<Lesson> joined(List<Lesson> a, List<Lesson> b) {
            return Stream.concat(a.stream(), b.stream()).toList();
        }

        void tell(LessonWatcher watcher) {
            gone.forEach(watcher::gone);
            acting.forEach(watcher::given);
        }
    }

    Given give(Source.Sight sight, Feedback feedback, @Nullable String key, String scope) {
        var db = sight.db();
        var source = Source.of(sight, feedback); // once more: the answer may have become whole meanwhile
        var instance = instances.now(db, source.instance());
        var now = Columns.stored(seams.clock().instant());
        var body = key == null
                ? ""
                : Same.digest(Columns.json(List.of(feedback.getClass().getSimpleName(), feedback)));
        if (key != null) {
            var earlier = idempotency.find(db, scope, key, body, now);
            if (earlier.isPresent()) {
                return new Given(get(db, earlier.get()), false, Changes.NONE);
            }
        }
        var given = switch (feedback) {
            case Feedback.Teaching teaching -> teach(db, teaching, source, instance, now, true);
            case Feedback.Opinion opinion -> note(sight, opinion, source, instance, now);
        };
        var judged = source.interaction();
        if (judged != null && given.fresh() && !(feedback instanceof Feedback.Implicit)) { // no guess beside a word
            var changes = supersede(db, given.lesson().id(), rows.signs(db, judged, source.choice()));
            given = new Given(given.lesson(), true, given.changes().plus(changes));
        }
        if (key != null) {
            idempotency.remember(db, scope, key, body, given.lesson().id(), now);
        }
        return given;
    }

    /**
     * A user's next turn, on the first of the {@code answers} that has its words; nothing where somebody has spoken of
     * that answer, where it may not teach, or past the policy's limit.
     */
    Changes heard(Source.Sight sight, NextTurn turn, List<String> answers, String next) {
        var db = sight.db();
        for (var id : answers) {
            int choices = interactions.find(db, id, 0).map(Interaction::choices).orElse(0);
            for (int choice = 0; choice < choices; choice++) {
                var said = interactions
                        .find(db, id, choice)
                        .map(Interaction::said)
                        .map(Wording::plain)
                        .orElse("");
                if (!said.isEmpty() && said.equals(Wording.plain(turn.answer()))) {
                    return rows.spokenOf(db, id, choice)
                            ? Changes.NONE
                            : heard(sight, new Feedback.Implicit(id, choice, turn.sign(), next));
                }
            }
        }
        return Changes.NONE;
    }

    private Changes heard(Source.Sight sight, Feedback.Implicit feedback) {
        try {
            return give(sight, feedback, null, "").changes();
        } catch (ApprenticeException e) { // refused before anything was written, and nobody waits for it
            return Changes.NONE;
        }
    }

    /** The last word of one teacher on one answer, kind by kind, takes the place of his earlier one. */
    private Given note(Source.Sight sight, Feedback.Opinion feedback, Source source, Instance instance, Instant now) {
        var db = sight.db();
        var lesson = source.lesson(newId(), feedback, instance, "", now, Opinions.own(sight, source, feedback));
        var earlier = rows.earlier(db, lesson);
        for (var said : earlier) {
            if (said.own().equals(lesson.own())) {
                return new Given(said, false, Changes.NONE);
            }
        }
        checkRate(db, instance, feedback.by(), now);
        rows.insert(db, lesson, Same.key(source.messages()));
        earlier.forEach(said -> move(db, said.id(), LessonState.SUPERSEDED, "by " + lesson.id()));
        tell(db, lesson);
        var gone = earlier.stream().filter(said -> said.state().active()).toList();
        return new Given(lesson, true, new Changes(gone, List.of()).plus(acting(db, lesson)));
    }

    /**
     * Teaches.
     *
     * @param wordings whether the other wordings of a fact change with it: not where each is said anyway
     */
    Given teach(
            Handle db, Feedback.Teaching feedback, Source source, Instance instance, Instant now, boolean wordings) {
        var same = Same.key(source.messages());
        var text = fit.text(feedback.reply());
        var rivals = rows.rivals(db, source, same, feedback.by());
        for (var rival : rivals) { // said already, by the same teacher: one lesson is enough
            if (rival.by().equals(feedback.by()) && rival.answer().equals(text)) {
                var changes = Disputes.yieldsToRepetition(rival) ? release(db, rival) : Changes.NONE;
                return new Given(get(db, rival.id()), false, changes);
            }
        }
        checkRate(db, instance, feedback.by(), now);
        var own = Called.of(feedback, source.tools()).own();
        var said = source.lesson(newId(), feedback, instance, text, now, own);
        var standing = disputes.of(db, said, rivals, instance);
        var lesson = said.inPlaceOf(standing.over());
        var changing = wordings && !standing.held()
                ? disputes.wordings(db, lesson, standing.over(), instance)
                : List.<Lesson>of();
        rows.insert(db, lesson, same);
        if (standing.pinned()) {
            rows.pin(db, lesson.id(), true); // what may never be lost is now this
        }
        hold(db, lesson.id(), standing);
        var changes = supersede(db, lesson.id(), standing.over());
        for (var wording : changing) {
            changes = changes.plus(change(db, wording, lesson));
        }
        var kept = get(db, lesson.id());
        tell(db, kept);
        if (source.said() != null && !standing.held()) {
            judge(db, lesson, source.said(), source.checkpoint(), source.guided());
        }
        return new Given(kept, true, standing.held() ? changes : changes.plus(acting(db, kept)));
    }

    /** The request of {@code wording} is answered as {@code now} says from here on. */
    private Changes change(Handle db, Lesson wording, Lesson now) {
        var changed = wording.changed(newId(), now).inPlaceOf(List.of(wording));
        rows.insert(db, changed, Same.key(wording.messages()));
        if (wording.pinned()) {
            rows.pin(db, changed.id(), true);
        }
        var changes = supersede(db, changed.id(), List.of(wording));
        var kept = get(db, changed.id());
        tell(db, kept);
        return changes.plus(acting(db, kept));
    }

    /** A person has decided that {@code held} is right: it speaks over what else is said of its request. */
    Changes release(Handle db, Lesson held) {
        move(db, held.id(), LessonState.RECORDED, null);
        var over = rows.onRequest(db, held.instance(), Same.key(held.messages())).stream()
                .filter(other -> !other.id().equals(held.id()))
                .toList();
        return supersede(db, held.id(), over).plus(acting(db, get(db, held.id())));
    }

    /** Takes {@code lesson} back, and what changed with it; what was held against it is looked at again. */
    Changes withdraw(Handle db, Lesson lesson) {
        if (lesson.state() == LessonState.WITHDRAWN) { // with what it changed with, perhaps
            return Changes.NONE;
        }
        move(db, lesson.id(), LessonState.WITHDRAWN, null);
        var changes = gone(lesson).plus(reconsider(db, lesson.id()));
        for (var changed : rows.changedWith(db, lesson.id())) {
            changes = changes.plus(withdraw(db, changed));
        }
        return changes;
    }

    /** An answer is whole: judged by the corrections that came before its end. */
    void answered(Handle db, String interaction, int choice, String said) {
        for (var lesson : rows.awaiting(db, interaction, choice)) {
            rows.said(db, lesson.id(), said);
            if (lesson.kind().teaches() && lesson.state() != LessonState.HELD) {
                interactions
                        .find(db, interaction, choice)
                        .ifPresent(asked -> judge(db, lesson, said, asked.checkpoint(), asked.guided()));
            }
        }
    }

    void move(Handle db, String id, LessonState state, @Nullable String reason) {
        rows.state(db, id, state, reason, seams.clock().instant());
        tell(db, get(db, id));
    }

    void tell(Handle db, Lesson lesson) {
        var data = Map.of("lesson", lesson.id(), "state", lesson.state().name().toLowerCase(Locale.ROOT));
        events.append(db, EventKind.LESSON, lesson.instance(), data);
    }

    Lesson get(Handle db, String id) {
        return rows.find(db, id)
                .orElseThrow(() -> new NotFoundException(
                        "lesson_not_found",
                        "there is no lesson '" + id + "'",
                        Fault.of("lesson", "an existing lesson's id", id)));
    }

    private void hold(Handle db, String id, Disputes.Standing standing) {
        var against = standing.against();
        if (against != null) {
            rows.state(
                    db, id, LessonState.HELD, standing.reason(), seams.clock().instant());
            rows.against(db, id, against.id());
        }
    }

    private Changes supersede(Handle db, String by, List<Lesson> over) {
        over.forEach(lesson -> move(db, lesson.id(), LessonState.SUPERSEDED, "by " + by));
        var changes = Changes.NONE;
        for (var lesson : over) { // not before all of them are gone: what is held may be one of them
            changes = changes.plus(gone(lesson)).plus(reconsider(db, lesson.id()));
        }
        return changes;
    }

    /** What was held against {@code gone} holds from here on, unless it contradicts another, or one is newer. */
    private Changes reconsider(Handle db, String gone) {
        var changes = Changes.NONE;
        for (var held : rows.heldAgainst(db, gone)) {
            var rivals = rows.onRequest(db, held.instance(), Same.key(held.messages())).stream()
                    .filter(other -> !other.id().equals(held.id()))
                    .toList();
            var standing = disputes.of(db, held, rivals, instances.now(db, held.instance()));
            var newer = standing.over().stream()
                    .filter(other -> other.state().active())
                    .findFirst();
            if (standing.held()) {
                hold(db, held.id(), standing);
                tell(db, get(db, held.id()));
            } else if (newer.isPresent()) {
                move(db, held.id(), LessonState.SUPERSEDED, "by " + newer.get().id());
            } else {
                move(db, held.id(), LessonState.RECORDED, null);
                changes = changes.plus(acting(db, get(db, held.id())));
            }
        }
        return changes;
    }

    private static Changes gone(Lesson lesson) {
        return lesson.state().active() ? new Changes(List.of(lesson), List.of()) : Changes.NONE;
    }

    private Changes acting(Handle db, Lesson lesson) {
        return instances.now(db, lesson.instance()).frozen() ? Changes.NONE : new Changes(List.of(), List.of(lesson));
    }

    private String newId() {
        return "les_" + seams.ids().get();
    }

    private void judge(Handle db, Lesson lesson, String said, int checkpoint, Guided guided) {
        var match = instances.now(db, lesson.instance()).policy().match();
        prequential.note(db, lesson, checkpoint, guided, Right.holds(match, said, lesson));
    }

    private void checkRate(Handle db, Instance instance, String teacher, Instant now) {
        var limit = instance.policy().maxLessonsPerHour();
        if (limit != null && rows.countSince(db, instance.id(), teacher, now.minus(RATE_WINDOW)) >= limit) {
            throw new OverloadedException(
                    "too_many_lessons",
                    "this teacher has given " + limit + " lessons within an hour, which is the policy's limit",
                    RATE_WINDOW);
        }
    }
}
