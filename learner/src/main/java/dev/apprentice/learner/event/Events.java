package dev.apprentice.learner.event;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.PlainSql;
import dev.apprentice.learner.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/** The list of what happened. Any thread may read it and wait for more. */
public final class Events {
    /** How many events are kept: someone who was away longer has to look at the things themselves. */
    private static final int KEPT = 10_000;

    private static final String INSERT = "insert into events (kind, instance, data, created) values (?, ?, ?, ?)";
    private static final String FORGET = "delete from events where seq <= (select max(seq) from events) - ?";

    private static final TypeReference<JsonNode> TREE = new TypeReference<>() {};

    private final Store store;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();

    /** How many commits brought events; guarded by the lock. */
    private long growths;

    /** Whether the transaction that is not committed yet brings any; owned by the store's writer. */
    private boolean appended;

    /** The events of {@code store}. */
    public Events(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        store.onCommit(this::committed);
    }

    /** Appends an event within the transaction of {@code db}: it will have happened if that commits. */
    public void append(Handle db, EventKind kind, String instance, Map<String, ?> data) {
        appended = true;
        var created = Columns.micros(clock.instant());
        PlainSql.update(db, INSERT, kind.name(), instance, Columns.json(data), created);
        PlainSql.update(db, FORGET, KEPT);
    }

    /** Sequence number of the newest event, 0 before the first. */
    public long newest() {
        return store.read(db -> db.createQuery("select coalesce(max(seq), 0) from events")
                .mapTo(Long.class)
                .one());
    }

    /** The events after {@code sequence}, oldest first, at most {@code limit}. */
    public List<Event> after(long sequence, int limit) {
        return store.read(db -> db.createQuery("select * from events where seq > :after order by seq limit :limit")
                .bind("after", sequence)
                .bind("limit", limit)
                .map((row, _) -> new Event(
                        row.getLong("seq"),
                        EventKind.valueOf(row.getString("kind")),
                        row.getString("instance"),
                        Columns.json(row, "data", TREE),
                        Columns.time(row, "created")))
                .list());
    }

    /** Waits until there is an event after {@code sequence}, at most for {@code patience}; whether there is one. */
    public boolean await(long sequence, Duration patience) throws InterruptedException {
        var left = patience.toNanos();
        while (true) {
            var before = growths(); // seen before the look, so that what is committed after it is heard of
            if (newest() > sequence) {
                return true;
            }
            lock.lockInterruptibly();
            try {
                while (growths == before) {
                    if (left <= 0) {
                        return false;
                    }
                    left = grown.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private long growths() {
        lock.lock();
        try {
            return growths;
        } finally {
            lock.unlock();
        }
    }

    /** Most commits bring none, and who waits would ask the store for nothing. */
    private void committed() {
        if (!appended) {
            return;
        }
        appended = false;
        lock.lock();
        try {
            growths++;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
