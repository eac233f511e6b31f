package dev.apprentice.learner.lesson;

import dev.apprentice.learner.store.PlainSql;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The active lessons that a new one is compared with. */
final class ComparedRows {
    private static final String NEAR = "select id, wording from lessons where instance = ? and near = ? and "
            + LessonRows.ACTIVE + " order by seq desc limit ?";

    /** By the index of answers, which knows their first letters. */
    private static final String SAME_ANSWER = "select * from lessons where instance = ? and near = ?"
            + " and near is not null and substr(answer, 1, 64) collate nocase = substr(?, 1, 64) and "
            + LessonRows.ACTIVE
            + " order by seq limit ?";

    private static final String NEWEST =
            "select wording, answer from lessons where instance = ? and wording is not null and " + LessonRows.ACTIVE
                    + " order by seq desc limit ?";

    /** With how many lessons of the same marks a new one is compared, the newest first. */
    private static final int NEAR_MAX = 128;

    /** A request that may be near another. */
    record Wording(String id, String words) {}

    /** Ids of a lesson that is superseded, and of the one that took its place. */
    record Spoken(String older, String newer) {}

    /** The words of a request, one blank between two, and its answer. */
    record Answered(String words, String answer) {}

    /** The active lessons whose requests have the same marks, newest first. */
    List<Wording> near(Handle db, String instance, String key) {
        return PlainSql.list(
                db, row -> new Wording(row.getString("id"), row.getString("wording")), NEAR, instance, key, NEAR_MAX);
    }

    /** The newest active lessons, the newest first. */
    List<Answered> newest(Handle db, String instance, int limit) {
        return PlainSql.list(
                db, row -> new Answered(row.getString("wording"), row.getString("answer")), NEWEST, instance, limit);
    }

    /**
     * At most {@code limit} active lessons with the same marks whose answer begins as {@code answer} does, oldest
     * first.
     */
    List<Lesson> sameAnswer(Handle db, String instance, String key, String answer, int limit) {
        return PlainSql.list(db, LessonRows::lesson, SAME_ANSWER, instance, key, answer, limit);
    }

    /** The newest of those active lessons that have spoken over another one, each with it. */
    List<Spoken> spokenOver(Handle db, String instance, int limit) {
        return db.createQuery("""
                        select older.id as older, newer.id as newer from lessons older
                        join lessons newer on newer.id = substr(older.reason, 4)
                        where older.instance = :instance and older.state = 'SUPERSEDED' and older.reason like 'by les%'
                        and newer.state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED') order by older.seq desc limit :limit
                        """)
                .bind("instance", instance)
                .bind("limit", limit)
                .map((row, _) -> new Spoken(row.getString("older"), row.getString("newer")))
                .list();
    }
}
