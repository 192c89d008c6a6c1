package io.maestro.trust;

import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.api.trust.TrustProblem;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
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
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * Inspects adapter artifacts: copy, shape of the jar, signature, manifest, structure, in this order. The server and the
 * command line use the same one. Any thread; blocks on files and on the {@link KeyLookup}.
 */
public final class ArtifactInspector implements Inspector {
    private static final int MOST_NAMES = 10;

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
    public Inspection inspect(InputStream artifact, Verification verification) throws IOException {
        verification.begin(Check.BYTES);
        return switch (incoming.copy(artifact)) {
            case IncomingFolder.Copy.TooLarge(var problem, long seen) -> {
                verification.failed(problem);
                yield new Inspection.Refused(problem, null, seen, null, null);
            }
            case IncomingFolder.Copy.Whole copy -> {
                verification.passed(copy.size() + " bytes with the digest " + copy.digest());
                yield inspect(copy, verification);
            }
        };
    }

    private Inspection inspect(IncomingFolder.Copy.Whole copy, Verification verification) throws IOException {
        boolean passed = false;
        try {
            List<ZipShape.Item> items;
            try {
                verification.begin(Check.ARCHIVE);
                items = ZipShape.check(copy.file(), limits);
                verification.passed(items.size() + " entries, and none unpacks to more than it says or leaves the jar");
            } catch (ProblemException e) {
                verification.failed(e.problem());
                return refused(e, copy, Glimpse.NOTHING);
            }
            try {
                Inspection.Passed result = passed(copy, items, verification);
                passed = true;
                return result;
            } catch (ProblemException e) {
                if (!saysSomethingOfTheArtifact(e)) {
                    verification.undecided(e.problem().detail());
                    throw e;
                }
                verification.failed(e.problem());
                return refused(e, copy, glimpse(copy.file(), items));
            }
        } finally {
            if (!passed) {
                Files.deleteIfExists(copy.file());
            }
        }
    }

    private Inspection.Passed passed(
            IncomingFolder.Copy.Whole copy, List<ZipShape.Item> items, Verification verification) throws IOException {
        verification.begin(Check.SIGNATURE);
        try (JarFile unverified = open(copy.file(), false)) {
            SignatureLimits.check(new JarContent(unverified, items));
        }
        try (JarFile jar = open(copy.file(), true)) {
            JarContent content = new JarContent(jar, items);
            if (content.size(JarContent.MANIFEST) < 0) {
                throw BundleRules.noManifest();
            }
            PublisherKey key = signature.verify(content);
            verification.passed(
                    "the publisher \"" + key.publisher() + "\" signed every entry with the key " + key.fingerprint());
            verification.begin(Check.MANIFEST);
            AdapterManifest manifest = manifests.read(content);
            verification.passed(manifest.id() + ", of the type " + manifest.type() + " by its contract "
                    + manifest.contractVersion());
            rules(content, manifest, verification);
            return new Inspection.Passed(
                    copy.digest(), copy.size(), copy.file(), key.publisher(), key.fingerprint(), manifest);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void rules(JarContent content, AdapterManifest manifest, Verification verification) {
        verification.begin(Check.STRUCTURE);
        BundleRules rules = BundleRules.of(content);
        rules.requireStructure();
        verification.passed("it exports nothing and offers its factory only");
        verification.begin(Check.IMPORTS);
        rules.requireImports();
        List<String> packages = manifest.permissions().packages();
        verification.passed(
                packages.isEmpty()
                        ? "it imports nothing but what every adapter may"
                        : "it imports what an adapter may, and beyond the contract " + some(packages));
        verification.begin(Check.NETWORK);
        List<String> hosts = manifest.permissions().network();
        verification.noted(hosts.isEmpty() ? "it wants to reach no host" : "it wants to reach " + some(hosts));
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).map(Refusals::printable).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : first + " and " + (names.size() - MOST_NAMES) + " more";
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
