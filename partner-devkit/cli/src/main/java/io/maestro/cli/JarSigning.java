package io.maestro.cli;

import io.maestro.api.trust.Inspection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import jdk.security.jarsigner.JarSignerException;

/** Signs jars by the JDK's own signer: SHA-256 over every entry, entries in the order of the jar as built. */
final class JarSigning {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    private static final int LONGEST_SIGNER = 8;

    private JarSigning() {}

    /** Signs {@code jar} into {@code target}, which is written whole, and only when a server would take it. */
    static Inspection.Passed sign(Path jar, Path target, SigningKey key) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, ".maestro", ".part");
        try {
            try (ZipFile unsigned = open(jar);
                    OutputStream out = Files.newOutputStream(draft)) {
                new JarSigner.Builder(
                                key.key(),
                                CertificateFactory.getInstance("X.509").generateCertPath(key.chain()))
                        .digestAlgorithm("SHA-256")
                        .signerName(signer(key.alias()))
                        .build()
                        .sign(unsigned, out);
            } catch (GeneralSecurityException | JarSignerException e) {
                throw Failure.file("the jar cannot be signed: " + Output.clean(String.valueOf(e.getMessage())), e);
            }
            Inspection.Passed passed = ArtifactChecks.check(draft, ArtifactChecks.trusting(key.certificate()));
            if (Files.getFileStore(draft).supportsFileAttributeView(PosixFileAttributeView.class)) {
                // a temporary file is its owner's alone, a signed jar is for everybody
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return passed;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static ZipFile open(Path jar) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(jar.toFile());
        } catch (ZipException e) {
            throw Failure.file(jar + " is not a jar", e);
        }
        if (zip.stream().anyMatch(entry -> SIGNATURE.matcher(entry.getName()).matches())) {
            zip.close();
            throw Failure.usage(jar + " is signed already", "Sign the jar as it was built.");
        }
        return zip;
    }

    /** At most eight capitals and digits, as the names of signature files are. */
    private static String signer(String alias) {
        String capitals = alias.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        String name = capitals.isEmpty() ? "SIGNER" : capitals;
        return name.substring(0, Math.min(name.length(), LONGEST_SIGNER));
    }
}
