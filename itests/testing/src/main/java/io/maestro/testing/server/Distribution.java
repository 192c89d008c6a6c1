package io.maestro.testing.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that runs. */
public record Distribution(Path home) {
    /** The distribution that this build has made: the system property {@code maestro.home}, else the assembly's. */
    public static Distribution built() {
        String given = System.getProperty("maestro.home", "");
        if (!given.isEmpty()) {
            return new Distribution(Path.of(given));
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path home = folder.resolve("distribution/assembly/target/maestro");
            if (Files.isExecutable(home.resolve("bin/maestro-server"))) {
                return new Distribution(home);
            }
        }
        throw new IllegalStateException("there is no distribution yet: build the module distribution/assembly");
    }

    /** The script that starts a node. */
    public Path server() {
        return home.resolve("bin/maestro-server");
    }

    /** The command line. */
    public Path maestro() {
        return home.resolve("bin/maestro");
    }

    /** A shipped adapter, signed by the publisher of this build, for example {@code storage.file}. */
    public Path signedAdapter(String name) {
        return Folders.single(home.resolve("adapters/signed"), "*" + name + "*.jar");
    }

    /** A shipped adapter, not signed. */
    public Path unsignedAdapter(String name) {
        return Folders.single(home.resolve("adapters"), "*" + name + "*.jar");
    }

    /** The certificate of the publisher of this build. */
    public Path publisher() {
        return home.resolve("etc/publishers/maestro.pem");
    }
}
