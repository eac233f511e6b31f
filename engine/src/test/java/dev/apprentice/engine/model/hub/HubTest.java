package dev.apprentice.engine.model.hub;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.apprentice.engine.FetchFailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories of the hub: the hub itself and the host that its large files are redirected to. */
class HubTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final byte[] WEIGHTS = Home.contents(200_000, 3);
    private static final byte[] CONFIG = "{\"model_type\":\"llama\"}".getBytes(StandardCharsets.UTF_8);
    private static final String RESOLVE = "/acme/Tiny-1/resolve/" + COMMIT + "/";

    @TempDir
    @Nullable
    Path temporary;

    private final WireMockServer hub =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    private final WireMockServer storage = new WireMockServer(
            options().bindAddress("127.0.0.1").dynamicPort().extensions(new RangeFile(WEIGHTS, "\"blob\"", 60_000)));

    @BeforeEach
    void start() {
        hub.start();
        storage.start();
        var info = okJson("{\"id\":\"acme/Tiny-1\",\"sha\":\"" + COMMIT + "\"}");
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/main").willReturn(info));
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/" + COMMIT).willReturn(info));
        hub.stubFor(get("/api/models/acme/Tiny-1/tree/" + COMMIT + "?recursive=true")
                .willReturn(okJson("[" + file("README.md", CONFIG) + "," + file("config.json", CONFIG) + "]")
                        .withHeader("Link", "<" + hub.baseUrl() + "/page2>; rel=\"next\"")));
        hub.stubFor(get("/page2")
                .willReturn(okJson("[" + large("model.safetensors", WEIGHTS) + "," + file("../evil.json", CONFIG)
                        + ",{\"type\":\"directory\",\"path\":\"onnx\"}]")));
        hub.stubFor(get(RESOLVE + "config.json").willReturn(aResponse().withBody(CONFIG)));
        hub.stubFor(get(RESOLVE + "model.safetensors").willReturn(redirect(WEIGHTS)));
        storage.stubFor(get("/blob?signature=1").willReturn(aResponse().withTransformers("range-file")));
    }

    @AfterEach
    void stop() {
        hub.stop();
        storage.stop();
    }

    private com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder redirect(byte[] contents) {
        return aResponse()
                .withStatus(302)
                .withHeader("Location", storage.baseUrl() + "/blob?signature=1")
                .withHeader("X-Linked-Etag", "\"" + Home.sha256(contents) + "\"")
                .withHeader("X-Linked-Size", Integer.toString(contents.length));
    }

    private static String file(String path, byte[] contents) {
        return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"}"
                .formatted(path, contents.length, Home.gitBlob(contents));
    }

    private static String large(String path, byte[] contents) {
        return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":134}}"
                .formatted(path, contents.length, "0".repeat(40), Home.sha256(contents), contents.length);
    }

    private Home home() {
        return new Home(Objects.requireNonNull(temporary)).hub(hub.baseUrl(), "hf_secret");
    }

    @Test
    void aRepositoryBecomesAFolderOfItsCommit() {
        var home = home();

        var folder = home.store().resolve("hf:acme/Tiny-1");

        assertThat(folder).isEqualTo(home.path.resolve("models/hf/acme/Tiny-1").resolve(COMMIT));
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(folder.resolve("config.json")).hasBinaryContent(CONFIG);
        assertThat(folder.resolve("README.md")).doesNotExist();
        assertThat(home.store().verify()).hasSize(2).allMatch(check -> check.outcome() == ModelStore.Outcome.GOOD);
    }

    @Test
    void whatIsHereIsUsedWithoutTheHubAlsoByItsCommit() {
        var home = home();
        var folder = home.store().resolve("hf:acme/Tiny-1@main");
        hub.stop();
        storage.stop();

        assertThat(home.store().resolve("hf:acme/Tiny-1")).isEqualTo(folder);
        assertThat(home.offline(StoreSettings.Offline.HUB).store().resolve("hf:acme/Tiny-1@" + COMMIT))
                .isEqualTo(folder);
    }

    @Test
    void aCutDownloadResumesThroughTheRedirectAndTheTokenStaysWithTheHub() {
        home().store().resolve("hf:acme/Tiny-1");

        hub.verify(getRequestedFor(urlEqualTo(RESOLVE + "model.safetensors"))
                .withHeader("Authorization", equalTo("Bearer hf_secret")));
        storage.verify(0, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer hf_secret")));
        storage.verify(1, getRequestedFor(anyUrl()).withHeader("Range", absent()));
        storage.verify(1, getRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=60000-")));
    }

    @Test
    void aRelativeRedirectOnTheHubKeepsTheToken() {
        hub.stubFor(get(RESOLVE + "config.json")
                .willReturn(aResponse().withStatus(307).withHeader("Location", "/cache/config.json")));
        hub.stubFor(get("/cache/config.json").willReturn(aResponse().withBody(CONFIG)));

        var folder = home().store().resolve("hf:acme/Tiny-1");

        assertThat(folder.resolve("config.json")).hasBinaryContent(CONFIG);
        hub.verify(getRequestedFor(urlEqualTo("/cache/config.json"))
                .withHeader("Authorization", equalTo("Bearer hf_secret")));
    }

    @Test
    void aFileThatTheHubLinksToWithAnotherHashIsRefusedUnread() {
        hub.stubFor(get(RESOLVE + "model.safetensors").willReturn(redirect(CONFIG)));
        var home = home();

        assertThatThrownBy(() -> home.store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("expected sha256:" + Home.sha256(WEIGHTS))
                .hasMessageContaining("found sha256:" + Home.sha256(CONFIG));
    }

    @Test
    void aSmallFileWithAnotherGitHashIsRefused() {
        hub.stubFor(get(RESOLVE + "config.json").willReturn(aResponse().withBody("{\"model_type\":\"LLAMA\"}")));

        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("config.json: expected git:" + Home.gitBlob(CONFIG));
    }

    @Test
    void anUnknownRepositoryOrRevisionIsNamed() {
        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1@v9"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("has no hf:acme/Tiny-1@v9 (404): check the name and the revision");
    }

    @Test
    void aGatedRepositorySaysThatATokenIsWanted() {
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/main")
                .willReturn(aResponse().withStatus(401)));

        assertThatThrownBy(() -> home().hub(hub.baseUrl(), null).store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("set HF_TOKEN");
    }

    @Test
    void aGatedFileSaysThatTheTokenIsNotAccepted() {
        hub.stubFor(get(RESOLVE + "config.json").willReturn(aResponse().withStatus(403)));

        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("403 for config.json")
                .hasMessageContaining("accepted the terms")
                .hasMessageNotContaining("hf_secret");
    }

    @Test
    void theHubIsAskedAgainAfterAHiccup() {
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/main")
                .inScenario("hiccup")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE))
                .willSetStateTo("again"));
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/main")
                .inScenario("hiccup")
                .whenScenarioStateIs("again")
                .willReturn(okJson("{\"sha\":\"" + COMMIT + "\"}")));

        assertThat(home().store().resolve("hf:acme/Tiny-1")).isDirectory();
    }

    @Test
    void somethingElseThanAHubIsSaidToBeSo() {
        hub.stubFor(get("/api/models/acme/Tiny-1/revision/main")
                .willReturn(aResponse().withBody("<html>log in</html>")));

        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("does not answer like a model hub");
    }

    @Test
    void redirectsInACircleEnd() {
        hub.stubFor(get(RESOLVE + "config.json")
                .willReturn(aResponse().withStatus(302).withHeader("Location", RESOLVE + "config.json")));

        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("redirects more than 5 times");
    }

    @Test
    void severalGgufFilesAreListedForAChoice() {
        hub.stubFor(get("/page2")
                .willReturn(okJson("[" + large("a.Q4_0.gguf", WEIGHTS) + "," + large("a.Q8_0.gguf", WEIGHTS) + "]")));

        assertThatThrownBy(() -> home().store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("a.Q4_0.gguf, a.Q8_0.gguf")
                .hasMessageContaining("--model FILE.gguf");
    }

    @Test
    void aHubThatIsOfflineByOrderIsNotAsked() {
        var home = home().offline(StoreSettings.Offline.HUB);

        assertThatThrownBy(() -> home.store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        hub.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void aHubThatCannotBeReachedFailsAtOnce() {
        var home = home().hub("http://127.0.0.1:9", null);

        assertThatThrownBy(() -> home.store().resolve("hf:acme/Tiny-1"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("no connection to 127.0.0.1");
        assertThat(home.pauses).isEmpty();
    }

    @Test
    void aKnownModelOnTheHubHasItsPinnedFilesOnly() {
        var home = home().known(Home.tiny(WEIGHTS, "[{kind: hub, repo: acme/Tiny-1, revision: " + COMMIT + "}]"));
        hub.stubFor(get(RESOLVE + "weights.gguf").willReturn(redirect(WEIGHTS)));

        assertThat(home.store().resolve("tiny")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aRemovedSnapshotIsGoneWithItsRevisions() {
        var home = home();
        var folder = home.store().resolve("hf:acme/Tiny-1");

        assertThat(home.store().remove("hf:acme/Tiny-1")).isGreaterThan(WEIGHTS.length);

        assertThat(folder).doesNotExist();
        assertThat(home.store().verify()).isEmpty();
        assertThatThrownBy(() -> home.store().remove("hf:acme/Tiny-1")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aReferenceThatIsNoneIsRefusedInWords() {
        for (var wrong :
                new String[] {"hf:", "hf:tiny", "hf:a/b/c", "hf:../x", "hf:a/b@", "hf:a/b@../..", "hf:a/b c"}) {
            assertThatThrownBy(() -> home().store().resolve(wrong))
                    .as(wrong)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("expected hf:ORG/NAME or hf:ORG/NAME@REVISION");
        }
        hub.verify(0, getRequestedFor(anyUrl()));
    }
}
