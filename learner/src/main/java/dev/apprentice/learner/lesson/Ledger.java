package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import dev.apprentice.learner.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The lessons of all instances. Any thread may call; what is returned is durable.
 *
 * <p>All decisions about a new lesson (was it given already, whom does it speak over) are taken by the store's one
 * writer within the transaction that records it, so that twenty equal calls at once see each other and make one lesson,
 * without a lock here.
 */
public final class Ledger {
    private static final Duration RATE_WINDOW = Duration.ofHours(1);

    private final LessonRows rows = new LessonRows();
    private final Idempotency idempotency = new Idempotency();
    private final Prequential prequential = new Prequential();
    private final Store store;
    private final Instances instances;
    private final Interactions interactions;
    private final Events events;
    private final LessonFit fit;
    private final LessonWatcher watcher;
    private final Seams seams;

    /** The lessons of {@code store}. */
    public Ledger(
            Store store,
            Instances instances,
            Interactions interactions,
            Events events,
            LessonFit fit,
            LessonWatcher watcher,
            Seams seams) {
        this.store = store;
        this.instances = instances;
        this.interactions = interactions;
        this.events = events;
        this.fit = fit;
        this.watcher = watcher;
        this.seams = seams;
    }

    /** What became of a piece of feedback. */
    private record Given(Lesson lesson, boolean fresh, List<Lesson> superseded, boolean frozen) {}

    /**
     * Makes a lesson of {@code feedback}, or finds the one that it made already.
     *
     * @param idempotencyKey under which name it is said, null for none
     * @param keyScope whose names these are: the API key's id, or {@code local}
     * @throws NotFoundException code {@code interaction_not_found} or {@code instance_not_found}
     * @throws dev.apprentice.engine.InvalidRequestException naming the field that lacks, or has, what it should not
     * @throws dev.apprentice.engine.UnprocessableException if nobody could learn from it
     * @throws OverloadedException code {@code too_many_lessons} past the policy's limit
     */
    public Lesson give(Feedback feedback, @Nullable String idempotencyKey, String keyScope) {
        return give(feedback, idempotencyKey, keyScope, _ -> true);
    }

    /** The same by someone for whom only the instances exist that {@code sees} lets pass. */
    public Lesson give(Feedback feedback, @Nullable String idempotencyKey, String keyScope, Predicate<String> sees) {
        if (idempotencyKey != null) {
            FeedbackShape.checkKey(idempotencyKey);
        }
        check(feedback, sees);
        return store.submit(db -> give(sight(db, sees), feedback, idempotencyKey, keyScope), this::tell)
                .await()
                .lesson();
    }

    /** Throws what {@link #give(Feedback, String, String, Predicate)} would throw, and records nothing. */
    public void check(Feedback feedback, Predicate<String> sees) {
        FeedbackShape.check(feedback);
        var source = store.read(db -> Source.of(sight(db, sees), feedback));
        var prompt = instances.get(source.instance()).systemPrompt();
        switch (feedback) {
            case Feedback.Teaching teaching -> fit.check(prompt, source.messages(), teaching.answer());
            case Feedback.Preference preference -> {
                for (var side : List.of(preference.chosen(), preference.rejected())) {
                    if (side instanceof Feedback.Written written) {
                        fit.check(prompt, source.messages(), written.answer());
                    }
                }
            }
            case Feedback.Opinion _ -> {} // names a text that the base has read or said already
        }
    }

    /** Records all {@code examples}, each {@linkplain #check checked} before, or none of them: in one transaction. */
    public Imported giveAll(List<Feedback.Example> examples) {
        var all = store.submit(
                        db -> {
                            var given = new ArrayList<Given>();
                            for (var example : examples) {
                                var source = Source.of(sight(db, _ -> true), example);
                                var now = Columns.stored(seams.clock().instant());
                                given.add(teach(db, example, source, instances.get(db, source.instance()), now));
                            }
                            return given;
                        },
                        given -> given.forEach(this::tell))
                .await();
        var imported = Imported.NOTHING;
        for (var given : all) {
            imported = imported.plus(given.fresh(), given.superseded().size());
        }
        return imported;
    }

    /**
     * One lesson.
     *
     * @throws NotFoundException code {@code lesson_not_found}
     */
    public Lesson get(String id) {
        return store.read(db -> get(db, id));
    }

