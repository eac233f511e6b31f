package dev.apprentice.learner.value;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of the value function: traits of answers, and fitted heads. */
final class ValueRows {
    /** Traits of so many answers are kept for each instance. */
    private static final int KEPT = 5000;

    /** And of so many that exams asked for. */
    private static final int KEPT_OF_EXAMS = 1000;

    /** How often what is older is swept out. */
    private static final int SWEEP = 64;

    /** The largest number of a float16. */
    private static final float MOST = 65504;

    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<Standing> STANDING = new TypeReference<>() {};

    /**
     * What is kept of one answer.
     *
     * @param interaction its id
     * @param choice which of the interaction's answers
     * @param request equal for equal requests
     * @param reward of an exam's item, null for others
     * @param lesson that says what was right, of an exam's item
     */
    record Row(
            String interaction,
            int choice,
            String request,
            Traits traits,
            @Nullable Double confidence,
            @Nullable Double cautious,
            @Nullable Double reward,
            @Nullable String lesson) {}

    /** Keeps {@code row}; a second time changes nothing. */
    void insert(Handle db, String instance, String stamp, Row row) {
        int rows = db.createUpdate("""
                        insert into value_traits
                        (instance, interaction, choice, stamp, request, traits, confidence, cautious, reward,
                        lesson) select :instance, :interaction, :choice, :stamp, :request, :traits, :confidence, :cautious,
                        :reward, :lesson where exists (select 1 from instances where id = :instance)
                        on conflict (interaction, choice) do nothing
                        """)
                .bind("instance", instance)
                .bind("interaction", row.interaction())
                .bind("choice", row.choice())
                .bind("stamp", stamp)
                .bind("request", row.request())
                .bind("traits", bytes(row.traits()))
                .bind("confidence", row.confidence())
                .bind("cautious", row.cautious())
                .bind("reward", row.reward())
                .bind("lesson", row.lesson())
                .execute();
        if (rows > 0) {
            sweep(db, instance);
        }
    }

    private static void sweep(Handle db, String instance) {
        long newest = db.createQuery("select max(seq) from value_traits where instance = :instance")
                .bind("instance", instance)
                .mapTo(Long.class)
                .one();
        if (newest % SWEEP == 0) {
            sweep(db, instance, false, KEPT);
            sweep(db, instance, true, KEPT_OF_EXAMS);
        }
    }

    private static void sweep(Handle db, String instance, boolean examined, int kept) {
        db.createUpdate("""
                        delete from value_traits where instance = :instance and (reward is not null) = :examined
                        and seq <= coalesce((select seq from value_traits where instance = :instance
                        and (reward is not null) = :examined order by seq desc limit 1 offset :kept), 0)
                        """)
                .bind("instance", instance)
                .bind("examined", examined)
                .bind("kept", kept)
                .execute();
    }

    /** What is kept of one answer, if it was seen through the same base and dtype. */
    Optional<Row> find(Handle db, String stamp, String interaction, int choice) {
        return db.createQuery("""
                        select * from value_traits
                        where interaction = :interaction and choice = :choice and stamp = :stamp
                        """)
                .bind("interaction", interaction)
                .bind("choice", choice)
                .bind("stamp", stamp)
                .map((row, _) -> row(row))
                .findOne();
    }

