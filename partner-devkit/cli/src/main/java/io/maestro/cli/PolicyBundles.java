package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.rego.Capabilities;
import io.maestro.rego.bundle.Bundle;
import io.maestro.rego.bundle.BundleBuilder;
import io.maestro.rego.bundle.BundleException;
import io.maestro.rego.bundle.BundleKey;
import io.maestro.rego.bundle.BundleReader;
import io.maestro.rego.bundle.Limits;
import io.maestro.rego.bundle.Manifest;
import io.maestro.rego.bundle.Verification;
import io.maestro.rego.error.RegoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds, signs and verifies bundles of policies on this machine. */
final class PolicyBundles {
    static final String END = ".tar.gz";

    private static final Verification UNSIGNED = new Verification.Unsigned();

    private final Session session;

    PolicyBundles(Session session) {
        this.session = session;
    }

    /**
     * Builds a bundle of a folder.
     *
     * @param out null for a file in the working folder with the folder's name
     * @param revision null for the one in the folder's {@code .manifest}
     * @param roots empty for those in the folder's {@code .manifest}
     */
    int build(Path folder, @Nullable Path out, @Nullable String revision, List<String> roots) throws IOException {
        byte[] archive = archive(folder, revision, roots);
        Bundle bundle = read(archive, UNSIGNED);
        if (bundle.manifest().revision().isEmpty()) {
            throw Failure.usage(
                    "the bundle has no revision, by which servers know what is newer",
                    "Use --revision, or write {\"revision\": …} into the .manifest of " + folder + ".");
        }
        try {
            bundle.compile(Capabilities.standard());
        } catch (RegoException e) {
            throw PolicyFailures.wrong(e);
        }
        Path whole = folder.toAbsolutePath().normalize();
        Path target = out == null ? Path.of(String.valueOf(whole.getFileName()) + END) : out;
        write(target, archive);
        show(bundle, target);
        return Exit.OK;
    }

    /**
     * Signs a bundle.
     *
     * @param out null to sign in place
     * @param id of the key, as signatures name it
     * @param scope what the signature says that it is for; empty for nothing
     */
    int sign(Path file, @Nullable Path out, SigningKey signer, String id, String scope) throws IOException {
        BundleKey key = new BundleKey(id, algorithm(signer.key()), signer.key());
        byte[] signed;
        try {
            signed = BundleBuilder.ofArchive(Files.readAllBytes(file), Limits.STANDARD)
                    .signed(key, scope)
                    .archive();
        } catch (BundleException e) {
            throw refused(e);
        }
        Path target = out == null ? file : out;
        BundleKey open = new BundleKey(id, key.algorithm(), signer.certificate().getPublicKey());
        Bundle bundle = read(signed, new Verification.Signed(Map.of(id, open), id, scope));
        write(target, signed);
        show(bundle, target);
        return Exit.OK;
    }

    /**
     * Verifies a bundle.
     *
     * @param key a certificate or a public key in PEM
     * @param id the key's id, which the signature must name then; null for any
     */
    int verify(Path file, Path key, @Nullable String id, String scope) throws IOException {
        String name = id == null ? key.toString() : id;
        BundleKey trusted = trusted(name, Files.readString(key, UTF_8), null);
        // without an id whatever the signature calls its key: this one is asked
        Verification wanted = new Verification.Signed(Map.of(name, trusted), id == null ? name : "", scope);
        show(read(Files.readAllBytes(file), wanted), file);
        return Exit.OK;
    }

    /**
     * A key in the form in which servers are told to trust it.
     *
     * @param pem a certificate or a public key
     * @param algorithm null for the one that {@link #sign} uses with such a key
     */
    static ObjectNode trust(String id, String pem, @Nullable String algorithm) {
        BundleKey trusted = trusted(id, pem, algorithm);
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("algorithm", trusted.algorithm())
                .put("publicKey", publicPem(trusted.key()));
    }

    private static BundleKey trusted(String id, String pem, @Nullable String algorithm) {
        try {
            Key read = BundleKey.verifying(id, "RS256", pem).key();
            return new BundleKey(id, algorithm == null ? algorithm(read) : algorithm, read);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(
                    Output.clean(String.valueOf(e.getMessage())),
                    algorithm == null
                            ? "Name a certificate or a public key in PEM form."
                            : "Name a certificate or a public key in PEM form, and an algorithm for it as RS256.");
        }
    }

    private static String publicPem(Key key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** The bundle of a folder; what was said stands before what its manifest says. */
    static byte[] archive(Path folder, @Nullable String revision, List<String> roots) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw Failure.usage(folder + " is no folder", "Name the folder of a pack.");
        }
        try {
            byte[] archive =
                    BundleBuilder.ofFolder(folder, null, Limits.STANDARD).archive();
            if (revision == null && roots.isEmpty()) {
                return archive;
            }
            Manifest written =
                    BundleReader.read(archive, Limits.STANDARD, UNSIGNED).manifest();
            Manifest wanted = new Manifest(
                    revision == null ? written.revision() : revision,
                    roots.isEmpty() ? written.roots() : roots,
                    written.metadata());
            return BundleBuilder.ofFolder(folder, wanted, Limits.STANDARD).archive();
        } catch (BundleException e) {
            throw refused(e);
        }
    }

    private static Bundle read(byte[] archive, Verification verification) {
        try {
            return BundleReader.read(archive, Limits.STANDARD, verification);
        } catch (BundleException e) {
            throw refused(e);
        }
    }

    /** The usual one for a kind of key. */
    private static String algorithm(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "RS256";
            case "EC" -> curve(key);
            case "EdDSA", "Ed25519" -> "EdDSA";
            default ->
                throw Failure.usage(
                        "a key for " + key.getAlgorithm() + " signs no bundles", "Use a key for RSA, EC or Ed25519.");
        };
    }

    private static String curve(Key key) {
        int bits = key instanceof ECKey ec ? ec.getParams().getOrder().bitLength() : 0;
        return switch (bits) {
            case 384 -> "ES384";
            case 521 -> "ES512";
            default -> "ES256";
        };
    }

    private static Failure refused(BundleException e) {
        return Failure.of(
                Exit.ARTIFACT,
                Failure.local(
                        "cli-bundle-refused",
                        "The bundle is refused",
                        String.valueOf(e.getMessage()),
                        "A server would refuse it too: mend what is said, then build and sign it again."));
    }

    /** Whole or not at all. */
    private static void write(Path target, byte[] content) throws IOException {
        Path draft = Files.createTempFile(target.toAbsolutePath().getParent(), ".bundle", ".tmp");
        try {
            Files.write(draft, content);
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void show(Bundle bundle, Path file) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("file", file.toString());
        answer.put("revision", bundle.manifest().revision());
        bundle.manifest().roots().forEach(answer.putArray("roots")::add);
        answer.put("policies", bundle.sources().size());
        answer.put("digest", bundle.digest());
        answer.put("signedBy", bundle.signedBy().isEmpty() ? null : bundle.signedBy());
        session.output()
                .fields(
                        answer,
                        Column.of("Bundle", "/file"),
                        Column.of("Revision", "/revision"),
                        Column.of("Roots", "/roots"),
                        Column.of("Policies", "/policies"),
                        Column.of("Digest", "/digest"),
                        Column.of("Signed by", "/signedBy"));
    }
}