    /** Part of the list, oldest first. */
    public Page<Lesson> list(LessonFilter filter, @Nullable String after, int limit) {
        return store.read(db -> rows.list(db, filter, Cursor.at(after, limit)));
    }

    /** Every lesson of {@code instance} that holds, oldest first. */
    public List<Lesson> active(String instance) {
        return store.read(db -> rows.active(db, instance));
    }

    /** How many lessons {@code instance} has in each state. */
    public Map<LessonState, Integer> counts(String instance) {
        return store.read(db -> rows.counts(db, instance));
    }

    /** How the corrected answers of {@code instance} had done, oldest first. */
    public List<Tested> tested(String instance) {
        return store.read(db -> prequential.all(db, instance));
    }

    /** From here on no promotion may lose the lesson, or any may again. */
    public Lesson pin(String id, boolean pinned) {
        return store.write(db -> {
            var lesson = get(db, id);
            if (pinned && !(lesson.kind().teaches() && lesson.state().active())) {
                throw new ConflictException(
                        "lesson_inactive",
                        "lesson " + id + " is not one that is learnt, or holds no more, so nothing could keep it",
                        Fault.of("pinned", "false", "true"));
            }
            rows.pin(db, id, pinned);
            return get(db, id);
        });
    }

    /** Takes the lesson back: gone from recall at once. */
    public Lesson withdraw(String id) {
        return store.submit(
                        db -> {
                            if (get(db, id).state() != LessonState.WITHDRAWN) {
                                move(db, id, LessonState.WITHDRAWN, null);
                            }
                            return get(db, id);
                        },
                        this::tellGone)
                .await();
    }

    /**
     * Takes back all lessons that {@code which} means, and returns them: gone from recall at once.
     *
     * @throws NotFoundException code {@code instance_not_found}
     */
    public List<Lesson> withdraw(Withdrawal which) {
        return store.submit(
                        db -> {
                            var _ = instances.get(db, which.instance()); // or there is none: 404
                            var standing = rows.standing(db, which);
                            standing.forEach(lesson -> move(db, lesson.id(), LessonState.WITHDRAWN, null));
                            return standing.stream()
                                    .map(lesson -> get(db, lesson.id()))
                                    .toList();
                        },
                        gone -> gone.forEach(this::tellGone))
                .await();
    }

    /** The lessons are in the index of recall now; returns without waiting. */
    public void recalled(Collection<String> ids) {
        var _ = store.submit(db -> {
            for (var id : ids) {
                if (rows.recalled(db, id, seams.clock().instant())) {
                    tell(db, get(db, id));
                }
            }
            return ids.size();
        });
    }

    /** The lessons could not be learnt; recall goes on serving them. */
    public void park(Collection<String> ids, String reason) {
        store.write(db -> {
            for (var id : ids) {
                if (get(db, id).state().active()) {
                    move(db, id, LessonState.PARKED, reason);
                }
            }
            return ids.size();
        });
    }

    /** Notes whether the exam items of lessons hold on the live checkpoint, within the transaction of {@code db}. */
    public void examined(Handle db, Map<String, Boolean> passes) {
        passes.forEach((id, passed) -> rows.passes(db, id, passed));
    }

    /**
     * The live checkpoint was trained on {@code lessons} and on no others, within the transaction of {@code db}.
     *
     * @param number of the live checkpoint, 0 for the bare base
     */
    public void carried(Handle db, String instance, Set<String> lessons, int number) {
        for (var lesson : rows.active(db, instance)) {
            if (lessons.contains(lesson.id())) {
                rows.carriedBy(db, lesson.id(), number);
                if (lesson.state() != LessonState.LIVE) {
                    move(db, lesson.id(), LessonState.LIVE, null);
                }
            } else if (lesson.state() == LessonState.LIVE) {
                move(db, lesson.id(), LessonState.RECALLED, null);
            }
        }
    }

    /** An answer is whole, within the transaction of {@code db}: judged by the corrections that came before its end. */
    public void answered(Handle db, String interaction, int choice, String said) {
        for (var lesson : rows.awaiting(db, interaction, choice)) {
            rows.said(db, lesson.id(), said);
            if (!lesson.kind().teaches()) {
                continue;
            }
            interactions
                    .find(db, interaction, choice)
                    .ifPresent(asked -> judge(db, lesson, said, asked.checkpoint(), asked.guided()));
        }
    }

    private Source.Sight sight(Handle db, Predicate<String> sees) {
        return new Source.Sight(db, interactions, sees);
    }

