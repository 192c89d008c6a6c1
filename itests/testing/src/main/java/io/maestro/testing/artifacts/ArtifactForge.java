package io.maestro.testing.artifacts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes one artifact of every bad kind. The adapter names differ by kind, so that all can be tried on one server, and none
 * is {@code demo-storage}.
 */
public final class ArtifactForge {
    private final TestPublisher trusted;
    private final TestPublisher revoked;
    private final TestPublisher unknown;

    /**
     * Makes a forge.
     *
     * @param trusted its certificate is trusted by the server under test
     * @param revoked its certificate was trusted and is revoked
     * @param unknown its certificate was never shown to the server
     */
    public ArtifactForge(TestPublisher trusted, TestPublisher revoked, TestPublisher unknown) {
        this.trusted = trusted;
        this.revoked = revoked;
        this.unknown = unknown;
    }

    /** A storage adapter that works, signed by the trusted publisher. */
    public byte[] good(String name, String version) {
        return AdapterJar.storage(name, version).signedBy(trusted);
    }

    /** The same name and version with other bytes: refused once the good one is admitted. */
    public byte[] otherBytes(String name, String version) {
        return AdapterJar.storage(name, version)
                .entry("other.txt", "other bytes".getBytes(StandardCharsets.UTF_8))
                .signedBy(trusted);
    }

    /** A storage adapter of about that size: its signed payload does not compress. */
    public byte[] large(String name, String version, int bytes) {
        byte[] payload = new byte[bytes];
        new Random(7).nextBytes(payload);
        return AdapterJar.storage(name, version).entry("payload.bin", payload).signedBy(trusted);
    }

    /** What inspection refuses. */
    public List<BadArtifact> refusedByInspection() {
        return List.of(
                new BadArtifact(
                        "not a jar",
                        "artifact-not-a-jar",
                        () -> "hello\n".repeat(100).getBytes(StandardCharsets.UTF_8)),
                new BadArtifact("an empty file", "artifact-not-a-jar", () -> new byte[0]),
                new BadArtifact("a truncated jar", "artifact-truncated", () -> {
                    byte[] whole = good("bad-truncated", "1.0.0");
                    return Arrays.copyOf(whole, whole.length / 2);
                }),
                new BadArtifact("too large", "artifact-too-large", () -> {
                    byte[] bytes = new byte[(64 << 20) + 1];
                    System.arraycopy(good("bad-large", "1.0.0"), 0, bytes, 0, 100);
                    return bytes;
                }),
                new BadArtifact(
                        "an entry with ../",
                        "artifact-entry-name",
                        () -> AdapterJar.storage("bad-path", "1.0.0")
                                .entry("../../evil.txt", new byte[] {1})
                                .signedBy(trusted)),
                new BadArtifact(
                        "a zip bomb",
                        "artifact-bomb",
                        () -> AdapterJar.storage("bad-bomb", "1.0.0")
                                .entry("zeros.bin", new byte[32 << 20])
                                .signedBy(trusted)),
                new BadArtifact(
                        "unsigned",
                        "signature-missing",
                        () -> AdapterJar.storage("bad-unsigned", "1.0.0").unsigned()),
                new BadArtifact(
                        "signed by an unknown key",
                        "signature-key-unknown",
                        () -> AdapterJar.storage("bad-unknown-key", "1.0.0").signedBy(unknown)),
                new BadArtifact(
                        "signed by a revoked key",
                        "signature-key-revoked",
                        () -> AdapterJar.storage("bad-revoked-key", "1.0.0").signedBy(revoked)),
                new BadArtifact(
                        "one class replaced",
                        "signature-broken",
                        () -> AdapterJar.tamper(
                                good("bad-replaced", "1.0.0"), AdapterJar.classEntry("DemoFactory"), new byte[] {1, 2, 3
                                })),
                new BadArtifact(
                        "one class added unsigned",
                        "signature-incomplete",
                        () -> AdapterJar.tamper(
                                good("bad-added", "1.0.0"), "io/maestro/testing/Added.class", new byte[] {1, 2, 3})),
                new BadArtifact(
                        "one class removed",
                        "signature-broken",
                        () -> AdapterJar.tamperAway(
                                good("bad-removed", "1.0.0"), AdapterJar.classEntry("DemoStorage"))),
                new BadArtifact(
                        "no adapter manifest",
                        "manifest-missing",
                        () -> AdapterJar.storage("bad-bare", "1.0.0")
                                .withoutManifest()
                                .signedBy(trusted)),
                new BadArtifact(
                        "an adapter manifest off-schema",
                        "manifest-invalid",
                        () -> AdapterJar.storage("bad-manifest", "1.0.0")
                                .manifest(AdapterJar.yaml("bad-manifest", "1.0.0")
                                        .replace("owner: Maestro tests", "owner: 7"))
                                .signedBy(trusted)),
                new BadArtifact(
                        "an unknown adapter type",
                        "manifest-type-unknown",
                        () -> AdapterJar.storage("bad-type", "1.0.0")
                                .manifest(
                                        AdapterJar.yaml("bad-type", "1.0.0").replace("type: storage", "type: teleport"))
                                .signedBy(trusted)),
                new BadArtifact(
                        "exports a package",
                        "structure-forbidden",
                        () -> AdapterJar.storage("bad-export", "1.0.0")
                                .header("Export-Package", "io.maestro.testing.artifacts.demo")
                                .signedBy(trusted)),
                new BadArtifact(
                        "imports a forbidden package",
                        "import-forbidden",
                        () -> AdapterJar.storage("bad-import", "1.0.0")
                                .importing("io.maestro.store")
                                .signedBy(trusted)));
    }

    /** What passes inspection and is refused when it is started. */
    public List<BadArtifact> refusedAtStart() {
        return List.of(
                new BadArtifact(
                        "throws at start",
                        "bundle-start-failed",
                        () -> AdapterJar.storage("bad-throws", "1.0.0")
                                .failingAtStart()
                                .signedBy(trusted)),
                new BadArtifact(
                        "hangs at start",
                        "bundle-start-timeout",
                        () -> AdapterJar.storage("bad-hangs", "1.0.0")
                                .hangingAtStart()
                                .signedBy(trusted)));
    }
}
