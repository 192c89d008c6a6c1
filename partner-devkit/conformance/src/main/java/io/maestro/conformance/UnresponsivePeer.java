package io.maestro.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An outside system that takes connections and says nothing, or that is not there at all. Close it after the test. */
public final class UnresponsivePeer implements AutoCloseable {
    private final ServerSocket socket;
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final CountDownLatch called = new CountDownLatch(1);

    private UnresponsivePeer(ServerSocket socket) {
        this.socket = socket;
    }

    /** One that takes connections and neither reads nor answers. */
    public static UnresponsivePeer silent() throws IOException {
        UnresponsivePeer peer = new UnresponsivePeer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(peer::accept);
        return peer;
    }

    /** An address where nobody listens. */
    public static URI nowhere() throws IOException {
        try (UnresponsivePeer gone = silent()) {
            return gone.address();
        }
    }

    /** Where it listens. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Waits until somebody has connected; false when nobody does. */
    public boolean awaitCall(long seconds) throws InterruptedException {
        return called.await(seconds, TimeUnit.SECONDS);
    }

    private void accept() {
        try {
            while (true) {
                connections.add(socket.accept());
                called.countDown();
            }
        } catch (SocketException e) {
            // closed: the test is over
            connections.forEach(UnresponsivePeer::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        connections.forEach(UnresponsivePeer::close);
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
