package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.store.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of checkpoints. */
final class CheckpointRows {
    private static final TypeReference<JsonNode> TREE = new TypeReference<>() {};
    private static final TypeReference<List<String>> IDS = new TypeReference<>() {};

    /** A checkpoint with the name of its folder. */
    record Row(Checkpoint checkpoint, String folder) {
        CheckpointState state() {
            return checkpoint.state();
        }
    }

    List<Checkpoint> list(Handle db, String instance) {
        return db.createQuery("select * from checkpoints where instance = :instance order by seq")
                .bind("instance", instance)
                .map((row, context) -> row(row, context).checkpoint())
                .list();
    }

    Optional<Row> find(Handle db, String instance, int number) {
        return db.createQuery("select * from checkpoints where instance = :instance and number = :number")
                .bind("instance", instance)
                .bind("number", number)
                .map(CheckpointRows::row)
                .findOne();
    }

    Optional<Row> find(Handle db, String instance, String candidate) {
        return db.createQuery("select * from checkpoints where instance = :instance and candidate = :candidate")
                .bind("instance", instance)
                .bind("candidate", candidate)
                .map(CheckpointRows::row)
                .findOne();
    }

    /** What an answer needs of a checkpoint, and no more: this is read for each request. */
    record Slim(
            CheckpointState state,
            @Nullable Integer parent,
            String adapter,
            String folder,
            @Nullable JsonNode fit) {}

    Optional<Slim> slim(Handle db, String instance, int number) {
        return db.createQuery("""
                        select state, parent, adapter, folder, fit from checkpoints
                        where instance = :instance and number = :number
                        """)
                .bind("instance", instance)
                .bind("number", number)
                .map((row, _) -> new Slim(
                        CheckpointState.valueOf(row.getString("state")),
                        Columns.integer(row, "parent"),
                        row.getString("adapter"),
                        row.getString("folder"),
                        Columns.jsonOrNull(row, "fit", TREE)))
                .findOne();
    }

    int nextNumber(Handle db, String instance) {
        return db.createQuery("select coalesce(max(number), 0) + 1 from checkpoints where instance = :instance")
                .bind("instance", instance)
                .mapTo(Integer.class)
                .one();
    }

    /** Ids of the lessons that a checkpoint and those it grew from were trained on. */
    Set<String> lineage(Handle db, String instance, int number) {
        var lessons = new HashSet<String>();
        var next = number == 0 ? Optional.<Row>empty() : find(db, instance, number);
        while (next.isPresent()) {
            var checkpoint = next.get().checkpoint();
            lessons.addAll(checkpoint.lessons());
            var parent = checkpoint.parent();
            next = parent == null || parent == 0 ? Optional.empty() : find(db, instance, parent);
        }
        return lessons;
    }

    /** What is remembered of the studies of {@code instance}, whose live checkpoint is {@code live}. */
    Past past(Handle db, String instance, int live) {
        var all = list(db, instance);
        var exams = all.stream().map(Checkpoint::exam).filter(Objects::nonNull).toList();
        var lineage = new ArrayDeque<JsonNode>();
        var next = live == 0 ? Optional.<Row>empty() : find(db, instance, live);
        while (next.isPresent()) {
            var exam = next.get().checkpoint().exam();
            if (exam != null) {
                lineage.addFirst(exam);
            }
            var parent = next.get().checkpoint().parent();
            next = parent == null || parent == 0 ? Optional.empty() : find(db, instance, parent);
        }
        var awaiting = new HashSet<String>();
        for (var made : all) {
            var parent = made.parent();
            boolean onLive =
                    (parent == null ? 0 : parent) == live || made.origin().equals("rebuild");
            switch (made.state()) {
                case SHADOW, CANARY -> awaiting.addAll(made.lessons());
                case READY -> awaiting.addAll(onLive ? made.lessons() : List.of());
                case CANDIDATE, REJECTED, LIVE, RETIRED, BROKEN, COLLECTED -> {}
            }
        }
        return new Past(exams, List.copyOf(lineage), promotions(db, instance), awaiting);
    }

    /** How many checkpoints of studies went live since one was last built from the base. */
    private static int promotions(Handle db, String instance) {
        return db.createQuery("""
                        select count(*) from promotions p
                        join checkpoints c on c.instance = p.instance and c.number = p.after and c.origin = 'study'
                        where p.instance = :instance and p.kind = 'promote' and p.created > coalesce(
                            (select max(created) from checkpoints where instance = :instance and origin = 'rebuild'), -1)
                        """)
                .bind("instance", instance)
                .mapTo(Integer.class)
                .one();
    }

    /** The number that {@code instance} is to serve, 0 for the bare base. */
    int live(Handle db, String instance) {
        return db.createQuery("select live from instances where id = :id")
                .bind("id", instance)
                .mapTo(Integer.class)
                .one();
    }

