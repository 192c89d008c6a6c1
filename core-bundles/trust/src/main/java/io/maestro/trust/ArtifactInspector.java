package io.maestro.trust;

import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import io.maestro.trust.ManifestReader.Glimpse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/**
 * Inspects adapter artifacts: copy, shape of the jar, signature, manifest, structure, in this order. The server and the
 * command line use the same one. Any thread; blocks on files and on the {@link KeyLookup}.
 */
public final class ArtifactInspector implements Inspector {
    private final InspectionLimits limits;
    private final IncomingFolder incoming;
    private final JarSignature signature;
    private final ManifestReader manifests;

    /**
     * Makes an inspector.
     *
     * @param keys tells whom to trust
     * @param folder where the private copies go; made when it is not there
     */
    public ArtifactInspector(InspectionLimits limits, KeyLookup keys, Path folder, InstantSource clock) {
        this.limits = limits;
        this.incoming = new IncomingFolder(folder, limits.artifactBytes());
        this.signature = new JarSignature(keys, clock);
        this.manifests = new ManifestReader(limits.manifestBytes());
    }

    /** Deletes copies that a crash left behind. Call it once, before the first inspection. */
    public void sweep() throws IOException {
        incoming.sweep();
    }

    @Override
    public Inspection inspect(InputStream artifact) throws IOException {
        return switch (incoming.copy(artifact)) {
            case IncomingFolder.Copy.TooLarge(var problem, long seen) ->
                new Inspection.Refused(problem, null, seen, null, null);
            case IncomingFolder.Copy.Whole copy -> inspect(copy);
        };
    }

    private Inspection inspect(IncomingFolder.Copy.Whole copy) throws IOException {
        boolean passed = false;
        try {
            List<ZipShape.Item> items;
            try {
                items = ZipShape.check(copy.file(), limits);
            } catch (ProblemException e) {
                return refused(e, copy, Glimpse.NOTHING);
            }
            try {
                Inspection.Passed result = passed(copy, items);
                passed = true;
                return result;
            } catch (ProblemException e) {
                if (!saysSomethingOfTheArtifact(e)) {
                    throw e;
                }
                return refused(e, copy, glimpse(copy.file(), items));
            }
        } finally {
            if (!passed) {
                Files.deleteIfExists(copy.file());
            }
        }
    }

    private Inspection.Passed passed(IncomingFolder.Copy.Whole copy, List<ZipShape.Item> items) throws IOException {
        try (JarFile unverified = open(copy.file(), false)) {
            SignatureLimits.check(new JarContent(unverified, items));
        }
        try (JarFile jar = open(copy.file(), true)) {
            JarContent content = new JarContent(jar, items);
            if (content.size(JarContent.MANIFEST) < 0) {
                BundleRules.check(content);
            }
            PublisherKey key = signature.verify(content);
            AdapterManifest manifest = manifests.read(content);
            BundleRules.check(content);
            return new Inspection.Passed(
                    copy.digest(), copy.size(), copy.file(), key.publisher(), key.fingerprint(), manifest);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A database that is away while a key is looked up is no reason to refuse a jar for good. */
    private static boolean saysSomethingOfTheArtifact(ProblemException e) {
        return Arrays.stream(TrustProblem.values())
                .anyMatch(code -> code.code().equals(e.problem().code()));
    }

    /** Nothing is verified here: a name in the list of refused artifacts is a hint, not a fact. */
    private Glimpse glimpse(Path file, List<ZipShape.Item> items) throws IOException {
        try (JarFile jar = open(file, false)) {
            return manifests.glimpse(new JarContent(jar, items));
        } catch (ProblemException e) {
            return Glimpse.NOTHING;
        }
    }

    private static Inspection refused(ProblemException e, IncomingFolder.Copy.Whole copy, Glimpse glimpse) {
        return new Inspection.Refused(e.problem(), copy.digest(), copy.size(), glimpse.name(), glimpse.version());
    }

    private static JarFile open(Path file, boolean verify) throws IOException {
        try {
            return new JarFile(file.toFile(), verify, ZipFile.OPEN_READ, JarFile.baseVersion());
        } catch (IOException e) {
            throw Refusals.damaged("Java cannot open the jar: " + Refusals.printable(String.valueOf(e.getMessage())));
        }
    }
}
