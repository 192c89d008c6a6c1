package io.maestro.testing.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PKCS#11 token: SoftHSM 2 over a folder. A token has no process of its own: whatever loads its library needs {@link
 * #VARIABLE} in its environment, set to {@link #settings()}.
 */
public final class SoftHsm {
    /** What the token's user types. */
    public static final String PIN = "1234";

    /** The variable that tells SoftHSM where its tokens are. */
    public static final String VARIABLE = "SOFTHSM2_CONF";

    private static final String OFFICER_PIN = "5678";
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

    private final Path folder;

    private SoftHsm(Path folder) {
        this.folder = folder;
    }

    /** Makes a token below {@code folder}, which is new or empty. */
    public static SoftHsm create(Path folder) throws IOException, InterruptedException {
        SoftHsm token = new SoftHsm(folder.toAbsolutePath());
        Files.createDirectories(token.folder.resolve("tokens"));
        Files.writeString(token.settings(), """
                directories.tokendir = %s
                objectstore.backend = file
                log.level = ERROR
                slots.removable = false
                """.formatted(token.folder.resolve("tokens")));
        Files.writeString(token.configuration(), """
                name = softhsm
                library = %s
                slotListIndex = 0
                attributes(*, CKO_SECRET_KEY, *) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                """.formatted(library()));
        token.run(
                "softhsm2-util", "--init-token", "--free", "--label", "maestro", "--pin", PIN, "--so-pin", OFFICER_PIN);
        return token;
    }

    /** Makes an AES key of 256 bits that never leaves the token. */
    public void createKey(String label) throws IOException, InterruptedException {
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genseckey",
                "-keystore",
                "NONE",
                "-storetype",
                "PKCS11",
                "-providerClass",
                "sun.security.pkcs11.SunPKCS11",
                "-providerArg",
                configuration().toString(),
                "-storepass",
                PIN,
                "-alias",
                label,
                "-keyalg",
                "AES",
                "-keysize",
                "256");
    }

    /** What Java needs to know of the token. */
    public Path configuration() {
        return folder.resolve("pkcs11.cfg");
    }

    /** What the variable has to name. */
    public Path settings() {
        return folder.resolve("softhsm2.conf");
    }

    private static Path library() {
        return LIBRARIES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "SoftHSM 2 is not installed; on Debian: apt-get install softhsm2 (.ci/install does it)"));
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "token", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put(VARIABLE, settings().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command[0] + " failed: " + Files.readString(log, StandardCharsets.UTF_8));
        }
        Files.delete(log);
    }

    /** Removes what an earlier run left at a place that has to stay the same. */
    public static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
