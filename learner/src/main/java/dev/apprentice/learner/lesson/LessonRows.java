package dev.apprentice.learner.lesson;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of lessons. */
final class LessonRows {
    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};

    private static final TypeReference<Map<String, Object>> OWN = new TypeReference<>() {};

    private static final String TEACHES = "kind in ('CORRECTION', 'EXAMPLE')";

    /** The kinds of {@link LessonKind#teaches()} in the states of {@link LessonState#active()}. */
    private static final String ACTIVE = TEACHES + " and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED')";

    /** The same, and what waits for a person's decision. */
    private static final String STANDING = TEACHES + " and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED', 'HELD')";

    /** With how many lessons of the same marks a new one is compared, the newest first. */
    private static final int NEAR_MAX = 128;

    /** A request that may be near another. */
    record Wording(String id, String words) {}

    private record Row(long sequence, Lesson lesson) {}

    Optional<Lesson> find(Handle db, String id) {
        return db.createQuery("select * from lessons where id = :id")
                .bind("id", id)
                .map(LessonRows::row)
                .findOne()
                .map(Row::lesson);
    }

    Page<Lesson> list(Handle db, LessonFilter filter, Cursor cursor) {
        var state = filter.state();
        var rows = db.createQuery("""
                        select * from lessons where seq > :after and (:instance is null or instance = :instance)
                        and (:state is null or state = :state) and (:teacher is null or teacher = :teacher)
                        order by seq limit :limit
                        """)
                .bind("after", cursor.after())
                .bind("instance", filter.instance())
                .bind("state", state == null ? null : state.name())
                .bind("teacher", filter.by())
                .bind("limit", cursor.limit() + 1)
                .map(LessonRows::row)
                .list();
        return cursor.page(rows, Row::sequence, Row::lesson);
    }

    List<Lesson> active(Handle db, String instance) {
        return db.createQuery("select * from lessons where instance = :instance and " + ACTIVE + " order by seq")
                .bind("instance", instance)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** The active lessons whose requests have the same marks, newest first. */
    List<Wording> near(Handle db, String instance, String key) {
        return db.createQuery("select id, wording from lessons where instance = :instance and near = :near and "
                        + ACTIVE + " order by seq desc limit :limit")
                .bind("instance", instance)
                .bind("near", key)
                .bind("limit", NEAR_MAX)
                .map((row, _) -> new Wording(row.getString("id"), row.getString("wording")))
                .list();
    }

    /** What waits for the end of a contradiction to {@code id}. */
    List<Lesson> heldAgainst(Handle db, String id) {
        return db.createQuery("select * from lessons where state = 'HELD' and against = :id order by seq")
                .bind("id", id)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /**
     * The lessons, active or held, on the same request or by the same teacher on the same answer: a new one speaks over
     * them.
     */
    List<Lesson> rivals(Handle db, Source source, String same, String teacher) {
        return db.createQuery("select * from lessons where " + STANDING + """
                         and instance = :instance
                        and (same = :same or (interaction = :interaction and choice = :choice and teacher = :teacher))
                        order by seq
                        """)
                .bind("instance", source.instance())
                .bind("same", same)
                .bind("interaction", source.interaction())
                .bind("choice", source.choice())
                .bind("teacher", teacher)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** The lessons, active or held, on one request. */
    List<Lesson> onRequest(Handle db, String instance, String same) {
        return db.createQuery("select * from lessons where " + STANDING
                        + " and instance = :instance and same = :same order by seq")
                .bind("instance", instance)
                .bind("same", same)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** What the same teacher has said before of the same answer, or of the same episode, in the same kind. */
    List<Lesson> earlier(Handle db, Lesson opinion) {
        return db.createQuery("""
                        select * from lessons where state = 'RECORDED' and kind = :kind and instance = :instance
                        and teacher = :teacher and interaction is :interaction and choice = :choice
                        and (:interaction is not null or json_extract(own, '$.episode') is :episode) order by seq
                        """)
                .bind("kind", opinion.kind().name())
                .bind("instance", opinion.instance())
                .bind("teacher", opinion.by())
                .bind("interaction", opinion.interaction())
                .bind("choice", opinion.choice())
                .bind("episode", opinion.own().get("episode"))
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** What can still be taken back of what was given from {@code after} on and before {@code before}. */
    List<Lesson> standing(Handle db, Withdrawal which) {
        return db.createQuery("""
                        select * from lessons where instance = :instance and state <> 'WITHDRAWN'
                        and (:teacher is null or teacher = :teacher)
                        and (:after is null or created >= :after) and (:before is null or created < :before) order by seq
                        """)
                .bind("instance", which.instance())
                .bind("teacher", which.by())
                .bind("after", which.after() == null ? null : Columns.micros(which.after()))
                .bind("before", which.before() == null ? null : Columns.micros(which.before()))
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** Feedback on an answer that was not whole when they came. */
    List<Lesson> awaiting(Handle db, String interaction, int choice) {
        return db.createQuery("""
                        select * from lessons where interaction = :interaction and choice = :choice and said is null
                        order by seq
                        """)
                .bind("interaction", interaction)
                .bind("choice", choice)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    int countSince(Handle db, String instance, String teacher, Instant since) {
        return db.createQuery("""
                        select count(*) from lessons where instance = :instance and teacher = :teacher and created > :since
                        """)
                .bind("instance", instance)
                .bind("teacher", teacher)
                .bind("since", Columns.micros(since))
                .mapTo(Integer.class)
                .one();
    }

    Map<LessonState, Integer> counts(Handle db, String instance) {
        var counts = new EnumMap<LessonState, Integer>(LessonState.class);
        db.createQuery("select state, count(*) as lessons from lessons where instance = :instance and " + TEACHES
                        + " group by state")
                .bind("instance", instance)
                .map((row, _) -> counts.put(LessonState.valueOf(row.getString("state")), row.getInt("lessons")))
                .list();
        return counts;
    }

    /** How much of each kind stands that says how good something was. */
    Map<LessonKind, Integer> opinions(Handle db, String instance) {
        var counts = new EnumMap<LessonKind, Integer>(LessonKind.class);
        db.createQuery("select kind, count(*) as lessons from lessons where instance = :instance and not " + TEACHES
                        + " and state = 'RECORDED' group by kind")
                .bind("instance", instance)
                .map((row, _) -> counts.put(LessonKind.valueOf(row.getString("kind")), row.getInt("lessons")))
                .list();
        return counts;
    }

    void insert(Handle db, Lesson lesson, String same) {
        var near = lesson.kind().teaches() ? Nearness.of(lesson.messages()) : null;
        db.createUpdate("""
                        insert into lessons (id, instance, kind, interaction, choice, teacher, messages, same, answer, said,
                        state, pinned, trust, own, near, wording, created, changed) values (:id, :instance, :kind,
                        :interaction, :choice, :teacher, :messages, :same, :answer, :said, :state, :pinned, :trust, :own,
                        :near, :wording, :created, :created)
                        """)
                .bind("near", near == null ? null : near.key())
                .bind("wording", near == null ? null : near.words())
                .bind("id", lesson.id())
                .bind("instance", lesson.instance())
                .bind("kind", lesson.kind().name())
                .bind("interaction", lesson.interaction())
                .bind("choice", lesson.choice())
                .bind("teacher", lesson.by())
                .bind("messages", Columns.json(lesson.messages()))
                .bind("same", same)
                .bind("answer", lesson.answer())
                .bind("said", lesson.said())
                .bind("state", lesson.state().name())
                .bind("pinned", lesson.pinned())
                .bind("trust", lesson.trust())
                .bind("own", Columns.json(lesson.own()))
                .bind("created", Columns.micros(lesson.created()))
                .execute();
    }

    void state(Handle db, String id, LessonState state, @Nullable String reason, Instant now) {
        db.createUpdate(
                        "update lessons set state = :state, reason = :reason, against = null, changed = :now where id = :id")
                .bind("id", id)
                .bind("state", state.name())
                .bind("reason", reason)
                .bind("now", Columns.micros(now))
                .execute();
    }

    void against(Handle db, String id, String other) {
        db.execute("update lessons set against = ? where id = ?", other, id);
    }

    /** From the index of recall: only what is no further yet. */
    boolean recalled(Handle db, String id, Instant now) {
        return db.createUpdate("""
                                update lessons set state = 'RECALLED', changed = :now where id = :id and state = 'RECORDED'
                                """)
                        .bind("id", id)
                        .bind("now", Columns.micros(now))
                        .execute()
                > 0;
    }

    void pin(Handle db, String id, boolean pinned) {
        db.execute("update lessons set pinned = ? where id = ?", pinned, id);
    }

    void said(Handle db, String id, String said) {
        db.execute("update lessons set said = ? where id = ?", said, id);
    }

    void passes(Handle db, String id, boolean passes) {
        db.execute("update lessons set passes = ? where id = ?", passes, id);
    }

    void carriedBy(Handle db, String id, int checkpoint) {
        db.execute("update lessons set checkpoint = coalesce(checkpoint, ?) where id = ?", checkpoint, id);
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        var passes = Columns.integer(row, "passes");
        return new Row(
                row.getLong("seq"),
                new Lesson(
                        row.getString("id"),
                        row.getString("instance"),
                        LessonKind.valueOf(row.getString("kind")),
                        Columns.text(row, "interaction"),
                        row.getInt("choice"),
                        Columns.json(row, "messages", MESSAGES),
                        row.getString("answer"),
                        Columns.text(row, "said"),
                        row.getString("teacher"),
                        LessonState.valueOf(row.getString("state")),
                        Columns.text(row, "reason"),
                        passes == null ? null : passes != 0,
                        Columns.integer(row, "checkpoint"),
                        row.getBoolean("pinned"),
                        row.getDouble("trust"),
                        Columns.time(row, "created"),
                        Columns.json(row, "own", OWN)));
    }
}