    /** Newest exams' items, newest first; not those whose lesson holds no more. */
    List<Row> examined(Handle db, String instance, String stamp, int limit) {
        return db.createQuery("""
                        select t.* from value_traits t join lessons l on l.id = t.lesson
                        where t.instance = :instance and t.stamp = :stamp and t.reward is not null
                        and l.state not in ('WITHDRAWN', 'SUPERSEDED', 'HELD', 'REJECTED')
                        order by t.seq desc limit :limit
                        """)
                .bind("instance", instance)
                .bind("stamp", stamp)
                .bind("limit", limit)
                .map((row, _) -> row(row))
                .list();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("interaction"),
                row.getInt("choice"),
                row.getString("request"),
                traits(row.getBytes("traits")),
                number(row, "confidence"),
                number(row, "cautious"),
                number(row, "reward"),
                Columns.text(row, "lesson"));
    }

    /** The turns of {@code episode} that {@code instance} answered, oldest first. */
    List<Turn> turns(Handle db, String instance, String episode) {
        return db.createQuery("""
                        select i.id, i.created, t.traits, t.stamp from interactions i
                        left join value_traits t on t.interaction = i.id and t.choice = 0
                        where i.episode = :episode and i.instance = :instance order by i.seq
                        """)
                .bind("episode", episode)
                .bind("instance", instance)
                .map((row, _) -> {
                    var traits = row.getBytes("traits");
                    return new Turn(
                            row.getString("id"),
                            traits == null ? null : traits(traits),
                            Columns.text(row, "stamp"),
                            Columns.time(row, "created"));
                })
                .list();
    }

    /** One answer of an episode. */
    record Turn(
            String interaction,
            @Nullable Traits traits,
            @Nullable String stamp,
            Instant created) {}

    /** The newest {@code limit} whole answers that no feedback names. */
    List<Look> ungraded(Handle db, String instance, int limit) {
        return db.createQuery("""
                        select i.*, a.choice, a.answer, t.confidence, t.cautious from interactions i
                        join answers a on a.interaction = i.id and a.state = 'FINISHED'
                        left join value_traits t on t.interaction = i.id and t.choice = a.choice
                        where i.instance = :instance and i.learn = 1 and i.guided <> 'FORCED'
                        and not exists (select 1 from lessons l where l.interaction = i.id and l.choice = a.choice)
                        order by i.seq desc limit :limit
                        """)
                .bind("instance", instance)
                .bind("limit", limit)
                .map((row, _) -> {
                    var messages = Columns.jsonOrNull(row, "messages", MESSAGES);
                    var confidence = number(row, "confidence");
                    return new Look(
                            row.getString("id"),
                            row.getInt("choice"),
                            row.getInt("checkpoint"),
                            messages == null ? List.of() : messages,
                            Columns.text(row, "answer"),
                            Columns.text(row, "episode"),
                            confidence,
                            Look.worth(confidence, number(row, "cautious")),
                            Columns.time(row, "created"));
                })
                .list();
    }

    /**
     * A head as it was kept.
     *
     * @param known a digest of what it was fitted to
     */
    record Kept(String instance, Head head, Standing standing, long known) {}

    /** Keeps a head in the place of the one before; false if the instance is gone. */
    boolean keep(Handle db, String stamp, Kept kept, Instant now) {
        return db.createUpdate("""
                        insert into value_heads (instance, stamp, head, standing, known, fitted)
                        select :instance, :stamp, :head, :standing, :known, :fitted
                        where exists (select 1 from instances where id = :instance)
                        on conflict (instance) do update set stamp = :stamp, head = :head, standing = :standing,
                        known = :known, fitted = :fitted
                        """)
                        .bind("instance", kept.instance())
                        .bind("stamp", stamp)
                        .bind("head", HeadBytes.write(kept.head()))
                        .bind("standing", Columns.json(kept.standing()))
                        .bind("known", kept.known())
                        .bind("fitted", Columns.micros(now))
                        .execute()
                > 0;
    }

    /** The heads that were fitted to this base and dtype; damaged ones are left out. */
    List<Kept> heads(Handle db, String stamp) {
        return db
                .createQuery("select * from value_heads where stamp = :stamp")
                .bind("stamp", stamp)
                .map((row, _) -> HeadBytes.read(row.getBytes("head")).map(head -> kept(row, head)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Kept kept(ResultSet row, Head head) {
        try {
            return new Kept(
                    row.getString("instance"), head, Columns.json(row, "standing", STANDING), row.getLong("known"));
        } catch (SQLException e) {
            throw new org.jdbi.v3.core.result.ResultSetException("a head's row cannot be read", e, null);
        }
    }

    private static @Nullable Double number(ResultSet row, String name) throws SQLException {
        double value = row.getDouble(name);
        return row.wasNull() ? null : (Double) value;
    }

    static byte[] bytes(Traits traits) {
        var values = traits.values();
        var bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(Math.clamp(value, -MOST, MOST)));
        }
        return bytes.array();
    }

    static Traits traits(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var values = new float[bytes.length / Short.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(buffer.getShort());
        }
        return new Traits(values);
    }
}