    /** Why the live checkpoint cannot be served, by instance. */
    Map<String, String> brokenLive(Handle db) {
        var reasons = new LinkedHashMap<String, String>();
        db.createQuery("""
                        select c.instance, c.number, c.reason from checkpoints c
                        join instances i on i.id = c.instance and i.live = c.number
                        where c.state = 'BROKEN' order by c.instance
                        """)
                .map((row, _) -> reasons.put(
                        row.getString("instance"),
                        "checkpoint " + row.getInt("number") + ": " + row.getString("reason")))
                .list();
        return reasons;
    }

    Set<String> folders(Handle db) {
        return Set.copyOf(db.createQuery("select distinct folder from checkpoints where state <> 'COLLECTED'")
                .mapTo(String.class)
                .list());
    }

    void insert(Handle db, Checkpoint made, String folder) {
        var exam = made.exam();
        var fit = made.fit();
        db.createUpdate("""
                        insert into checkpoints (instance, number, candidate, origin, state, reason, parent, lessons, plan,
                        exam, fit, adapter, folder, base, tokenizer, template, trainer, created)
                        values (:instance, :number, :candidate, :origin, :state, :reason, :parent, :lessons, :plan, :exam,
                        :fit, :adapter, :folder, :base, :tokenizer, :template, :trainer, :created)
                        """)
                .bind("instance", made.instance())
                .bind("number", made.number())
                .bind("candidate", made.candidate())
                .bind("origin", made.origin())
                .bind("state", made.state().name())
                .bind("reason", made.reason())
                .bind("parent", made.parent())
                .bind("lessons", Columns.json(made.lessons()))
                .bind("plan", Columns.json(made.plan()))
                .bind("exam", exam == null ? null : Columns.json(exam))
                .bind("fit", fit == null ? null : Columns.json(fit))
                .bind("adapter", made.adapterDigest())
                .bind("folder", folder)
                .bind("base", made.baseDigest())
                .bind("tokenizer", made.tokenizerDigest())
                .bind("template", made.templateDigest())
                .bind("trainer", made.trainerDigest())
                .bind("created", Columns.micros(made.created()))
                .execute();
    }

    void state(Handle db, String candidate, CheckpointState state, @Nullable String reason) {
        db.createUpdate("update checkpoints set state = :state, reason = :reason where candidate = :candidate")
                .bind("candidate", candidate)
                .bind("state", state.name())
                .bind("reason", reason)
                .execute();
    }

    /** Nobody examines them any more: the study that made them ended with its process. */
    void giveUpCandidates(Handle db) {
        db.execute("update checkpoints set state = 'REJECTED', reason = 'not examined, as the server stopped' "
                + "where state = 'CANDIDATE'");
    }

    void number(Handle db, String candidate, int number) {
        db.execute("update checkpoints set number = ? where candidate = ?", number, candidate);
    }

    void examined(Handle db, String candidate, JsonNode exam, @Nullable JsonNode fit) {
        db.createUpdate("update checkpoints set exam = :exam, fit = :fit where candidate = :candidate")
                .bind("candidate", candidate)
                .bind("exam", Columns.json(exam))
                .bind("fit", fit == null ? null : Columns.json(fit))
                .execute();
    }

    /** Files of all but the newest {@code kept} that passed and the newest that did not are given up, but not these. */
    int collect(Handle db, String instance, int kept, Set<Integer> spared) {
        return db.createUpdate("""
                        update checkpoints set state = 'COLLECTED' where instance = :instance
                        and state in ('READY', 'RETIRED', 'REJECTED', 'CANDIDATE')
                        and coalesce(number, 0) not in (<spared>)
                        and (select count(*) from checkpoints newer where newer.instance = :instance
                             and newer.state <> 'COLLECTED' and newer.seq > checkpoints.seq
                             and (newer.number is null) = (checkpoints.number is null)) >= :kept
                        """)
                .bind("instance", instance)
                .bind("kept", kept)
                .bindList("spared", spared.isEmpty() ? List.of(-1) : List.copyOf(spared))
                .execute();
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                new Checkpoint(
                        row.getString("instance"),
                        Columns.integer(row, "number"),
                        row.getString("candidate"),
                        row.getString("origin"),
                        CheckpointState.valueOf(row.getString("state")),
                        Columns.text(row, "reason"),
                        Columns.integer(row, "parent"),
                        Columns.json(row, "lessons", IDS),
                        Columns.json(row, "plan", TREE),
                        Columns.jsonOrNull(row, "exam", TREE),
                        Columns.jsonOrNull(row, "fit", TREE),
                        row.getString("adapter"),
                        row.getString("base"),
                        row.getString("tokenizer"),
                        row.getString("template"),
                        row.getString("trainer"),
                        Columns.time(row, "created")),
                row.getString("folder"));
    }
}
