package dev.apprentice.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link StubServer} that runs with the options of this process, over fresh data that it deletes when it ends. */
final class ServerProcess implements AutoCloseable {
    private static final int LAST_SECONDS = 30;

    private final Process process;
    private final BufferedReader from;
    private final PrintStream to;
    private final Path data;
    private final Path log;
    private int port;
    private int floor;

    private ServerProcess(Process process, Path data, Path log) {
        this.process = process;
        this.data = data;
        this.log = log;
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts one that keeps its data in a fresh folder within {@code place}; it has to {@link #listen} before use. */
    static ServerProcess start(Path model, Path place) throws IOException {
        var data = Files.createTempDirectory(Files.createDirectories(place), "apprentice-bench");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agentlib") && !option.startsWith("-XX:StartFlightRecording"))
                .forEach(command::add);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(StubServer.class.getName());
        command.add(model.toString());
        command.add(data.toString());
        var log = data.resolve("server.log");
        return new ServerProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), data, log);
    }

    /** Waits until it listens. */
    void listen() throws IOException {
        try {
            var ports = line("its ports");
            port = ports.path("port").intValue();
            floor = ports.path("floor").intValue();
        } catch (IOException e) {
            throw new IOException(
                    "a server to be measured did not start: "
                            + Files.readString(log).strip(),
                    e);
        }
    }

    int port() {
        return port;
    }

    /** Where its {@link Floor} listens. */
    int floor() {
        return floor;
    }

    long cpuNanos() throws IOException {
        return asked(StubServer.TIME).path("cpu_nanos").longValue();
    }

    /** Its memory, after garbage has been collected: {@code heap_bytes} and {@code resident_bytes}. */
    JsonNode memory() throws IOException {
        return asked(StubServer.MEMORY);
    }

    private JsonNode asked(String what) throws IOException {
        to.println(what);
        return line(what);
    }

    private JsonNode line(String what) throws IOException {
        var line = from.readLine();
        if (line == null) {
            throw new IOException("the server ended before it said " + what);
        }
        return Json.strict().readTree(line);
    }

    @Override
    public void close() throws IOException {
        to.close(); // its input ends, and so does it
        try {
            if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        from.close();
        Folders.delete(data); // which it has done itself unless it was killed
    }
}
