package dev.apprentice.engine.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the model hub says of a repository: the commit behind a revision, and its files with sizes and fingerprints
 * (SHA-256 of those in large-file storage, git's blob hash of the rest).
 */
final class HubClient {
    private static final int TRIES = 4;
    private static final int ANSWER_BYTES_MAX = 32 << 20;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");

    private static final Pattern WANTED = Pattern.compile("config\\.json|generation_config\\.json|tokenizer\\.json"
            + "|tokenizer_config\\.json|special_tokens_map\\.json|added_tokens\\.json|chat_template\\.(json|jinja)"
            + "|additional_chat_templates/[^/]+\\.jinja|LICENSE(\\.\\w+)?|model\\.safetensors(\\.index\\.json)?"
            + "|model-\\d+-of-\\d+\\.safetensors");

    private final StoreSettings settings;
    private final Http http;
    private final Pause pause;

    HubClient(StoreSettings settings, Http http, Pause pause) {
        this.settings = settings;
        this.http = http;
        this.pause = pause;
    }

    /**
     * The files of a repository at one commit that a model is made of.
     *
     * @param commit the full commit
     * @param files in the hub's order
     */
    record Snapshot(String commit, List<ModelFile> files) {}

    /** Looks up {@code ref} and chooses the files that a model needs. */
    Snapshot snapshot(HubRef ref) throws SourceFailedException, InterruptedException {
        var info = get(api(ref, "revision", ref.revision()), ref).body;
        var commit = info.path("sha").asText();
        if (!commit.matches("[0-9a-f]{40}")) {
            throw new SourceFailedException(settings.hub().getHost() + " names no commit for " + ref);
        }
        return new Snapshot(commit, choose(ref, tree(ref, commit)));
    }

    /** Where the hub serves {@code file}. */
    URI address(HubRef ref, String commit, ModelFile file) {
        return URI.create(
                settings.hub() + "/" + ref.repo() + "/resolve/" + encode(commit) + "/" + encodePath(file.path()));
    }

    /** What to tell a person whose request was refused. */
    static String tokenAdvice(@Nullable String token) {
        return token == null
                ? "it is private or gated, or does not exist; set HF_TOKEN to a token that may read it"
                : "the token in HF_TOKEN may not read it; has its account accepted the terms on the model's page?";
    }

    private List<ModelFile> tree(HubRef ref, String commit) throws SourceFailedException, InterruptedException {
        var files = new ArrayList<ModelFile>();
        var page = URI.create(api(ref, "tree", commit) + "?recursive=true");
        while (true) {
            var answer = get(page, ref);
            for (var entry : answer.body) {
                if (entry.path("type").asText().equals("file")
                        && ModelFile.isSafe(entry.path("path").asText())) {
                    files.add(file(ref, entry));
                }
            }
            var next = NEXT.matcher(answer.link);
            if (!next.find()) {
                return files;
            }
            page = page.resolve(next.group(1));
        }
    }

    private static ModelFile file(HubRef ref, JsonNode entry) throws SourceFailedException {
        var path = entry.path("path").asText();
        try {
            var stored = entry.path("lfs");
            return stored.isObject()
                    ? new ModelFile(
                            path,
                            stored.path("size").asLong(-1),
                            FileDigest.sha256(stored.path("oid").asText()))
                    : new ModelFile(
                            path,
                            entry.path("size").asLong(-1),
                            FileDigest.gitBlob(entry.path("oid").asText()));
        } catch (IllegalArgumentException e) {
            throw new SourceFailedException(
                    "the hub describes " + path + " of " + ref + " wrongly: " + e.getMessage(), e);
        }
    }

    private static List<ModelFile> choose(HubRef ref, List<ModelFile> all) throws SourceFailedException {
        var wanted = all.stream()
                .filter(file -> WANTED.matcher(file.path()).matches())
                .toList();
        Predicate<ModelFile> weights = file -> file.path().endsWith(".safetensors");
        if (wanted.stream().anyMatch(weights)) {
            return wanted;
        }
        var ggufs = all.stream().filter(file -> file.path().endsWith(".gguf")).toList();
        if (ggufs.size() == 1) {
            return ggufs;
        }
        var found = ggufs.isEmpty()
                ? all.stream().map(ModelFile::path).limit(12).collect(Collectors.joining(", "))
                : ggufs.stream().map(ModelFile::path).collect(Collectors.joining(", "));
        throw new SourceFailedException(ref + " has no safetensors weights and "
                + (ggufs.isEmpty()
                        ? "no GGUF file"
                        : "several GGUF files; download one and pass it with --model FILE.gguf")
                + "; its files: " + found);
    }

    private record Answer(JsonNode body, String link) {}

    private Answer get(URI uri, HubRef ref) throws SourceFailedException, InterruptedException {
        for (var tried = 1; ; tried++) {
            try (var reply = http.get(uri, Map.of("Accept", "application/json"), settings.token())) {
                return switch (reply.status()) {
                    case 200 ->
                        new Answer(
                                read(reply.last().body()), reply.header("link").orElse(""));
                    case 401, 403 ->
                        throw new SourceFailedException(uri.getHost() + " answered " + reply.status() + " for " + ref
                                + ": " + tokenAdvice(settings.token()));
                    case 404 ->
                        throw new SourceFailedException(
                                uri.getHost() + " has no " + ref + " (404): check the name and the revision");
                    default -> throw Download.refused(uri, reply);
                };
            } catch (JsonProcessingException e) {
                throw new SourceFailedException(
                        uri.getHost() + " does not answer like a model hub: " + e.getOriginalMessage(), e);
            } catch (IOException e) {
                if (tried == TRIES || e instanceof HttpTimeoutException) {
                    throw new SourceFailedException(uri.getHost() + ": " + e.getMessage(), e);
                }
                pause.pause(Duration.ofMillis(500L << (tried - 1)));
            }
        }
    }

    private JsonNode read(Body body) throws IOException, InterruptedException, SourceFailedException {
        var bytes = new ByteArrayOutputStream();
        for (var piece = body.next(settings.stallTimeout());
                piece != null;
                piece = body.next(settings.stallTimeout())) {
            for (var buffer : piece) {
                var chunk = new byte[buffer.remaining()];
                buffer.get(chunk);
                bytes.writeBytes(chunk);
            }
            if (bytes.size() > ANSWER_BYTES_MAX) {
                throw new SourceFailedException("the hub's answer is longer than " + ANSWER_BYTES_MAX + " bytes");
            }
        }
        return Json.strict().readTree(bytes.toByteArray());
    }

    private URI api(HubRef ref, String what, String revision) {
        return URI.create(settings.hub() + "/api/models/" + ref.repo() + "/" + what + "/" + encode(revision));
    }

    static String encodePath(String path) {
        return Stream.of(path.split("/", -1)).map(HubClient::encode).collect(Collectors.joining("/"));
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
