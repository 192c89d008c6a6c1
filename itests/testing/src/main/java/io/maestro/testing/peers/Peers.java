package io.maestro.testing.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build puts the servers, and where they may listen. */
final class Peers {
    private Peers() {}

    /** What the build has put into the folder {@code target/peers} of the reactor's root under this name. */
    static Path installed(String name, String execution) throws IOException {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("partner-devkit/peers"))) {
                Path installed = folder.resolve("target/peers").resolve(name);
                if (Files.exists(installed)) {
                    return installed;
                }
                throw new IOException("there is no " + installed + "; name the execution " + execution
                        + " of the root pom.xml in the build of " + Path.of("").toAbsolutePath());
            }
        }
        throw new IOException("not within the repository: " + Path.of("").toAbsolutePath());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
