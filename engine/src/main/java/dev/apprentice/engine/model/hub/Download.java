package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file over HTTP, however often the connection breaks: what has come is kept beside the target, also across
 * processes, and the rest is asked for by {@code Range} with {@code If-Range}, so that two versions of a file are never
 * glued together (RFC 9110 §13.1.5, §14). The fingerprint decides in the end.
 */
final class Download {
    private static final int BARREN_TRIES_MAX = 5;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

    private final Http http;
    private final Duration stallTimeout;
    private final Pause pause;
    private final Progress progress;

    Download(Http http, Duration stallTimeout, Pause pause, Progress progress) {
        this.http = http;
        this.stallTimeout = stallTimeout;
        this.pause = pause;
        this.progress = progress;
    }

    /** One file on its way: what is wanted, where it ends, where the part that has come is kept. */
    private record Task(URI uri, ModelFile file, @Nullable String token, Path target, Path part, Path tag) {
        long have() throws IOException {
            return Files.exists(part) ? Files.size(part) : 0;
        }

        void forget() throws IOException {
            Files.deleteIfExists(part);
            Files.deleteIfExists(tag);
        }
    }

    /** Thrown inside a try that may succeed when tried again. */
    private static final class AgainException extends IOException {
        private static final long serialVersionUID = 1L;
        private final @Nullable Duration after;

        AgainException(String reason, @Nullable Duration after) {
            super(reason);
            this.after = after;
        }
    }

