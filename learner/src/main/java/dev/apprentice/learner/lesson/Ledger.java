package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import dev.apprentice.learner.store.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
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
    private final LessonRows rows = new LessonRows();
    private final Prequential prequential = new Prequential();
    private final Recording recording;
    private final JudgedRows judged;
    private final Store store;
    private final Instances instances;
    private final Interactions interactions;
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
        this.fit = fit;
        this.watcher = watcher;
        this.seams = seams;
        this.judged = new JudgedRows(rows, interactions);
        this.recording = new Recording(rows, prequential, instances, interactions, events, fit, seams);
    }

    /**
     * Makes a lesson of {@code feedback}, or finds the one that it made already.
     *
     * @param idempotencyKey under which name it is said, null for none
     * @param keyScope whose names these are: the API key's id, or {@code local}
     * @throws NotFoundException code {@code interaction_not_found} or {@code instance_not_found}
     * @throws dev.apprentice.engine.InvalidRequestException naming the field that lacks, or has, what it should not
     * @throws dev.apprentice.engine.UnprocessableException if nobody could learn from it
     * @throws dev.apprentice.engine.OverloadedException code {@code too_many_lessons} past the policy's limit
     */
    public Lesson give(Feedback feedback, @Nullable String idempotencyKey, String keyScope) {
        return give(feedback, idempotencyKey, keyScope, _ -> true);
    }

    /** The same by someone for whom only the instances exist that {@code sees} lets pass. */
    public Lesson give(Feedback feedback, @Nullable String idempotencyKey, String keyScope, Predicate<String> sees) {
        if (idempotencyKey != null) {
            FeedbackShape.checkKey(idempotencyKey);
        }
        switch (feedback) {
            case Feedback.Teaching _, Feedback.Preference _ -> check(feedback, sees);
            case Feedback.Opinion _ -> FeedbackShape.check(feedback); // the rest is looked up when it is recorded
        }
        return store.submit(
                        db -> recording.give(sight(db, sees), feedback, idempotencyKey, keyScope),
                        given -> given.changes().tell(watcher))
                .await()
                .lesson();
    }

    /**
     * Keeps what a user's next turn says of one of {@code answers}, newest first; returns without waiting.
     *
     * @param next id of the request that brought the turn
     */
    public void heard(NextTurn turn, List<String> answers, String next) {
        store.leave(db -> recording.heard(sight(db, _ -> true), turn, answers, next), changes -> changes.tell(watcher));
    }

    /** Throws what {@link #give(Feedback, String, String, Predicate)} would throw, and records nothing. */
    public void check(Feedback feedback, Predicate<String> sees) {
        FeedbackShape.check(feedback);
        var source = feedback instanceof Feedback.Example example
                ? Source.of(example, sees)
                : store.read(db -> Source.of(sight(db, sees), feedback));
        var prompt = instances.get(source.instance()).systemPrompt();
        switch (feedback) {
            case Feedback.Teaching teaching -> {
                var _ = fit.text(teaching.reply()); // or there is no form for it: 422
                Called.of(teaching, source.tools()).check();
                fit.check(prompt, source.messages(), source.tools(), teaching.reply());
            }
            case Feedback.Preference preference -> {
                for (var side : List.of(preference.chosen(), preference.rejected())) {
                    if (side instanceof Feedback.Written written) {
                        fit.check(
                                prompt,
                                source.messages(),
                                source.tools(),
                                ChatMessage.of("assistant", written.answer()));
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
                            var given = new ArrayList<Recording.Given>();
                            for (var example : examples) {
                                var source = Source.of(sight(db, _ -> true), example);
                                var now = Columns.stored(seams.clock().instant());
                                var instance = instances.get(db, source.instance());
                                given.add(recording.teach(db, example, source, instance, now, false));
                            }
                            return given;
                        },
                        given -> given.forEach(each -> each.changes().tell(watcher)))
                .await();
        var imported = Imported.NOTHING;
        for (var given : all) {
            imported = imported.plus(given);
        }
        return imported;
    }

    /**
     * One lesson.
     *
     * @throws NotFoundException code {@code lesson_not_found}
     */
    public Lesson get(String id) {
        return store.read(db -> recording.get(db, id));
    }

    /** Part of the list, oldest first. */
    public Page<Lesson> list(LessonFilter filter, @Nullable String after, int limit) {
        return store.read(db -> rows.list(db, filter, Cursor.at(after, limit)));
    }

    /** Every lesson of {@code instance} that holds, oldest first. */
    public List<Lesson> active(String instance) {
        return store.read(db -> rows.active(db, instance));
    }

    /** What waits to be studied of {@code instance}, in no order: it costs what waits, not what was taught. */
    public List<Waiting> waiting(String instance) {
        return store.read(db -> rows.waiting(db, instance));
    }

    /** Ids of the lessons of {@code instance} that were taken back. */
    public Set<String> withdrawn(String instance) {
        return store.read(db -> rows.withdrawn(db, instance));
    }

    /** Hands over where every lesson of {@code instance} that holds stands, oldest first. */
    public void places(String instance, Consumer<Place> reader) {
        store.<@Nullable Void>read(db -> {
            rows.places(db, instance, reader);
            return null;
        });
    }

    /** Those of {@code ids} that are lessons of {@code instance} and hold, oldest first. */
    public List<Placed> placed(String instance, Collection<String> ids) {
        return store.read(db -> rows.placed(db, instance, ids));
    }

    /** The lesson that holds for the request with the key {@code same} of {@link Same}, if there is one. */
    public Optional<Lesson> exact(String instance, String same) {
        return store.read(db -> rows.exact(db, instance, same));
    }

    /** Every lesson of {@code instance} that says how good whole answers were, with them, oldest first. */
    public List<Judged> judged(String instance) {
        return store.read(db -> judged.all(db, instance));
    }

    /** What judged lessons of {@code instance} are measured from, by lesson, as far as they were studied before. */
    public Map<String, Reference> references(String instance) {
        return store.read(db -> judged.references(db, instance));
    }

    /** Keeps what judged lessons are measured from. */
    public void keep(Map<String, Reference> references) {
        store.write(db -> {
            judged.keep(db, references);
            return references.size();
        });
    }

    /** Nothing can be learnt from these lessons, for the reason of each. */
    public void reject(Map<String, String> reasons) {
        store.write(db -> {
            reasons.forEach((id, reason) -> {
                if (recording.get(db, id).state().active()) {
                    recording.move(db, id, LessonState.REJECTED, reason);
                }
            });
            return reasons.size();
        });
    }

    /**
     * Lessons that may be other wordings of a fact that has changed, each with the newer lesson; at most {@code limit}.
     * They act as before: too little says that they are.
     */
    public Map<Lesson, Lesson> perhapsOutdated(String instance, int limit) {
        return store.read(db -> new Disputes(rows).perhapsOutdated(db, instance, limit));
    }

    /** How many lessons that say what to answer {@code instance} has in each state. */
    public Map<LessonState, Integer> counts(String instance) {
        return store.read(db -> rows.counts(db, instance));
    }

    /** How many ratings, rewards, preferences and critiques of {@code instance} stand. */
    public Map<LessonKind, Integer> opinions(String instance) {
        return store.read(db -> rows.opinions(db, instance));
    }

    /** How the corrected answers of {@code instance} had done, oldest first. */
    public List<Tested> tested(String instance) {
        return store.read(db -> prequential.all(db, instance));
    }

    /** From here on no promotion may lose the lesson, or any may again. */
    public Lesson pin(String id, boolean pinned) {
        return store.write(db -> {
            var lesson = recording.get(db, id);
            if (pinned && !(lesson.kind().teaches() && lesson.state().active())) {
                throw new ConflictException(
                        "lesson_inactive",
                        "lesson " + id + " is not one that is learnt, or holds no more, so nothing could keep it",
                        Fault.of("pinned", "false", "true"));
            }
            rows.pin(db, id, pinned);
            return recording.get(db, id);
        });
    }

    /** A person has decided that the lesson is right: it holds from here on, whatever it contradicts. */
    public Lesson release(String id) {
        return change(id, (db, lesson) -> {
            if (lesson.state() != LessonState.HELD) {
                throw new ConflictException(
                        "lesson_not_held",
                        "lesson " + id + " is not held, so there is nothing to decide",
                        Fault.of("held", "absent", "false"));
            }
            return recording.release(db, lesson);
        });
    }

    /** Takes the lesson back: gone from recall at once. */
    public Lesson withdraw(String id) {
        return change(id, recording::withdraw);
    }

    private Lesson change(String id, BiFunction<Handle, Lesson, Recording.Changes> act) {
        return store.submit(
                        db -> {
                            var changes = act.apply(db, recording.get(db, id));
                            return new Recording.Given(recording.get(db, id), false, changes);
                        },
                        given -> given.changes().tell(watcher))
                .await()
                .lesson();
    }

    /**
     * Takes back all lessons that {@code which} means, and returns them: gone from recall at once.
     *
     * @throws NotFoundException code {@code instance_not_found}
     */
    public List<Lesson> withdraw(Withdrawal which) {
        return store
                .submit(
                        db -> {
                            var _ = instances.get(db, which.instance()); // or there is none: 404
                            var gone = new ArrayList<Recording.Given>();
                            for (var lesson : rows.standing(db, which)) {
                                var changes = recording.withdraw(db, recording.get(db, lesson.id()));
                                gone.add(new Recording.Given(recording.get(db, lesson.id()), false, changes));
                            }
                            return gone;
                        },
                        gone -> gone.forEach(each -> each.changes().tell(watcher)))
                .await()
                .stream()
                .map(Recording.Given::lesson)
                .toList();
    }

    /** The lessons are in the index of recall now; returns without waiting. */
    public void recalled(Collection<String> ids) {
        store.leave(
                db -> {
                    for (var id : ids) {
                        if (rows.recalled(db, id, seams.clock().instant())) {
                            recording.tell(db, recording.get(db, id));
                        }
                    }
                    return ids.size();
                },
                _ -> {});
    }

    /** The lessons could not be learnt; recall goes on serving them. */
    public void park(Collection<String> ids, String reason) {
        store.write(db -> {
            for (var id : ids) {
                if (recording.get(db, id).state().active()) {
                    recording.move(db, id, LessonState.PARKED, reason);
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
        var standing = new ArrayList<>(rows.active(db, instance));
        standing.addAll(rows.judged(db, instance));
        for (var lesson : standing) {
            if (lessons.contains(lesson.id())) {
                rows.carriedBy(db, lesson.id(), number);
                if (lesson.state() != LessonState.LIVE) {
                    recording.move(db, lesson.id(), LessonState.LIVE, null);
                }
            } else if (lesson.state() == LessonState.LIVE) {
                var back = lesson.kind().teaches() ? LessonState.RECALLED : LessonState.RECORDED;
                recording.move(db, lesson.id(), back, null);
            }
        }
    }

    /** An answer is whole, within the transaction of {@code db}: judged by the corrections that came before its end. */
    public void answered(Handle db, String interaction, int choice, String said) {
        recording.answered(db, interaction, choice, said);
    }

    private Source.Sight sight(Handle db, Predicate<String> sees) {
        return new Source.Sight(db, interactions, sees);
    }
}