    private Given give(Source.Sight sight, Feedback feedback, @Nullable String key, String scope) {
        var db = sight.db();
        var source = Source.of(sight, feedback); // once more: the answer may have become whole meanwhile
        var instance = instances.get(db, source.instance());
        var now = Columns.stored(seams.clock().instant());
        var body = Same.digest(Columns.json(List.of(feedback.getClass().getSimpleName(), feedback)));
        if (key != null) {
            var earlier = idempotency.find(db, scope, key, body, now);
            if (earlier.isPresent()) {
                return new Given(get(db, earlier.get()), false, List.of(), instance.frozen());
            }
        }
        var given = switch (feedback) {
            case Feedback.Teaching teaching -> teach(db, teaching, source, instance, now);
            case Feedback.Opinion opinion -> note(sight, opinion, source, instance, now);
        };
        if (key != null) {
            idempotency.remember(db, scope, key, body, given.lesson().id(), now);
        }
        return given;
    }

    /** The last word of one teacher on one answer, kind by kind, takes the place of his earlier one. */
    private Given note(Source.Sight sight, Feedback.Opinion feedback, Source source, Instance instance, Instant now) {
        var db = sight.db();
        var own = Opinions.own(sight, source, feedback);
        var lesson = source.lesson(newId(), feedback, instance, "", false, now, own);
        var earlier = rows.earlier(db, lesson);
        for (var said : earlier) {
            if (said.own().equals(own)) {
                return new Given(said, false, List.of(), instance.frozen());
            }
        }
        checkRate(db, instance, feedback.by(), now);
        rows.insert(db, lesson, Same.key(source.messages()));
        earlier.forEach(said -> move(db, said.id(), LessonState.SUPERSEDED, "by " + lesson.id()));
        tell(db, lesson);
        return new Given(lesson, true, List.of(), instance.frozen());
    }

    private Given teach(Handle db, Feedback.Teaching feedback, Source source, Instance instance, Instant now) {
        var same = Same.key(source.messages());
        var rivals = rows.rivals(db, source, same, feedback.by());
        for (var rival : rivals) { // said already, by the same teacher: one lesson is enough
            if (rival.by().equals(feedback.by()) && rival.answer().equals(feedback.answer())) {
                return new Given(rival, false, List.of(), instance.frozen());
            }
        }
        checkRate(db, instance, feedback.by(), now);
        var pinned = rivals.stream().anyMatch(Lesson::pinned); // what may never be lost is now this
        var lesson = source.lesson(newId(), feedback, instance, feedback.answer(), pinned, now, Map.of());
        rows.insert(db, lesson, same);
        rivals.forEach(rival -> move(db, rival.id(), LessonState.SUPERSEDED, "by " + lesson.id()));
        tell(db, lesson);
        if (source.said() != null) {
            judge(db, lesson, source.said(), source.checkpoint(), source.guided());
        }
        return new Given(lesson, true, List.copyOf(rivals), instance.frozen());
    }

    private String newId() {
        return "les_" + seams.ids().get();
    }

    private void judge(Handle db, Lesson lesson, String said, int checkpoint, Guided guided) {
        var match = instances.get(db, lesson.instance()).policy().match();
        prequential.note(db, lesson, checkpoint, guided, Right.holds(match, said, lesson.answer()));
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

    private void tell(Given given) {
        given.superseded().forEach(watcher::gone);
        var lesson = given.lesson();
        if (given.fresh() && lesson.kind().teaches() && !given.frozen()) {
            watcher.given(lesson);
        }
    }

    private void tellGone(Lesson lesson) {
        if (lesson.kind().teaches()) {
            watcher.gone(lesson);
        }
    }

    private void move(Handle db, String id, LessonState state, @Nullable String reason) {
        rows.state(db, id, state, reason, seams.clock().instant());
        tell(db, get(db, id));
    }

    private void tell(Handle db, Lesson lesson) {
        var data = Map.of("lesson", lesson.id(), "state", lesson.state().name().toLowerCase(Locale.ROOT));
        events.append(db, EventKind.LESSON, lesson.instance(), data);
    }

    private Lesson get(Handle db, String id) {
        return rows.find(db, id)
                .orElseThrow(() -> new NotFoundException(
                        "lesson_not_found",
                        "there is no lesson '" + id + "'",
                        Fault.of("lesson", "an existing lesson's id", id)));
    }
}
