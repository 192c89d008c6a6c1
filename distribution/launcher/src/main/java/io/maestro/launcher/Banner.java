package io.maestro.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a person sees once the node is ready. */
record Banner(Home home, Path data, Path log, Path folder) {
    List<String> lines(URI address, Duration took) {
        String maestro = near(home.folder().resolve("bin/maestro"));
        return List.of(
                String.format(
                        Locale.ROOT,
                        "Maestro Conductor %s is ready at %s (%.1f s). Ctrl-C stops it.",
                        home.version(),
                        address,
                        took.toMillis() / 1000.0),
                "",
                "  console             " + address + "/console/",
                "  first admin token   " + near(data.resolve("bootstrap-token")),
                "  log                 " + near(log),
                "",
                "Try, in another shell:",
                "",
                "  " + maestro + " login --url " + address + " --token-file " + near(data.resolve("bootstrap-token")),
                "  " + maestro + " tenant create acme",
                "  " + maestro + " adapter list");
    }

    /** As short as it can be typed here. */
    private String near(Path path) {
        return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
    }
}
