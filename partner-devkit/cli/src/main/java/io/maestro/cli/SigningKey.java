package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A publisher's private key with its certificate, as it stands in a PKCS#12 file. */
record SigningKey(String alias, PrivateKey key, List<X509Certificate> chain) {
    static final String PASSWORD_VARIABLE = "MAESTRO_KEY_PASSWORD";

    private static final int SHORTEST_PASSWORD = 6;
    private static final int PATIENCE_SECONDS = 120;

    /** Makes a key by the JDK's keytool. The file is the owner's alone, and an existing one is never replaced. */
    static SigningKey create(String name, Path file, String password, int days) throws IOException {
        if (password.length() < SHORTEST_PASSWORD) {
            throw Failure.usage("the password is too short", "Use at least " + SHORTEST_PASSWORD + " characters.");
        }
        Path target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw Failure.usage(file + " is there already", "Choose another name: keys are never replaced.");
        }
        Path folder = target.getParent();
        Files.createDirectories(folder);
        // in a folder of its own, which only the owner may enter
        Path own = Files.createTempDirectory(folder, ".maestro");
        Path draft = own.resolve("key.p12");
        try {
            keytool(draft, name, password, days);
            Files.createFile(target, Credentials.privately(target));
            Files.write(target, Files.readAllBytes(draft));
        } finally {
            Files.deleteIfExists(draft);
            Files.deleteIfExists(own);
        }
        return read(target, password, name);
    }

    /** Reads a key; {@code alias} may be null when there is one only. */
    static SigningKey read(Path file, String password, @Nullable String alias) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            String wanted = alias == null ? onlyAlias(file, store) : alias;
            if (!(store.getKey(wanted, password.toCharArray()) instanceof PrivateKey key)) {
                throw Failure.usage("there is no key " + wanted + " in " + file, "Name another with --alias.");
            }
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(wanted)) {
                chain.add((X509Certificate) certificate);
            }
            return new SigningKey(wanted, key, List.copyOf(chain));
        } catch (IOException e) {
            throw Failure.file("the key store " + file + " cannot be opened: wrong file or wrong password", e);
        } catch (GeneralSecurityException e) {
            throw Failure.file("the key store " + file + " cannot be read", e);
        }
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The certificate in PEM form. */
    String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String onlyAlias(Path file, KeyStore store) throws GeneralSecurityException {
        List<String> aliases = Collections.list(store.aliases());
        if (aliases.size() != 1) {
            throw Failure.usage(file + " holds " + aliases.size() + " entries", "Name one with --alias.");
        }
        return aliases.getFirst();
    }

    private static void keytool(Path file, String name, String password, int days) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "3072",
                        "-sigalg",
                        "SHA256withRSA",
                        "-validity",
                        Integer.toString(days),
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass:env",
                        PASSWORD_VARIABLE)
                .redirectErrorStream(true);
        // not on the command line, where every user of the machine could read it
        builder.environment().put(PASSWORD_VARIABLE, password);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw Failure.usage(
                        "the JDK's keytool makes no key: " + Output.clean(said.strip()),
                        "Check the password and the path.");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Failure.usage("interrupted", "Run the command again.");
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + alias + "]";
    }
}
