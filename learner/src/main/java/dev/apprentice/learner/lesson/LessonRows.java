package dev.apprentice.learner.lesson;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import dev.apprentice.learner.store.PlainSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of lessons. */
final class LessonRows {
    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};

    private static final TypeReference<Map<String, Object>> OWN = new TypeReference<>() {};

    private static final String TEACHES = "kind in ('CORRECTION', 'EXAMPLE')";

    /** The kinds of {@link LessonKind#teaches()} in the states of {@link LessonState#active()}. */
    static final String ACTIVE = TEACHES + " and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED')";

    /** What says how good something was, and stands. */
    private static final String JUDGED =
            "not (" + TEACHES + ") and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED')";

    /** The same, and what waits for a person's decision. */
    private static final String STANDING = TEACHES + " and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED', 'HELD')";

    private static final String WAITING = "select id, kind, created from lessons where instance = ? and state in"
            + " ('RECORDED', 'RECALLED') and checkpoint is null and (" + TEACHES
            + " or kind in ('PREFERENCE', 'REWARD'))";

    private static final String FIND = "select * from lessons where id = ?";

    private static final String INSERT = """
            insert into lessons (id, instance, kind, interaction, choice, teacher, messages, same, answer, said, state,
            pinned, trust, own, near, wording, created, changed)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String AWAITING =
            "select * from lessons where interaction = ? and choice = ? and said is null order by seq";

    /** Two searches, as one with an "or" in it would go through all lessons of the instance; the plus is no index. */
    private static final String RIVALS = "select * from lessons where instance = ? and same = ? and " + STANDING
            + " union select * from lessons where interaction = ? and choice = ? and teacher = ? and +instance = ? and "
            + STANDING + " order by seq";

    private static final String EARLIER = """
            select * from lessons where state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED', 'REJECTED') and kind = ?
            and +instance = ? and teacher = ? and interaction is ? and choice = ?
            and (? is not null or json_extract(own, '$.episode') is ?) order by seq
            """;

    private static final String SIGNS = "select * from lessons where interaction = ? and choice = ? and teacher = '"
            + Feedback.Implicit.BY + "' and kind = 'IMPLICIT' and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED')";

    private static final String SPOKEN_OF = "select * from lessons where interaction = ? and choice = ?"
            + " and kind <> 'IMPLICIT' and state not in ('WITHDRAWN', 'SUPERSEDED') limit 1";

    private static final String RECALLED =
            "update lessons set state = 'RECALLED', changed = ? where id = ? and state = 'RECORDED'";

    private record Row(long sequence, Lesson lesson) {}

    Optional<Lesson> find(Handle db, String id) {
        return PlainSql.list(db, LessonRows::lesson, FIND, id).stream().findFirst();
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

    /** What no checkpoint has carried, of kinds that make a study due, without its texts. */
    List<Waiting> waiting(Handle db, String instance) {
        return PlainSql.list(
                db,
                row -> new Waiting(
                        row.getString("id"), LessonKind.valueOf(row.getString("kind")), Columns.time(row, "created")),
                WAITING,
                instance);
    }

    /** Hands over where the active lessons stand, oldest first, without holding them all. */
    void places(Handle db, String instance, Consumer<Place> reader) {
        db.createQuery("select seq, id, same, state from lessons where instance = :instance and " + ACTIVE
                        + " order by seq")
                .bind("instance", instance)
                .map((row, _) -> new Place(
                        row.getLong("seq"),
                        row.getString("id"),
                        row.getString("same"),
                        LessonState.valueOf(row.getString("state"))))
                .forEach(reader);
    }

    /** Those of {@code ids} that are active lessons, oldest first. */
    List<Placed> placed(Handle db, String instance, Collection<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return db.createQuery("select * from lessons where instance = :instance and id in (<ids>) and " + ACTIVE
                        + " order by seq")
                .bind("instance", instance)
                .bindList("ids", List.copyOf(ids))
                .map(LessonRows::row)
                .map(row -> new Placed(row.sequence(), row.lesson()))
                .list();
    }

    /** The newest active lesson on one request. */
    Optional<Lesson> exact(Handle db, String instance, String same) {
        return db.createQuery("select * from lessons where instance = :instance and same = :same and " + ACTIVE
                        + " order by seq desc limit 1")
                .bind("instance", instance)
                .bind("same", same)
                .map(LessonRows::row)
                .findOne()
                .map(Row::lesson);
    }

    /** What says how good answers were, and stands, oldest first. */
    List<Lesson> judged(Handle db, String instance) {
        return db.createQuery("select * from lessons where instance = :instance and " + JUDGED + " order by seq")
                .bind("instance", instance)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** What waits for the end of a contradiction to {@code id}. */
    List<Lesson> heldAgainst(Handle db, String id) {
        return db.createQuery("select * from lessons where state = 'HELD' and against = :id order by seq")
                .bind("id", id)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /** What changed with {@code id}, and stands. */
    List<Lesson> changedWith(Handle db, String id) {
        return db.createQuery("select * from lessons where json_extract(own, '$.changed_with') = :id and " + STANDING
                        + " order by seq")
                .bind("id", id)
                .map((row, context) -> row(row, context).lesson())
                .list();
    }

    /**
     * The lessons, active or held, on the same request or by the same teacher on the same answer: a new one speaks over
     * them.
     */
    List<Lesson> rivals(Handle db, Source source, String same, String teacher) {
        return PlainSql.list(
                db,
                LessonRows::lesson,
                RIVALS,
                source.instance(),
                same,
                source.interaction(),
                source.choice(),
                teacher,
                source.instance());
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
        var episode = opinion.own().get("episode");
        return PlainSql.list(
                db,
                LessonRows::lesson,
                EARLIER,
                opinion.kind().name(),
                opinion.instance(),
                opinion.by(),
                opinion.interaction(),
                opinion.choice(),
                opinion.interaction(),
                episode);
    }

    /** What next turns have said of an answer, as far as it stands. */
    List<Lesson> signs(Handle db, String interaction, int choice) {
        return PlainSql.list(db, LessonRows::lesson, SIGNS, interaction, choice);
    }

    /** Whether somebody has said something of an answer. */
    boolean spokenOf(Handle db, String interaction, int choice) {
        return !PlainSql.list(db, LessonRows::lesson, SPOKEN_OF, interaction, choice)
                .isEmpty();
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

    /** Ids of what was taken back. */
    Set<String> withdrawn(Handle db, String instance) {
        return Set.copyOf(db.createQuery("select id from lessons where instance = :instance and state = 'WITHDRAWN'")
                .bind("instance", instance)
                .mapTo(String.class)
                .list());
    }

    /** Feedback on an answer that was not whole when they came. */
    List<Lesson> awaiting(Handle db, String interaction, int choice) {
        return PlainSql.list(db, LessonRows::lesson, AWAITING, interaction, choice);
    }

    /** How much {@code teacher} has said since then: what only changed with it was not said. */
    int countSince(Handle db, String instance, String teacher, Instant since) {
        return db.createQuery("""
                        select count(*) from lessons where instance = :instance and teacher = :teacher and created > :since
                        and json_extract(own, '$.changed_with') is null
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
        db.createQuery("select kind, count(*) as lessons from lessons where instance = :instance and " + JUDGED
                        + " group by kind")
                .bind("instance", instance)
                .map((row, _) -> counts.put(LessonKind.valueOf(row.getString("kind")), row.getInt("lessons")))
                .list();
        return counts;
    }

    void insert(Handle db, Lesson lesson, String same) {
        var near = lesson.kind().teaches() ? Nearness.of(lesson.messages()) : null;
        var created = Columns.micros(lesson.created());
        PlainSql.update(
                db,
                INSERT,
                lesson.id(),
                lesson.instance(),
                lesson.kind().name(),
                lesson.interaction(),
                lesson.choice(),
                lesson.by(),
                Columns.json(lesson.messages()),
                same,
                lesson.answer(),
                lesson.said(),
                lesson.state().name(),
                lesson.pinned(),
                lesson.trust(),
                Columns.json(lesson.own()),
                near == null ? null : near.key(),
                near == null ? null : near.words(),
                created,
                created);
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
        return PlainSql.update(db, RECALLED, Columns.micros(now), id) > 0;
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
        return read(row);
    }

    static Lesson lesson(ResultSet row) throws SQLException {
        return read(row).lesson();
    }

    private static Row read(ResultSet row) throws SQLException {
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
