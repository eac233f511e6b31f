package dev.apprentice.learner.instance;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of instances. */
final class InstanceRows {
    private static final TypeReference<Map<String, @Nullable Object>> FIELDS = new TypeReference<>() {};

    private record Row(long sequence, Instance instance) {}

    Optional<Instance> find(Handle db, String id) {
        return db.createQuery("select * from instances where id = :id")
                .bind("id", id)
                .map(InstanceRows::row)
                .findOne()
                .map(Row::instance);
    }

    Page<Instance> list(Handle db, Cursor cursor) {
        var rows = db.createQuery("select * from instances where seq > :after order by seq limit :limit")
                .bind("after", cursor.after())
                .bind("limit", cursor.limit() + 1)
                .map(InstanceRows::row)
                .list();
        return cursor.page(rows, Row::sequence, Row::instance);
    }

    List<String> ids(Handle db) {
        return db.createQuery("select id from instances order by seq")
                .mapTo(String.class)
                .list();
    }

    void insert(Handle db, Instance instance, BaseIdentity base) {
        db.createUpdate("""
                        insert into instances (id, description, system_prompt, policy, frozen, base, base_name, created)
                        values (:id, :description, :prompt, :policy, 0, :base, :baseName, :created)
                        """)
                .bind("id", instance.id())
                .bind("description", instance.description())
                .bind("prompt", instance.systemPrompt())
                .bind("policy", Columns.json(instance.policy().fields()))
                .bind("base", base.digest())
                .bind("baseName", base.name())
                .bind("created", Columns.micros(instance.created()))
                .execute();
    }

    void update(Handle db, Instance instance) {
        db.createUpdate("""
                        update instances set description = :description, system_prompt = :prompt, policy = :policy,
                        frozen = :frozen where id = :id
                        """)
                .bind("id", instance.id())
                .bind("description", instance.description())
                .bind("prompt", instance.systemPrompt())
                .bind("policy", Columns.json(instance.policy().fields()))
                .bind("frozen", instance.frozen())
                .execute();
    }

    void live(Handle db, String id, int number) {
        db.execute("update instances set live = ? where id = ?", number, id);
    }

    boolean delete(Handle db, String id) {
        return db.execute("delete from instances where id = ?", id) > 0;
    }

    /** The instances that were taught on another base, as {@code name (base)}. */
    List<String> taughtElsewhere(Handle db, BaseIdentity base) {
        return db.createQuery("""
                        select id || ' (' || base_name || ')' from instances where base <> :base
                        and (exists (select 1 from lessons where instance = instances.id)
                             or exists (select 1 from checkpoints where instance = instances.id))
                        order by seq
                        """)
                .bind("base", base.digest())
                .mapTo(String.class)
                .list();
    }

    void moveTo(Handle db, BaseIdentity base) {
        db.createUpdate("update instances set base = :digest, base_name = :name")
                .bind("digest", base.digest())
                .bind("name", base.name())
                .execute();
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getLong("seq"),
                new Instance(
                        row.getString("id"),
                        row.getString("description"),
                        Columns.text(row, "system_prompt"),
                        Policy.DEFAULT.with(Columns.json(row, "policy", FIELDS)),
                        row.getBoolean("frozen"),
                        row.getInt("live"),
                        Columns.time(row, "created")));
    }
}