    /** Brings {@code file} from {@code uri} to {@code target}, verified and durable. */
    void fetch(URI uri, ModelFile file, Path target, @Nullable String token)
            throws SourceFailedException, InterruptedException {
        var name = String.valueOf(target.getFileName());
        var task = new Task(
                uri, file, token, target, target.resolveSibling(name + ".part"), target.resolveSibling(name + ".etag"));
        try {
            Durable.createFolder(target);
            var resumed = task.have() > 0;
            receive(task);
            if (resumed && !file.digest().isOf(task.part)) {
                task.forget(); // what an earlier run had left was of another version, or torn by a crash
                receive(task);
            }
            settle(task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(Task task) throws IOException, SourceFailedException, InterruptedException {
        var begun = task.have();
        var barren = 0;
        while (task.have() != task.file.bytes()) {
            var before = task.have();
            if (before > task.file.bytes()) {
                task.forget();
                before = 0;
            }
            String reason;
            Duration wish;
            try {
                once(task, before);
                reason = "the connection ended early";
                wish = null;
            } catch (AgainException e) {
                reason = String.valueOf(e.getMessage());
                wish = e.after;
            } catch (HttpTimeoutException e) {
                if (task.have() == begun) {
                    throw new SourceFailedException(task.uri.getHost() + ": " + e.getMessage(), e);
                }
                reason = String.valueOf(e.getMessage());
                wish = null;
            } catch (IOException e) {
                reason = String.valueOf(e.getMessage());
                wish = null;
            }
            var have = task.have();
            if (have == task.file.bytes()) {
                return;
            }
            barren = have > before ? 0 : barren + 1;
            if (barren >= BARREN_TRIES_MAX) {
                throw new SourceFailedException("gave up on " + task.file.path() + " after " + barren
                        + " tries that brought nothing: " + reason + "; " + have + " of " + task.file.bytes()
                        + " bytes are kept for next time");
            }
            var wait = wish != null ? wish : PAUSE_FIRST.multipliedBy(1L << barren);
            wait = wait.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : wait;
            progress.on(new Progress.Retrying(task.file.path(), have, reason, wait));
            pause.pause(wait);
        }
    }

    /** One request and as much of its body as comes. */
    private void once(Task task, long have) throws IOException, SourceFailedException, InterruptedException {
        try (var reply = http.get(task.uri, headers(task, have), task.token)) {
            checkLinkedDigest(task, reply);
            switch (reply.status()) {
                case 200 -> {
                    checkLength(task, reply);
                    Files.deleteIfExists(task.tag);
                    var etag = reply.header("etag").filter(tag -> !tag.startsWith("W/"));
                    if (etag.isPresent()) {
                        Files.writeString(task.tag, etag.get());
                    }
                    copy(task, reply.last().body(), 0);
                }
                case 206 -> {
                    checkRange(task, reply, have);
                    copy(task, reply.last().body(), have);
                }
                case 416 -> {
                    task.forget();
                    throw new AgainException("the server refused the range (416); starting over", null);
                }
                case 401, 403 ->
                    throw new SourceFailedException(task.uri.getHost() + " answered " + reply.status() + " for "
                            + task.file.path() + ": " + HubClient.tokenAdvice(task.token));
                case 404, 410 ->
                    throw new SourceFailedException(task.uri.getHost() + " has no " + task.file.path() + " ("
                            + reply.status() + " for " + task.uri.getPath() + ")");
                default -> throw refused(task.uri, reply);
            }
        }
    }

    /** What to make of a status that nothing else claims: later, or never. */
    static IOException refused(URI uri, Http.Reply reply) throws SourceFailedException {
        var status = reply.status();
        var reason = uri.getHost() + " answered " + status;
        if (status == 408 || status == 429 || status >= 500) {
            var after = reply.header("retry-after").filter(text -> text.matches("\\d{1,6}"));
            return new AgainException(
                    reason, after.map(Long::parseLong).map(Duration::ofSeconds).orElse(null));
        }
        throw new SourceFailedException(reason + " for " + uri.getPath());
    }

    private static Map<String, String> headers(Task task, long have) throws IOException {
        var headers = new HashMap<String, String>();
        if (have > 0) {
            headers.put("Range", "bytes=" + have + "-");
            if (Files.exists(task.tag)) {
                headers.put("If-Range", Files.readString(task.tag));
            }
        }
        return headers;
    }

    private static void checkLinkedDigest(Task task, Http.Reply reply) throws SourceFailedException, IOException {
        var given = reply.linkedDigest();
        if (given == null || task.file.digest().kind() != FileDigest.Kind.SHA256) {
            return;
        }
        var hex = given.replace("\"", "");
        if (hex.matches("[0-9a-fA-F]{64}") && !FileDigest.sha256(hex).equals(task.file.digest())) {
            task.forget();
            throw new SourceFailedException(task.uri.getHost() + " has another " + task.file.path() + ": expected "
                    + task.file.digest() + ", found sha256:" + hex);
        }
    }

    private static void checkLength(Task task, Http.Reply reply) throws SourceFailedException {
        var length = reply.last().headers().firstValueAsLong("content-length");
        if (length.isPresent() && length.getAsLong() != task.file.bytes()) {
            throw new SourceFailedException(task.uri.getHost() + " has another " + task.file.path() + ": expected "
                    + task.file.bytes() + " bytes, found " + length.getAsLong());
        }
    }

    private static void checkRange(Task task, Http.Reply reply, long have) throws IOException {
        var range = CONTENT_RANGE.matcher(reply.header("content-range").orElse(""));
        var fits = range.matches()
                && Long.parseLong(range.group(1)) == have
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == task.file.bytes());
        if (!fits) {
            task.forget();
            throw new AgainException("the server sent another range than asked for; starting over", null);
        }
    }

    private void copy(Task task, Body body, long from) throws IOException, SourceFailedException, InterruptedException {
        var bytes = task.file.bytes();
        try (var out = open(task.part, from)) {
            var done = from;
            for (var piece = body.next(stallTimeout); piece != null; piece = body.next(stallTimeout)) {
                for (var buffer : piece) {
                    done += buffer.remaining();
                    if (done > bytes) {
                        out.truncate(0);
                        throw new SourceFailedException(task.uri.getHost() + " has another " + task.file.path()
                                + ": expected " + bytes + " bytes, found more");
                    }
                    while (buffer.hasRemaining()) {
                        write(out, buffer);
                    }
                }
                progress.on(new Progress.Received(task.file.path(), done, bytes));
            }
        }
    }

    private static FileChannel open(Path part, long from) throws IOException {
        var out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return out.truncate(from).position(from);
    }

    /** A full disk is no reason to ask the network again. */
    private static void write(FileChannel out, ByteBuffer buffer) {
        try {
            out.write(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settle(Task task) throws IOException, SourceFailedException {
        var found = FileDigest.of(task.file.digest().kind(), task.part);
        if (!found.equals(task.file.digest())) {
            task.forget();
            throw new SourceFailedException(task.uri.getHost() + " has another " + task.file.path() + ": expected "
                    + task.file.digest() + ", found " + found);
        }
        Durable.move(task.part, task.target);
        Files.deleteIfExists(task.tag);
        progress.on(new Progress.Verified(task.file.path(), task.file.bytes()));
    }
}
