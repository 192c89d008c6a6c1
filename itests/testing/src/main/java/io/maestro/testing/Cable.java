package io.maestro.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The line between one node and the database: what goes through it is forwarded, until somebody cuts it. */
public final class Cable implements AutoCloseable {
    private final URI target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean cut;

    private Cable(URI target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** A whole line to the server of this JDBC address. The caller closes. */
    public static Cable to(String url) throws IOException {
        Cable cable = new Cable(
                URI.create(url.substring("jdbc:".length())), new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        cable.threads.execute(cable::accept);
        return cable;
    }

    /** The JDBC address at this end. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + listening.getLocalPort() + target.getPath()
                + (target.getQuery() == null ? "" : "?" + target.getQuery());
    }

    /** Breaks what is connected and lets nobody through. */
    public void cut() {
        cut = true;
        open.forEach(Cable::end);
    }

    /** Lets everybody through again. */
    public void mend() {
        cut = false;
    }

    /** Whether nobody gets through. */
    public boolean isCut() {
        return cut;
    }

    private void accept() {
        while (true) {
            try {
                Socket near = listening.accept();
                open.add(near);
                threads.execute(() -> connect(near));
            } catch (IOException closed) {
                // nobody connects any more
                return;
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        open.add(far);
        try {
            if (!cut) {
                far.connect(new InetSocketAddress(target.getHost(), target.getPort()), 5_000);
                threads.execute(() -> pump(far, near));
                pump(near, far);
            }
        } catch (IOException refused) {
            // whoever has connected is told by the end of the line
            end(far);
        } finally {
            end(near);
            end(far);
            open.remove(near);
            open.remove(far);
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            // one that was accepted in the moment of the cut must not outlive it
            if (!cut) {
                from.getInputStream().transferTo(to.getOutputStream());
            }
        } catch (IOException broken) {
            // the other direction ends with this one
            end(from);
        } finally {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
        threads.close();
    }
}
