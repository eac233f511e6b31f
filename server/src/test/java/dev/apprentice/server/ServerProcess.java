package dev.apprentice.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import dev.apprentice.server.command.Main;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, started as the launcher starts it, so that it can be killed. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path data;
    private final Path log;
    private final int port;
    private Process process;

    private ServerProcess(Path data, Path log, int port, Process process) {
        this.data = data;
        this.log = log;
        this.port = port;
        this.process = process;
    }

    /** Starts on {@code data} and waits until it is ready. */
    static ServerProcess start(Path data, Path log) throws IOException, InterruptedException {
        var server = begin(data, log, Map.of());
        server.awaitReady();
        return server;
    }

    /** Begins to start on {@code data}, with {@code environment} beside this process's own. */
    static ServerProcess begin(Path data, Path log, Map<String, String> environment) throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return new ServerProcess(data, log, port, launch(data, log, port, environment));
    }

    /** The port that it listens on, or will. */
    int port() {
        return port;
    }

    /** Tells it to stop as an operator does, by SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills it as {@code kill -9} does, starts it again on the same data and waits until it is ready. */
    void killAndRestart() throws IOException, InterruptedException {
        kill();
        process = launch(data, log, port, Map.of());
        awaitReady();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private static Process launch(Path data, Path log, int port, Map<String, String> environment) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Dai.djl.offline=true", "--enable-native-access=ALL-UNNAMED", "-ea:dev.apprentice...", "-Xmx2g"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("serve", "--port", Integer.toString(port), "--data", data.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("APPRENTICE_ENGINE_DTYPE", "fp32"); // the same on every machine
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return builder.start();
    }

    void awaitReady() throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the server ended with " + process.exitValue() + ":\n" + Files.readString(log));
            }
            try {
                if (get("/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not listening yet
            }
            if (System.nanoTime() > until) {
                throw new AssertionError("not ready in " + START + ":\n" + Files.readString(log));
            }
            pause();
        }
    }

    static void pause() throws InterruptedException {
        var _ = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        var response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return Json.strict().readTree(response.body());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> patch(String path, String json) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> postZip(String path, byte[] zip) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", "application/zip")
                        .POST(BodyPublishers.ofByteArray(zip))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(2));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }
}
