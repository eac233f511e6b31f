package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.server.http.Routes.Route;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in where, on the real server with keys: every route for every kind of key (C74). */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessServerTest {
    private static final List<String> FORMS =
            List.of("Authorization: Bearer ", "authorization: bEARER  ", "X-API-Key: ");

    private Keys keys;
    private Apprentice apprentice;
    private Calls calls;
    private String ask;
    private String teach;
    private String admin;
    private String bound;
    private String revoked;

    @BeforeAll
    void open(@TempDir Path data) {
        keys = Keys.open(data, Seams.real());
        ask = key("asker", null, Scope.ASK);
        teach = key("teacher", null, Scope.TEACH);
        admin = key("admin", null, Scope.ADMIN);
        bound = key("bound", Set.of("mine"), Scope.ASK, Scope.TEACH, Scope.ADMIN);
        revoked = key("former", null, Scope.ASK, Scope.TEACH, Scope.ADMIN);
        keys.revoke(revoked.substring(0, 15));
        apprentice = RealModel.open(data, Map.of());
        calls = new Calls(apprentice.port());
        for (var id : List.of("mine", "other")) {
            assertThat(calls.post(
                                    "/v1/instances",
                                    "{\"id\":\"" + id + "\",\"policy\":{\"min_lessons_to_study\":100000}}",
                                    "x-api-key",
                                    admin)
                            .status())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    void close() {
        apprentice.close();
    }

    private String key(String name, @Nullable Set<String> instances, Scope... scopes) {
        return keys.create(new KeyDraft(name, Set.of(scopes), instances, null, Limits.NONE))
                .secret();
    }

    @Test
    void onlyHealthIsOpen() {
        assertThat(apprentice.routes().all())
                .filteredOn(route -> route.access() == Access.OPEN)
                .extracting(Route::path)
                .containsExactly("/health/live", "/health/ready");
    }

    @Test
    void everyRouteOpensForTheKeysItIsMeantForAndNoOther() throws IOException {
        var wrong = new ArrayList<String>();
        var turn = 0;
        for (var route : apprentice.routes().all()) {
            var opensFor = switch (route.access()) {
                case OPEN -> List.of("", "nonsense", revoked, ask, teach, admin, bound);
                case ANY -> List.of(ask, teach, admin, bound);
                case MONITOR -> List.of(ask, teach, admin);
                case ASK -> List.of(ask, bound);
                case TEACH -> List.of(teach, bound);
                case ADMIN -> List.of(admin, bound);
                case SERVER -> List.of(admin);
            };
            for (var key : List.of("", "nonsense", revoked, ask, teach, admin, bound)) {
                var isGood = List.of(ask, teach, admin, bound).contains(key);
                var form = FORMS.get(++turn % FORMS.size());
                var got = status(route.method(), concrete(route), key.isEmpty() ? "X-Nothing: 1" : form + key);
                var isRight = opensFor.contains(key) ? got != 401 && got != 403 : got == (isGood ? 403 : 401);
                if (!isRight) {
                    wrong.add(route + " with " + form + name(key) + " gave " + got);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aKeyInTheQueryIsNone() throws IOException {
        for (var route : apprentice.routes().all()) {
            if (route.access() != Access.OPEN) {
                var path = concrete(route) + "?key=" + admin + "&api_key=" + admin + "&access_token=" + admin
                        + "&x-api-key=" + admin + "&Authorization=Bearer%20" + admin;
                assertThat(status(route.method(), path, "X-Nothing: 1"))
                        .as("%s", route)
                        .isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/",
                "//v1/models",
                "/v1//models",
                "/%76%31/models",
                "/v1/%6dodels",
                "/v1/./models",
                "/v1/x/../models",
                "/v1/%2e%2e/v1/models",
                "/V1/Models",
                "/v1/models;a=b",
                "/health/../v1/models",
                "/health/%2e%2e/v1/models",
                "/health/live/../../v1/models",
                "/health/nothing",
                "/nothing",
                "/metrics/",
                "/openapi",
                "/openapi.yaml",
                "/"
            })
    void noOtherWayToWriteAPathGetsPast(String path) throws IOException {
        for (var method : List.of("GET", "HEAD", "POST", "OPTIONS", "TRACE", "PUT", "FOO")) {
            assertThat(status(method, path, "X-Nothing: 1"))
                    .as("%s %s", method, path)
                    .isIn(400, 401, 405, 501);
        }
    }

    @Test
    void theRefusalSaysWhatIsMissing() {
        var nobody = calls.get("/v1/models");
        assertThat(nobody.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(nobody.text("/error/code")).isEqualTo("missing_api_key");
        assertThat(nobody.text("/error/type")).isEqualTo("authentication_error");
        assertThat(calls.get("/v1/models", "x-api-key", revoked).text("/error/code"))
                .isEqualTo("invalid_api_key");
        var lacking = calls.post("/v1/feedback", "{}", "x-api-key", ask);
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.text("/detail")).contains("scope teach", "has ask");
        assertThat(calls.post("/v1/messages", "{}", "x-api-key", teach).text("/error/type"))
                .isEqualTo("permission_error");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/instances/other",
        "DELETE,/v1/instances/other",
        "POST,/v1/instances/other/freeze",
        "GET,/v1/instances/other/checkpoints",
        "GET,/v1/instances/other/report",
        "POST,/v1/instances/other/study",
        "GET,/v1/models/other"
    })
    void anInstanceOfOthersIsNotThere(String method, String path) throws IOException {
        assertThat(status(method, path, "X-API-Key: " + bound)).isEqualTo(404);
        assertThat(status(method, path.replace("other", "absent"), "X-API-Key: " + bound))
                .isEqualTo(404);
        assertThat(status("GET", "/v1/instances/mine", "X-API-Key: " + bound)).isEqualTo(200);
    }

    @Test
    void listsShowABoundKeyItsOwnOnly() {
        var models = calls.get("/v1/models", "x-api-key", bound);
        assertThat(models.body().path("data")).hasSize(1);
        assertThat(models.text("/data/0/id")).isEqualTo("mine");
        var instances = calls.get("/v1/instances", "x-api-key", bound);
        assertThat(instances.body().path("data")).hasSize(1);
        assertThat(instances.text("/data/0/id")).isEqualTo("mine");
        var refused = calls.get("/v1/instances/other", "x-api-key", bound);
        assertThat(refused.text("/detail")).isEqualTo("there is no instance 'other'");
        assertThat(calls.post("/v1/instances", "{\"id\":\"elsewhere\"}", "x-api-key", bound)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void keysAreMadeShownOnceAndRevokedOverHttp() {
        var made = calls.post(
                "/v1/keys", "{\"name\":\"shop\",\"scopes\":[\"ask\"],\"requests_per_minute\":1}", "x-api-key", admin);
        assertThat(made.status()).isEqualTo(201);
        var secret = made.text("/key");
        var first = calls.get("/v1/models", "x-api-key", secret);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("1");
        assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        var second = calls.get("/v1/models", "x-api-key", secret);
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.header("retry-after")).matches("\\d+");
        assertThat(second.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(second.text("/error/type")).isEqualTo("rate_limit_error");
        assertThat(calls.get("/v1/keys", "x-api-key", admin).body().toString())
                .contains(made.text("/id"))
                .doesNotContain(secret, "hash");
        assertThat(calls.delete("/v1/keys/" + made.text("/id"), "x-api-key", admin)
                        .status())
                .isEqualTo(204);
        assertThat(calls.get("/v1/models", "x-api-key", secret).status()).isEqualTo(401);
    }

    @Test
    void tokensAreCountedWhenTheAnswerHasBeenMade() {
        var limits = new Limits(null, 30);
        var draft = new KeyDraft("thrifty", Set.of(Scope.ASK), Set.of("mine"), null, limits);
        var secret = keys.create(draft).secret();
        var chat = Calls.chat("mine", "Say something about parcels that takes a while to tell.");
        var first = awaitKnown(chat.toString(), secret);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().at("/usage/total_tokens").asInt()).isGreaterThan(30);
        var second = calls.post("/v1/chat/completions", chat.toString(), "x-api-key", secret);
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.header("x-ratelimit-remaining-tokens")).isEqualTo("0");
        assertThat(second.text("/error/message")).contains("30 tokens a minute");
        var elsewhere = Calls.chat("other", "Hello");
        assertThat(calls.post("/v1/chat/completions", elsewhere.toString(), "x-api-key", bound)
                        .status())
                .isEqualTo(404);
        var base = Calls.chat("base", "Hello");
        assertThat(calls.post("/v1/chat/completions", base.toString(), "x-api-key", bound)
                        .status())
                .isEqualTo(404);
    }

    /** The server looks at the file of the keys once a second. */
    private Calls.Reply awaitKnown(String chat, String secret) {
        while (true) {
            var reply = calls.post("/v1/chat/completions", chat, "x-api-key", secret);
            if (reply.status() != 401) {
                return reply;
            }
        }
    }

    @Test
    void aBoundKeyTeachesAndReadsItsOwnInstancesOnly() {
        var foreign = calls.post(
                "/v1/feedback",
                Calls.example("other", "Where is it?", "Desk Heron").toString(),
                "x-api-key",
                teach);
        assertThat(foreign.status()).isEqualTo(202);
        var lesson = "/v1/lessons/" + foreign.text("/id");
        assertThat(calls.get(lesson, "x-api-key", teach).text("/by")).isEqualTo("teacher");
        var unseen = calls.get(lesson, "x-api-key", bound);
        assertThat(unseen.status()).isEqualTo(404);
        assertThat(unseen.text("/detail")).isEqualTo("there is no lesson '" + foreign.text("/id") + "'");
        assertThat(calls.delete(lesson, "x-api-key", bound).status()).isEqualTo(404);
        assertThat(calls.get("/v1/lessons", "x-api-key", bound).body().toString())
                .doesNotContain("\"other\"", "Heron");
        assertThat(calls.get("/v1/lessons?instance=other", "x-api-key", bound)
                        .body()
                        .path("data"))
                .isEmpty();
        assertThat(calls.post(
                                "/v1/feedback",
                                Calls.example("other", "Where?", "Here").toString(),
                                "x-api-key",
                                bound)
                        .status())
                .isEqualTo(404);
        assertThat(calls.post(
                                "/v1/feedback",
                                Calls.example("mine", "Where?", "Here").toString(),
                                "x-api-key",
                                bound)
                        .status())
                .isEqualTo(202);
    }

    @Test
    void anAnswerOfAnotherInstanceCannotBeCorrectedWithABoundKey() {
        var answer =
                calls.post("/v1/chat/completions", Calls.chat("other", "Hi").toString(), "x-api-key", ask);
        var correction = Calls.correction(answer.text("/id"), "Hello").toString();
        var refused = calls.post("/v1/feedback", correction, "x-api-key", bound);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text("/code")).isEqualTo("interaction_not_found");
        assertThat(calls.post("/v1/feedback", correction, "x-api-key", teach).status())
                .isEqualTo(202);
    }

    @Test
    void whatAnAdministratorDoesIsInTheJournal() {
        assertThat(calls.post("/v1/instances/mine/freeze", "", "x-api-key", admin)
                        .status())
                .isEqualTo(200);
        assertThat(calls.post("/v1/instances/absent/freeze", "", "x-api-key", admin)
                        .status())
                .isEqualTo(404);
        var journal =
                calls.get("/v1/audit?limit=1000", "x-api-key", admin).body().path("data");
        var told = new ArrayList<String>();
        journal.forEach(entry -> told.add(entry.path("who").asText() + " "
                + entry.path("on").asText() + " " + entry.path("outcome").asText()));
        assertThat(told)
                .contains(
                        "admin /v1/instances/mine/freeze begun",
                        "admin /v1/instances/mine/freeze 200",
                        "admin /v1/instances/absent/freeze 404");
        assertThat(journal.toString()).doesNotContain(admin);
    }

    @Test
    void noKeyIsEverLogged() throws IOException {
        try (var log = new CapturedLog()) {
            for (var path : List.of("/v1/models", "/v1/instances", "/v1/absent", "/v1/keys")) {
                for (var key : List.of(ask, admin, revoked)) {
                    assertThat(status("GET", path, "Authorization: Bearer " + key))
                            .isPositive();
                    assertThat(status("POST", path, "X-API-Key: " + key)).isPositive();
                }
            }
            var made = calls.post("/v1/keys", "{\"scopes\":[\"ask\"]}", "x-api-key", admin);
            assertThat(log.text()).contains("event=request");
            for (var secret : List.of(ask, admin, revoked, made.text("/key"))) {
                assertThat(log.text()).doesNotContain(secret.substring(16));
            }
        }
    }

    private int status(String method, String path, String header) throws IOException {
        try (var raw = new RawConnection(apprentice.port())) {
            raw.send(method + " " + path + " HTTP/1.1", header, "Content-Length: 0");
            return Integer.parseInt(raw.line().substring(9, 12));
        }
    }

    private static String concrete(Route route) {
        return route.path().replaceAll("\\{[^}]*}", "1");
    }

    private String name(String key) {
        return key.isEmpty()
                ? "no key"
                : Map.of(ask, "ask", teach, "teach", admin, "admin", bound, "bound", revoked, "revoked")
                        .getOrDefault(key, "nonsense");
    }
}
