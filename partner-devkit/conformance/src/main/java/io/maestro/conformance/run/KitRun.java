package io.maestro.conformance.run;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.conformance.AdapterManifest;
import io.maestro.model.Digest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program of the process in which {@code maestro adapter test} runs a kit. The adapter's code has this process for itself,
 * and nothing of its caller's but the environment.
 */
public final class KitRun {
    /** Exit codes: all tests passed, some did not, the kit could not be run. */
    static final int PASSED = 0;

    static final int FAILED = 1;
    static final int NOT_RUN = 2;

    /** Names the jar, the peer's description and a folder among the parameters of the run. */
    static final String JAR = "maestro.jar";

    static final String PEER = "maestro.peer";
    static final String FOLDER = "maestro.folder";

    private KitRun() {}

    /** Arguments: the jar, the description of the peer, where to write the report, and an empty folder. */
    public static void main(String[] arguments) throws IOException {
        int exit = run(
                Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]), System.out);
        // whatever threads the adapter has left behind
        System.exit(exit);
    }

    /** Runs the kit of the adapter's type, and writes the report when it ran. */
    static int run(Path jar, Path peerFile, Path report, Path folder, PrintStream people) throws IOException {
        try {
            KitReport told = run(jar, peerFile, folder, InstantSource.system(), people);
            Files.write(
                    report,
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsBytes(told));
            return told.passed() ? PASSED : FAILED;
        } catch (RunProblem e) {
            people.println(e.getMessage());
            return NOT_RUN;
        }
    }

    private static KitReport run(Path jar, Path peerFile, Path folder, InstantSource clock, PrintStream people)
            throws IOException {
        Digest digest = Digest.sha256(Files.readAllBytes(jar));
        AdapterManifest manifest;
        try (PackedAdapter adapter = PackedAdapter.open(jar, Files.createDirectories(folder.resolve("look")))) {
            manifest = adapter.manifest();
        }
        Kit kit = kit(manifest, peerFile);
        Instant started = clock.instant();
        TestWatch watch = new TestWatch(people, kit.masked());
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(kit.tests()))
                                .configurationParameters(Map.of(
                                        JAR,
                                        jar.toString(),
                                        PEER,
                                        peerFile.toString(),
                                        FOLDER,
                                        Files.createDirectories(folder.resolve("run"))
                                                .toString()))
                                .build(),
                        watch);
        return new KitReport(
                KitReport.FORMAT,
                manifest.id(),
                digest.toString(),
                manifest.type(),
                manifest.contractVersion(),
                digestOfTheKit(),
                kit.peer(),
                started.toString(),
                clock.instant().toString(),
                watch.passed(),
                watch.tests(),
                watch.notTried());
    }

    /**
     * The kit of a type.
     *
     * @param tests its tests
     * @param peer what the outside system is called
     * @param masked takes out of a text what must not be told
     */
    private record Kit(Class<?> tests, String peer, UnaryOperator<String> masked) {}

    private static Kit kit(AdapterManifest manifest, Path peerFile) throws IOException {
        return switch (manifest.type()) {
            case "storage" -> {
                Set<String> secrets = new HashSet<>();
                StoragePeer peer = PeerFile.read(peerFile, StoragePeer.class).filled(name -> {
                    String value = System.getenv(name);
                    if (value != null && !value.isEmpty()) {
                        secrets.add(value);
                    }
                    return value;
                });
                secrets.addAll(peer.values(manifest.secrets()));
                if (manifest.asksForNetwork() && !peer.hasPlaces()) {
                    throw new RunProblem("the description of the peer gives one and the same place to all tests: "
                            + "write {place} into a property of place, such as a prefix");
                }
                yield new Kit(StorageRun.class, peer.name(), text -> masked(text, secrets));
            }
            case "identity" -> {
                IdentityPeer peer = PeerFile.read(peerFile, IdentityPeer.class);
                // its secrets are the kit's own, and good for nothing
                yield new Kit(IdentityRun.class, peer.name(), text -> text);
            }
            default ->
                throw new RunProblem("adapters of the type " + manifest.type()
                        + " cannot be tried from a description of their peer: extend the kit of the type in tests of your"
                        + " own");
        };
    }

    /** The text without these. */
    private static String masked(String text, Set<String> secrets) {
        String masked = text;
        // a secret may be a part of another one
        for (String secret : secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    /** The digest of the jar that this class comes from; null when it comes from a folder, as in the kit's own build. */
    private static @Nullable String digestOfTheKit() throws IOException {
        CodeSource source = KitRun.class.getProtectionDomain().getCodeSource();
        try {
            URI place = source.getLocation().toURI();
            Path jar = Path.of(place);
            return Files.isRegularFile(jar)
                    ? Digest.sha256(Files.readAllBytes(jar)).toString()
                    : null;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
