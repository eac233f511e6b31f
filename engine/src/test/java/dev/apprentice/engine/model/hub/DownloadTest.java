package dev.apprentice.engine.model.hub;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.apprentice.engine.FetchFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file over HTTP from a mirror, with all that networks do to it. */
class DownloadTest {
    private static final byte[] CONTENTS = Home.contents(300_000, 7);
    private static final String ADDRESS = "/models/tiny/weights.gguf";

    @TempDir
    @Nullable
    Path temporary;

    private @Nullable WireMockServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
        }
    }

    private WireMockServer serve(RangeFile... files) {
        server = new WireMockServer(
                options().bindAddress("127.0.0.1").dynamicPort().extensions(files));
        server.start();
        if (files.length > 0) {
            server.stubFor(get(ADDRESS).willReturn(aResponse().withTransformers("range-file")));
        }
        return server;
    }

    private Home home(WireMockServer from) {
        return new Home(Objects.requireNonNull(temporary))
                .known(Home.tiny(CONTENTS, "[{kind: mirror}]"))
                .mirror(from.baseUrl() + "/models");
    }

    @Test
    void aFileIsDownloadedOnceAndThenServedWithoutAnyNetwork() throws IOException {
        var mirror = serve(new RangeFile(CONTENTS, "\"one\""));
        var home = home(mirror);

        var first = home.store().resolve("tiny");
        mirror.stop();
        var second = home.offline(StoreSettings.Offline.EVERYTHING).store().resolve("tiny");

        assertThat(second).isEqualTo(first).hasBinaryContent(CONTENTS);
        assertThat(home.story()).containsExactly(Progress.Trying.class, Progress.Verified.class, Progress.Stored.class);
        assertThat(Files.readString(first.resolveSibling(Manifest.FILE)))
                .contains(Home.sha256(CONTENTS), "2026-03-01T12:00:00Z", "\"mirror\"");
        assertThat(home.path.resolve("models/.partial")).isEmptyDirectory();
    }

    @Test
    void aConnectionCutTwiceIsResumedWhereItBroke() {
        var mirror = serve(new RangeFile(CONTENTS, "\"one\"", 100_000, 50_000));
        var home = home(mirror);

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        mirror.verify(1, getRequestedFor(urlEqualTo(ADDRESS)).withHeader("Range", absent()));
        mirror.verify(
                1,
                getRequestedFor(urlEqualTo(ADDRESS))
                        .withHeader("Range", equalTo("bytes=100000-"))
                        .withHeader("If-Range", equalTo("\"one\"")));
        mirror.verify(1, getRequestedFor(urlEqualTo(ADDRESS)).withHeader("Range", equalTo("bytes=150000-")));
        assertThat(home.pauses).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));
    }

    @Test
    void anEarlierRunsPartIsResumed() throws IOException {
        var mirror = serve(new RangeFile(CONTENTS, "\"one\""));
        var home = home(mirror);
        leavePart(home, Arrays.copyOf(CONTENTS, 120_000), "\"one\"");

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        mirror.verify(1, getRequestedFor(anyUrl()));
        mirror.verify(1, getRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=120000-")));
    }

    @Test
    void aFileThatChangedMeanwhileIsNotGluedToItsOldPart() throws IOException {
        var mirror = serve(new RangeFile(CONTENTS, "\"two\""));
        var home = home(mirror);
        leavePart(home, Home.contents(120_000, 8), "\"one\"");

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        mirror.verify(1, getRequestedFor(anyUrl()).withHeader("If-Range", equalTo("\"one\"")));
    }

    @Test
    void aPartTornByACrashIsNoticedAndFetchedAnew() throws IOException {
        var mirror = serve(new RangeFile(CONTENTS, "\"one\""));
        var home = home(mirror);
        leavePart(home, Home.contents(120_000, 8), "\"one\"");

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        mirror.verify(1, getRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=120000-")));
        mirror.verify(1, getRequestedFor(anyUrl()).withHeader("Range", absent()));
    }

    @Test
    void aRefusedRangeStartsOver() throws IOException {
        var mirror = serve();
        mirror.stubFor(get(ADDRESS).willReturn(aResponse().withBody(CONTENTS)));
        mirror.stubFor(get(ADDRESS)
                .withHeader("Range", equalTo("bytes=120000-"))
                .willReturn(aResponse().withStatus(416)));
        var home = home(mirror);
        leavePart(home, Arrays.copyOf(CONTENTS, 120_000), "\"one\"");

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);
    }

    @Test
    void aServerWithoutRangesIsReadFromTheStart() throws IOException {
        var mirror = serve();
        mirror.stubFor(get(ADDRESS).willReturn(aResponse().withBody(CONTENTS)));
        var home = home(mirror);
        leavePart(home, Home.contents(120_000, 8), null);

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);
    }

    @Test
    void aWrongHashDeletesWhatCameAndNamesBoth() {
        var wrong = Home.contents(300_000, 9);
        var home = home(serve(new RangeFile(wrong, "\"one\"")));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("weights.gguf")
                .hasMessageContaining("expected sha256:" + Home.sha256(CONTENTS))
                .hasMessageContaining("found sha256:" + Home.sha256(wrong));

        assertThat(home.partial("tiny", "weights.gguf.part")).doesNotExist();
        assertThat(home.path.resolve("models/tiny")).doesNotExist();
    }

    @Test
    void aFileOfAnotherSizeIsRefusedBeforeItIsRead() {
        var home = home(serve(new RangeFile(Home.contents(299_999, 9), "\"one\"")));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("expected 300000 bytes, found 299999");
        assertThat(home.events).noneMatch(Progress.Received.class::isInstance);
    }

    @Test
    void aMissingFileIsRefusedAtOnceAndTheMessageSaysWhatToDo() {
        var home = home(serve());

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOfSatisfying(FetchFailedException.class, e -> {
                    assertThat(e.code()).isEqualTo("model_not_fetched");
                    assertThat(e.found()).isEqualTo("tiny");
                })
                .hasMessageContaining("1. mirror: localhost has no weights.gguf (404 for " + ADDRESS + ")")
                .hasMessageContaining("--model FILE.gguf")
                .hasMessageContaining("APPRENTICE_MIRROR")
                .hasMessageContaining("HTTPS_PROXY");
        assertThat(home.pauses).isEmpty();
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSaid() {
        var mirror = serve(new RangeFile(CONTENTS, "\"one\""));
        mirror.stubFor(get(ADDRESS)
                .inScenario("busy")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "7"))
                .willSetStateTo("slow down"));
        mirror.stubFor(get(ADDRESS)
                .inScenario("busy")
                .whenScenarioStateIs("slow down")
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("free"));
        var home = home(mirror);

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        assertThat(home.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
    }

    @Test
    void aServerThatAlwaysBreaksIsGivenUpWithGrowingPausesAndItsPartIsKept() {
        var mirror = serve();
        mirror.stubFor(get(ADDRESS).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        var home = home(mirror);

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("gave up on weights.gguf after 5 tries that brought nothing");
        assertThat(home.pauses).extracting(Duration::toMillis).containsExactly(1_000L, 2_000L, 4_000L, 8_000L);
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsLeftAfterTheStallTimeout() {
        var mirror = serve();
        mirror.stubFor(get(ADDRESS).willReturn(aResponse().withFixedDelay(20_000)));
        var home = home(mirror).stallTimeout(Duration.ofMillis(300));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("no answer within");
        assertThat(home.pauses).isEmpty();
    }

    @Test
    void aSlowServerIsWaitedForAsLongAsBytesCome() {
        var mirror = serve();
        mirror.stubFor(get(ADDRESS).willReturn(aResponse().withBody(CONTENTS).withChunkedDribbleDelay(6, 1_800)));
        var home = home(mirror).stallTimeout(Duration.ofMillis(1_200));

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);
    }

    @Test
    void aDamagedModelInTheStoreIsFetchedAnew() throws IOException {
        var home = home(serve(new RangeFile(CONTENTS, "\"one\"")));
        var file = home.store().resolve("tiny");
        Files.write(file, new byte[10]);

        assertThat(home.store().verify())
                .extracting(ModelStore.Check::outcome)
                .containsExactly(ModelStore.Outcome.WRONG);
        assertThat(home.store().list()).extracting(ModelStore.Entry::state).containsExactly(ModelStore.State.PARTIAL);
        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);
        assertThat(home.store().verify())
                .extracting(ModelStore.Check::outcome)
                .isEqualTo(List.of(ModelStore.Outcome.GOOD));
    }

    @Test
    void whatAFailedSourceLeftIsNotKeptBesideTheModel() throws IOException {
        var home = home(serve(new RangeFile(CONTENTS, "\"one\"")));
        leavePart(home, Arrays.copyOf(CONTENTS, 1_000), "\"one\"");
        Files.writeString(home.partial("tiny", "other.part"), "left over");

        var file = home.store().resolve("tiny");

        try (var names = Files.list(file.resolveSibling("."))) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("weights.gguf", Manifest.FILE);
        }
    }

    @Test
    void aProxyWithAPasswordIsGivenIt() {
        var proxy = serve(new RangeFile(CONTENTS, "\"one\""));
        var home = home(proxy)
                .mirror("http://mirror.example/models")
                .environment(Map.of("http_proxy", "http://me:s%40fe@127.0.0.1:" + proxy.port()));

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);

        proxy.verify(getRequestedFor(anyUrl())
                .withHeader("Host", equalTo("mirror.example"))
                .withHeader("Proxy-Authorization", equalTo("Basic bWU6c0BmZQ==")));
    }

    private static void leavePart(Home home, byte[] part, @Nullable String etag) throws IOException {
        var file = home.partial("tiny", "weights.gguf.part");
        Files.createDirectories(file.getParent());
        Files.write(file, part);
        if (etag != null) {
            Files.writeString(home.partial("tiny", "weights.gguf.etag"), etag);
        }
    }
}
