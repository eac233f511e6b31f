package dev.apprentice.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of bytes: for faults that no HTTP server would make. Each connection is answered by the next script. */
final class RawServer implements AutoCloseable {
    /** What one connection is answered with. */
    @FunctionalInterface
    interface Script {
        void play(Socket client, OutputStream out) throws IOException;
    }

    static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private final ServerSocket listener;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Thread thread;

    RawServer(Script... scripts) throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        thread = new Thread(() -> serve(scripts), "raw-server");
        thread.start();
    }

    /** Says {@code response} and closes in good order. */
    static Script saying(String response) {
        return (client, out) -> out.write(response.getBytes(StandardCharsets.UTF_8));
    }

    /** Says {@code response} and resets the connection. */
    static Script breaking(String response) {
        return (client, out) -> {
            out.write(response.getBytes(StandardCharsets.UTF_8));
            out.flush();
            client.setSoLinger(true, 0);
        };
    }

    /** Says {@code events} and ends amid more that it promised; unlike a reset, this loses nothing that was said. */
    static Script cutting(String events) {
        return saying(EVENTS.replace("\r\n\r\n", "\r\nContent-Length: 100000\r\n\r\n") + events);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The heads of the requests. */
    List<String> heads() {
        return heads;
    }

    private void serve(Script... scripts) {
        for (var script : scripts) {
            try (var client = listener.accept()) {
                heads.add(head(client));
                script.play(client, client.getOutputStream());
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
                // else the client has gone, which is what some scripts wait for
            }
        }
    }

    private static String head(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        var head = new StringBuilder();
        int length = 0;
        for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
