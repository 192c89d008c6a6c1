package io.maestro.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the conformance kits of all shipped adapters again and again, to find the test that fails once in many times. Each kit
 * has a process of its own with the options of its build, and all kits of a round run at once: that is the load under
 * which such a test shows.
 */
public final class KitRounds {
    /** As the build has them: an odd time zone, and a language with letters of its own. */
    private static final List<String> OPTIONS = List.of(
            "-Duser.timezone=America/Bahia_Banderas",
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Dfile.encoding=UTF-8",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final List<Kit> KITS = List.of(
            new Kit("storage-file", "io.maestro.adapter.storage.file.FileConformanceTest", "-Xmx48m"),
            new Kit("storage-s3", "io.maestro.adapter.storage.s3.S3ConformanceTest", "-Xmx48m"),
            new Kit("storage-azure", "io.maestro.adapter.storage.azure.AzureConformanceTest", "-Xmx48m"),
            new Kit("storage-gcs", "io.maestro.adapter.storage.gcs.ConformanceAgainstProtocolServerTest", "-Xmx64m"),
            new Kit("provisioning-scim", "io.maestro.adapter.provisioning.scim.ScimConformanceTest", "-Xmx1g"),
            new Kit("provisioning-scim", "io.maestro.adapter.provisioning.scim.PlainScimConformanceTest", "-Xmx1g"),
            new Kit("identity-oidc", "io.maestro.adapter.identity.oidc.OidcConformanceTest", "-Xmx1g"));

    private KitRounds() {}

    /**
     * A kit of an adapter.
     *
     * @param module the folder of the adapter
     * @param test the class that runs the kit
     * @param heap as the build bounds it
     */
    private record Kit(String module, String test, String heap) {
        String name() {
            return test.substring(test.lastIndexOf('.') + 1);
        }
    }

    /** Arguments: the root of the tree, whose adapters have a {@code target/kit-classpath}, and how many rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Path logs = Files.createDirectories(root.resolve("target/kits"));
        for (int round = 1; round <= rounds; round++) {
            long begun = System.nanoTime();
            List<String> failed = round(root, logs);
            if (!failed.isEmpty()) {
                System.out.println("round " + round + " of " + rounds + " failed:");
                for (String name : failed) {
                    Files.readAllLines(logs.resolve(name + ".log")).stream()
                            .filter(line -> line.startsWith(KitRound.MARK))
                            .forEach(System.out::println);
                    System.out.println("  the rest is in target/kits/" + name + ".log");
                }
                System.exit(1);
            }
            System.err.println("round " + round + " of " + rounds + ": none failed, "
                    + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        }
        System.out.println(rounds + " rounds of " + KITS.size() + " kits: none failed");
    }

    /** The names of those that failed. */
    private static List<String> round(Path root, Path logs) throws IOException, InterruptedException {
        List<Process> running = new ArrayList<>();
        for (Kit kit : KITS) {
            running.add(started(root, kit, logs.resolve(kit.name() + ".log")));
        }
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < running.size(); i++) {
            if (running.get(i).waitFor() != 0) {
                failed.add(KITS.get(i).name());
            }
        }
        return failed;
    }

    private static Process started(Path root, Kit kit, Path log) {
        try {
            Path module = root.resolve("adapter-bundles").resolve(kit.module());
            Path target = module.resolve("target");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(OPTIONS);
            command.add(kit.heap());
            command.add("-cp");
            command.add(String.join(
                    ":",
                    target.resolve("test-classes").toString(),
                    target.resolve("classes").toString(),
                    Files.readString(target.resolve("kit-classpath")).strip(),
                    root.resolve("itests/bench/target/classes").toString()));
            command.add(KitRound.class.getName());
            command.add(kit.test());
            return new ProcessBuilder(command)
                    .directory(module.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
