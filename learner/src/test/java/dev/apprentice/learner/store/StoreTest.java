package dev.apprentice.learner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        try (var store = Store.open(folder)) {
            store.write(db -> put(db, "a"));
        }
        try (var store = Store.open(folder)) {
            assertThat(names(store)).containsExactly("a");
        }
    }

    @Test
    void everyCommitIsSyncedAndWrittenAhead() {
        try (var store = Store.open(folder)) {
            assertThat(pragma(store, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(store, "synchronous")).isEqualTo("2"); // FULL
            assertThat(pragma(store, "foreign_keys")).isEqualTo("1");
        }
    }

    @Test
    void whatWaitsTogetherIsCommittedTogether() {
        try (var store = Store.open(folder)) {
            var commits = new AtomicInteger();
            store.onCommit(commits::incrementAndGet);
            var gate = new CountDownLatch(1);
            var first = store.submit(db -> {
                await(gate);
                return put(db, "first");
            });
            var waiting = IntStream.range(0, 200)
                    .mapToObj(i -> store.submit(db -> put(db, "w" + i)))
                    .toList();
            gate.countDown();
            first.await();
            waiting.forEach(Pending::await);
            assertThat(names(store)).hasSize(201);
            assertThat(commits.get()).isBetween(1, 2); // the first may have been joined by some of the others
        }
    }

    @Test
    void theSameWordsAreSaidWithOtherValuesAndWithinEachOther() {
        var count = "select count(*) from facts where name like ?";
        try (var store = Store.open(folder)) {
            store.write(db -> put(db, "a1"));
            store.write(db -> put(db, "a2"));

            var seen = store.write(db -> db
                    .createQuery("select name from facts where name like ? order by name")
                    .bind(0, "a%")
                    .mapTo(String.class)
                    .stream()
                    .map(name -> put(db, "b" + name)
                            + db.createQuery(count)
                                    .bind(0, "b%")
                                    .mapTo(Integer.class)
                                    .one())
                    .toList());

            assertThat(seen).containsExactly("ba11", "ba22");
            assertThat(names(store)).contains("a1", "a2", "ba1", "ba2");
        }
    }

    @Test
    void plainStatementsSayTheSameAndCanBeSaidAgainAfterAFailure() {
        var insert = "insert into facts (name, value) values (?, ?)";
        PlainSql.Reading<String> name = row -> row.getString("name");
        try (var store = Store.open(folder)) {
            store.write(db -> PlainSql.update(db, insert, "a1", "x"));
            assertThatThrownBy(() -> store.write(db -> PlainSql.update(db, insert, "a1", "y")))
                    .isInstanceOf(FailedException.class);
            assertThatThrownBy(() -> store.write(db -> PlainSql.update(db, insert, "a2", null)))
                    .isInstanceOf(FailedException.class);
            int changed = store.write(db -> PlainSql.update(db, insert, "a3", "z"));
            assertThat(changed).isOne();

            var find = "select name from facts where name like ? order by name";
            List<String> read = store.read(db -> PlainSql.list(db, name, find, "a%"));
            List<String> written = store.write(db -> PlainSql.list(db, name, find, "a%"));
            assertThat(read).containsExactly("a1", "a3").isEqualTo(written);
        }
    }

    @Test
    void whatIsLeftToTheWriterIsDurableSoonAndBeforeWhatComesLater() {
        try (var store = Store.open(folder)) {
            store.leave(db -> put(db, "left"), _ -> {});
            int count = store.write(StoreTest::count);
            assertThat(count).isPositive();
            assertThat(names(store)).contains("left"); // as it was handed in before

            store.leave(db -> put(db, "alone"), _ -> {});
            store.leave(
                    _ -> {
                        throw new NotFoundException("lesson_not_found", "no", Fault.NONE);
                    },
                    _ -> {});
        }
        try (var again = Store.open(folder)) {
            assertThat(names(again)).contains("left", "alone");
        }
    }

    private static int count(Handle db) {
        return db.createQuery("select count(*) from facts").mapTo(Integer.class).one();
    }

    @Test
    void whatIsRefusedTakesNothingBackButItself() {
        try (var store = Store.open(folder)) {
            var gate = new CountDownLatch(1);
            store.submit(_ -> {
                await(gate);
                return 0;
            });
            var before = store.submit(db -> put(db, "before"));
            var refused = store.submit(db -> {
                put(db, "refused");
                throw new NotFoundException("lesson_not_found", "no", Fault.NONE);
            });
            var broken = store.submit(db -> put(db, "before")); // the name is taken: a fault of the caller
            var after = store.submit(db -> put(db, "after"));
            gate.countDown();

            assertThat(before.await()).isEqualTo("before");
            assertThatThrownBy(refused::await).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(broken::await).isInstanceOf(FailedException.class);
            assertThat(after.await()).isEqualTo("after");
            assertThat(names(store)).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void whatFollowsHappensInOrderAndBeforeAnyoneIsTold() {
        try (var store = Store.open(folder)) {
            var seen = new ArrayList<String>();
            var pending = IntStream.range(0, 50)
                    .mapToObj(i -> store.submit(db -> put(db, "n" + i), seen::add))
                    .toList();
            pending.getLast().await();
            assertThat(seen)
                    .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "n" + i).toList());
        }
    }

    @Test
    void closingFinishesWhatWasHandedInAndRefusesMore() {
        var store = Store.open(folder);
        var pending = IntStream.range(0, 100)
                .mapToObj(i -> store.submit(db -> put(db, "n" + i)))
                .toList();
        store.close();
        pending.forEach(Pending::await);
        assertThatThrownBy(() -> store.write(db -> put(db, "late"))).isInstanceOf(UnavailableException.class);
        try (var again = Store.open(folder)) {
            assertThat(names(again)).hasSize(100);
        }
    }

    @Test
    void aFullDiskFailsWhatWasAskedAndLosesNothingElse() {
        try (var store = Store.open(folder)) {
            store.write(db -> put(db, "before"));
            assertThat(store.healthy()).isTrue();
            store.write(db -> limit(db, "(select page_count from pragma_page_count)"));
            assertThatThrownBy(() -> store.write(db -> put(db, "x".repeat(1 << 20))))
                    .isInstanceOf(FailedException.class);
            store.write(db -> limit(db, "1073741823"));
            store.write(db -> put(db, "after"));
            assertThat(store.healthy()).isTrue();
            assertThat(names(store)).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void aFolderIsOpenOnlyOnce() {
        try (var _ = Store.open(folder)) {
            assertThatThrownBy(() -> Store.open(folder))
                    .isInstanceOfSatisfying(
                            ConflictException.class, e -> assertThat(e.code()).isEqualTo("data_in_use"));
        }
        Store.open(folder).close(); // and free again afterwards
    }

    @Test
    void aFolderThatIsNoDatabaseIsRefusedByName() throws Exception {
        Files.writeString(
                folder.resolve("apprentice.db"), "this is no database, and it is long enough to be looked at");
        assertThatThrownBy(() -> Store.open(folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(folder.toString())
                .extracting(e -> ((ApprenticeException) e).field())
                .isEqualTo("data");
    }

    @Test
    void aFolderOfANewerVersionIsRefused() {
        try (var store = Store.open(folder)) {
            store.write(
                    db -> db.execute(
                            "insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                                    + " execution_time, success) values (99, '99', 'later', 'SQL', 'V99__later.sql', '', 1, 1)"));
        }
        assertThatThrownBy(() -> Store.open(folder)).isInstanceOf(InvalidRequestException.class);
    }

    private static String put(Handle db, String name) {
        db.execute("insert into facts (name, value) values (?, '')", name);
        return name;
    }

    /** SQLite's own way to have no more room. */
    private static long limit(Handle db, String pages) {
        var count = db.createQuery("select " + pages).mapTo(Long.class).one();
        return db.createQuery("pragma max_page_count = " + count)
                .mapTo(Long.class)
                .one();
    }

    private static List<String> names(Store store) {
        return store.read(db ->
                db.createQuery("select name from facts").mapTo(String.class).list());
    }

    private static String pragma(Store store, String name) {
        return store.read(
                db -> db.createQuery("pragma " + name).mapTo(String.class).one());
    }

    @Test
    void whoIsToldToStopWhileOthersReadHearsThatHeWasInterrupted() throws InterruptedException {
        try (var store = Store.open(folder);
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = new CountDownLatch(Store.CONNECTIONS);
            var gate = new CountDownLatch(1);
            for (int i = 0; i < Store.CONNECTIONS; i++) {
                readers.execute(() -> store.read(db -> {
                    reading.countDown();
                    await(gate);
                    return db.hashCode();
                }));
            }
            reading.await();
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> names(store))
                        .isInstanceOfSatisfying(
                                UnavailableException.class,
                                e -> assertThat(e.code()).isEqualTo("interrupted"));
                assertThat(Thread.interrupted()).isTrue();
            } finally {
                gate.countDown();
            }
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
