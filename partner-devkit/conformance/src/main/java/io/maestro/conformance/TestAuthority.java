package io.maestro.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test's own, and the certificates of servers on this machine, sound and otherwise; made by the JDK's keytool. */
public final class TestAuthority {
    private static final String PASSWORD = "of-tests-only";
    private static final int PATIENCE_SECONDS = 120;

    private final Path store;

    /** What a server shows. */
    public enum ServerCertificate {
        /** Of the authority, for {@code localhost}, and in time. */
        SOUND("-signer ca -ext san=dns:localhost -validity 10"),
        /** The same, but of last month. */
        EXPIRED("-signer ca -ext san=dns:localhost -startdate -30d -validity 10"),
        /** The same, but for another host. */
        OF_ANOTHER_HOST("-signer ca -ext san=dns:elsewhere.invalid -validity 10"),
        /** Of an authority that nobody knows: itself. */
        OF_NOBODY("-ext san=dns:localhost -validity 10");

        private final String options;

        /** @param options of keytool, with spaces between them */
        ServerCertificate(String options) {
            this.options = options;
        }

        private String alias() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private TestAuthority(Path store) {
        this.store = store;
    }

    /** Makes all of it; takes a few seconds. */
    public static TestAuthority in(Path folder) throws IOException, InterruptedException {
        TestAuthority authority = new TestAuthority(folder.resolve("authority.p12"));
        authority.make("ca", "-ext bc:c -startdate -60d -validity 90");
        for (ServerCertificate certificate : ServerCertificate.values()) {
            authority.make(certificate.alias(), certificate.options);
        }
        return authority;
    }

    /** For clients: trusts this authority and no other. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", read().getCertificate("ca"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** For a server that shows this certificate. */
    public SSLContext showing(ServerCertificate certificate) throws IOException, GeneralSecurityException {
        KeyStore all = read();
        KeyStore shown = empty();
        shown.setKeyEntry(
                certificate.alias(),
                all.getKey(certificate.alias(), PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                all.getCertificateChain(certificate.alias()));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(shown, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore read() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(in, PASSWORD.toCharArray());
            return all;
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private void make(String alias, String options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias + " of tests",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options.split(" ", -1)));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            keytool.getOutputStream().close();
            String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("the JDK's keytool makes no certificate: " + said);
            }
        } finally {
            keytool.destroyForcibly();
        }
    }
}
