package dev.apprentice.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a port of this machine that a test can cut: every connection over it breaks, and new ones can be made. */
final class CutWire implements AutoCloseable {
    private final ServerSocket door;
    private final int port;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();

    private CutWire(ServerSocket door, int port) {
        this.door = door;
        this.port = port;
    }

    static CutWire to(int port) throws IOException {
        var wire = new CutWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        Thread.startVirtualThread(wire::take);
        return wire;
    }

    int port() {
        return door.getLocalPort();
    }

    private void take() {
        while (!door.isClosed()) {
            try {
                var near = door.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), port);
                ends.add(near);
                ends.add(far);
                Thread.startVirtualThread(() -> pass(near, far));
                Thread.startVirtualThread(() -> pass(far, near));
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Until one of both is closed; then the other is as well. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            System.getLogger(CutWire.class.getName()).log(System.Logger.Level.DEBUG, "event=wire_cut", e);
        }
    }

    /** Breaks what is connected now. */
    void cut() throws IOException {
        var connected = List.copyOf(ends);
        for (var end : connected) {
            end.close();
        }
        ends.removeAll(connected);
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
