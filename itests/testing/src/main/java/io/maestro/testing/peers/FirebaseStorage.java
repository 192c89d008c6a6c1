package io.maestro.testing.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Google's emulator of Firebase Storage, from npm's {@code firebase-tools}. It speaks a part of Google Cloud Storage's JSON API:
 * objects in one request, descriptions, content, lists and deletion; not uploads of several chunks, conditions, signed URLs or
 * credentials, and every bucket is there. Needs Node, and in the module that uses it the execution {@code firebase-storage} of
 * {@code exec-maven-plugin}.
 *
 * <p>Not thread-safe. Closing it ends the process; so does the end of this one.
 */
public final class FirebaseStorage implements AutoCloseable {
    private final int port;
    private final PeerProcess process;

    private FirebaseStorage(int port, PeerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts one that keeps the bytes of objects and its log below {@code folder}, and waits until it answers. */
    public static FirebaseStorage start(Path folder) throws IOException, InterruptedException {
        Path installed = Peers.installed("firebase-storage", "firebase-storage of exec-maven-plugin");
        Files.createDirectories(folder);
        int port = Peers.freePort();
        PeerProcess process = PeerProcess.start(
                "firebase-storage",
                installed,
                folder.toAbsolutePath().resolve("firebase-storage.log"),
                Map.of(
                        "PORT",
                        Integer.toString(port),
                        // where it keeps the bytes of objects
                        "TMPDIR",
                        folder.toAbsolutePath().toString()),
                List.of("node", "server.cjs"));
        FirebaseStorage server = new FirebaseStorage(port, process);
        process.awaitAnswer(server.endpoint().resolve("/b"), Duration.ofMinutes(2));
        return server;
    }

    /** Where it listens, without a slash at the end. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where the token is had that it knows. */
    public URI tokenEndpoint() {
        return endpoint().resolve("/token");
    }

    @Override
    public void close() {
        process.close();
    }
}
