package dev.apprentice.learner.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.learner.TestSeams;
import dev.apprentice.learner.store.Page;
import dev.apprentice.learner.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstancesTest implements InstanceWatcher {
    private static final BaseIdentity BASE = new BaseIdentity("small", "digest-of-small");

    @TempDir
    private Path folder;

    private final List<String> seen = new ArrayList<>();
    private Store store;
    private Instances instances;

    @BeforeEach
    void open() {
        reopen(BASE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theFirstStartCreatesOneInstanceAndNoLaterStartDoes() {
        assertThat(instances.list(null, 10).data()).extracting(Instance::id).containsExactly("apprentice");
        instances.delete("apprentice");
        store.close();
        reopen(BASE);
        assertThat(instances.ids()).isEmpty();
    }

    @Test
    void anInstanceIsAsItWasDrafted() {
        var policy = Policy.DEFAULT.with(Map.of("match", "contains"));
        var made = instances.create(new InstanceDraft("support", "the desk", "Be kind.", policy));
        assertThat(made.liveCheckpoint()).isZero();
        assertThat(made.frozen()).isFalse();
        assertThat(instances.get("support")).isEqualTo(made);
    }

    @Test
    void whoReadsAfterAChangeReadsTheChange() {
        instances.create(InstanceDraft.of("desk"));
        assertThat(instances.get("desk").frozen()).isFalse();
        instances.freeze("desk");
        assertThat(instances.get("desk").frozen()).isTrue();
        store.write(db -> {
            instances.live(db, "desk", 3);
            return 0;
        });
        assertThat(instances.get("desk").liveCheckpoint()).isEqualTo(3);
        assertThatThrownBy(() -> store.write(db -> {
                    instances.live(db, "desk", 4);
                    throw new NotFoundException("changed_my_mind", "no", Fault.NONE);
                }))
                .isInstanceOf(NotFoundException.class);
        assertThat(instances.get("desk").liveCheckpoint()).isEqualTo(3);
        instances.delete("desk");
        assertThatThrownBy(() -> instances.get("desk")).isInstanceOf(NotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "base", "small", "A", "a/b", "a:b", "a@1", "Ünï", "..", "-a", "a b", "a\n"})
    void namesThatCouldBeMistakenAreRefusedWithTheRule(String id) {
        assertThatThrownBy(() -> instances.create(InstanceDraft.of(id)))
                .isInstanceOf(UnprocessableException.class)
                .hasMessageContaining("a-z");
    }

    @Test
    void namesHaveAtMost64Characters() {
        instances.create(InstanceDraft.of("a".repeat(64)));
        assertThatThrownBy(() -> instances.create(InstanceDraft.of("a".repeat(65))))
                .isInstanceOf(UnprocessableException.class);
    }

    @Test
    void ofTenCreatesOfOneNameExactlyOneWins() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tries = IntStream.range(0, 10)
                    .mapToObj(_ -> threads.submit(() -> created("a")))
                    .toList();
            var won = 0;
            for (var one : tries) {
                won += one.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void aPatchChangesWhatItNames() {
        instances.create(new InstanceDraft("a", "one", "Be kind.", Policy.DEFAULT));
        var changed = instances.patch("a", new InstancePatch("two", null, Map.of("recall", false)));
        assertThat(changed.description()).isEqualTo("two");
        assertThat(changed.systemPrompt()).isEqualTo("Be kind.");
        assertThat(changed.policy().recall()).isFalse();
        assertThat(instances.patch("a", new InstancePatch(null, "", Map.of())).systemPrompt())
                .isNull();
        assertThatThrownBy(() -> instances.patch("a", new InstancePatch(null, null, Map.of("match", "near"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(instances.get("a").policy().match()).isEqualTo(Match.EXACT);
    }

    @Test
    void listsGoOnWhereTheyStopped() {
        IntStream.range(0, 5).forEach(i -> instances.create(InstanceDraft.of("i" + i)));
        var ids = new ArrayList<String>();
        Page<Instance> page = instances.list(null, 2);
        while (true) {
            page.data().forEach(instance -> ids.add(instance.id()));
            var next = page.next();
            if (next == null) {
                break;
            }
            page = instances.list(next, 2);
        }
        assertThat(ids).containsExactly("apprentice", "i0", "i1", "i2", "i3", "i4");
        assertThatThrownBy(() -> instances.list("not a cursor", 2)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> instances.list(null, 0)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void freezingIsToldInOrder() {
        assertThat(instances.freeze("apprentice").frozen()).isTrue();
        assertThat(instances.unfreeze("apprentice").frozen()).isFalse();
        instances.delete("apprentice");
        assertThat(seen).containsExactly("apprentice true", "apprentice false", "apprentice deleted");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> instances.get("nobody")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> instances.delete("nobody")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> instances.freeze("nobody")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> instances.patch("nobody", new InstancePatch(null, null, Map.of())))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void instancesTaughtOnAnotherBaseAreNamed() {
        instances.create(InstanceDraft.of("fresh"));
        store.write(db -> db.execute(
                "insert into lessons (id, instance, kind, teacher, messages, same, answer, state, trust, created, changed)"
                        + " values ('les_1', 'apprentice', 'EXAMPLE', 'ann', '[]', '', 'x', 'RECORDED', 1, 0, 0)"));
        store.close();
        store = Store.open(folder);
        var other = new Instances(store, new TestSeams(), new BaseIdentity("large", "digest-of-large"), this);
        assertThatThrownBy(other::settle)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("apprentice (small)")
                .hasMessageNotContaining("fresh");
    }

    @Test
    void instancesThatWereNeverTaughtComeAlongToAnotherBase() {
        store.close();
        reopen(new BaseIdentity("large", "digest-of-large"));
        assertThat(instances.ids()).containsExactly("apprentice");
    }

    @Override
    public void frozen(String instance, boolean frozen) {
        seen.add(instance + " " + frozen);
    }

    @Override
    public void deleted(String instance) {
        seen.add(instance + " deleted");
    }

    private void reopen(BaseIdentity base) {
        store = Store.open(folder);
        instances = new Instances(store, new TestSeams(), base, this);
        instances.settle();
    }

    private boolean created(String id) {
        try {
            instances.create(InstanceDraft.of(id));
            return true;
        } catch (ConflictException e) {
            return false;
        }
    }
}
