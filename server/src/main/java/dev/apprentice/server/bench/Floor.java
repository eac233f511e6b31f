package dev.apprentice.server.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The least that a server can do: a thread for each connection that answers whatever comes with the same bytes. What it
 * takes is what the sockets, the load client and everybody else on the machine take, and no server can take less.
 */
final class Floor implements AutoCloseable {
    private static final int READ_BYTES = 16 << 10;
    private static final int BODY_BYTES = 600;
    private static final int BACKLOG = 1024;
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY_BYTES + "\r\n\r\n" + " ".repeat(BODY_BYTES))
            .getBytes(StandardCharsets.ISO_8859_1);

    private final ServerSocket socket;

    private Floor(ServerSocket socket) {
        this.socket = socket;
    }

    static Floor open() throws IOException {
        var floor = new Floor(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("bench-floor").start(floor::accept);
        return floor;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void serve(Socket client) {
        var bytes = new byte[READ_BYTES];
        try (client) {
            client.setTcpNoDelay(true);
            while (client.getInputStream().read(bytes) > 0) {
                client.getOutputStream().write(ANSWER);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
