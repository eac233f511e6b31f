package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which nothing is done that is not written down. */
final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void send(String... lines) throws IOException {
        sendTo("localhost", lines);
    }

    void sendTo(String host, String... lines) throws IOException {
        var head = String.join("\r\n", lines) + "\r\nHost: " + host + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    }

    /** Whatever bytes. */
    void bytes(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing more will be sent, but what comes is still read. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Goes away as a client does that has been killed. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** What still comes until the server ends the connection. */
    String rest() throws IOException {
        return in.readAllAsString();
    }

    String line() throws IOException {
        return String.valueOf(in.readLine());
    }

    String until(String wanted) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(wanted) < 0) {
            var c = in.read();
            assertThat(c)
                    .as("the stream ended before '%s' came; it said: %s", wanted, seen)
                    .isNotNegative();
            seen.append((char) c);
        }
        return seen.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
