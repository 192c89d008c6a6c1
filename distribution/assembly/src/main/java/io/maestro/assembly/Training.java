package io.maestro.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Records the AOT cache. */
final class Training {
    private final Path home;
    private final Path work;
    private final String identity;

    Training(Path home, Path work, String identity) {
        this.home = home;
        this.work = work;
        this.identity = identity;
    }

    void run() throws IOException, InterruptedException {
        if (Files.exists(work.resolve(identity)) && Files.exists(home.resolve("etc/server.aot"))) {
            return;
        }
    }
}
