package io.maestro.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/**
 * Signs the shipped adapters with a key that lives as long as the target folder: it proves to a new data folder that the
 * adapters are those of this very build, and nothing else.
 */
final class Publisher {
    private static final String ALIAS = "maestro";
    private static final char[] PASSWORD = "not-a-secret".toCharArray();
    private static final int LINE = 64;

    private final Path folder;
    private final KeyStore keys;

    private Publisher(Path folder, KeyStore keys) {
        this.folder = folder;
        this.keys = keys;
    }

    /** The publisher whose key is in {@code folder}; made when there is none. */
    static Publisher in(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("publisher.p12");
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            generate(file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            return new Publisher(folder, keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void generate(Path file) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "825",
                        "-dname",
                        "CN=Maestro Conductor (this build)")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new BuildFailure("keytool makes no key for the shipped adapters");
        }
    }

    /** The certificate in PEM form. */
    String certificate() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(LINE, new byte[] {'\n'})
                            .encodeToString(keys.getCertificate(ALIAS).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A signed copy of {@code jar}; the one made before when neither the jar nor the key has changed. */
    Path sign(Path jar) throws IOException {
        Path original = folder.resolve("unsigned").resolve(String.valueOf(jar.getFileName()));
        Path signed = folder.resolve(String.valueOf(jar.getFileName()));
        if (Files.exists(original) && Files.exists(signed) && Files.mismatch(original, jar) < 0) {
            return signed;
        }
        Path draft = folder.resolve("draft");
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(draft)) {
            KeyStore.PrivateKeyEntry key =
                    (KeyStore.PrivateKeyEntry) keys.getEntry(ALIAS, new KeyStore.PasswordProtection(PASSWORD));
            new JarSigner.Builder(key).signerName("MAESTRO").build().sign(in, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Files.move(draft, signed, StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(original.getParent());
        Files.copy(jar, original, StandardCopyOption.REPLACE_EXISTING);
        return signed;
    }
}
