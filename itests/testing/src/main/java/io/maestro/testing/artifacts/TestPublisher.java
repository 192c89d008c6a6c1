package io.maestro.testing.artifacts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** A publisher with a fresh key and a self-signed certificate; signs jars. */
public final class TestPublisher {
    private final String name;
    private final PrivateKey key;
    private final X509Certificate certificate;

    private TestPublisher(String name, PrivateKey key, X509Certificate certificate) {
        this.name = name;
        this.key = key;
        this.certificate = certificate;
    }

    /** The algorithms of keys. */
    public enum KeyKind {
        /** Elliptic curve P-256; quick to make. */
        EC("EC", 256, "SHA256withECDSA", "300a06082a8648ce3d040302"),
        /** Edwards curve. */
        ED25519("Ed25519", 255, "Ed25519", "300506032b6570"),
        /** RSA of 2048 bits. */
        RSA("RSA", 2048, "SHA256withRSA", "300d06092a864886f70d01010b0500"),
        /** RSA of 1024 bits, too weak to be trusted. */
        WEAK_RSA("RSA", 1024, "SHA256withRSA", "300d06092a864886f70d01010b0500");

        private final String algorithm;
        private final int bits;
        private final String signature;
        private final String identifier;

        KeyKind(String algorithm, int bits, String signature, String identifier) {
            this.algorithm = algorithm;
            this.bits = bits;
            this.signature = signature;
            this.identifier = identifier;
        }
    }

    /** A publisher with an EC key whose certificate is good from yesterday for a year. */
    public static TestPublisher create(String name) {
        Instant now = Instant.now();
        return create(name, KeyKind.EC, now.minus(1, ChronoUnit.DAYS), now.plus(365, ChronoUnit.DAYS));
    }

    /** A publisher with such a key and validity. */
    public static TestPublisher create(String name, KeyKind kind, Instant notBefore, Instant notAfter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm);
            if (kind != KeyKind.ED25519) {
                generator.initialize(kind.bits);
            }
            KeyPair pair = generator.generateKeyPair();
            byte[] toSign = SelfSigned.body(
                    name, HexFormat.of().parseHex(kind.identifier), pair.getPublic(), notBefore, notAfter);
            Signature signature = Signature.getInstance(kind.signature);
            signature.initSign(pair.getPrivate());
            signature.update(toSign);
            byte[] encoded = SelfSigned.certificate(toSign, HexFormat.of().parseHex(kind.identifier), signature.sign());
            return new TestPublisher(name, pair.getPrivate(), (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The name, fit for {@code PublisherName}. */
    public String name() {
        return name;
    }

    /** The self-signed certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The private key. */
    public PrivateKey key() {
        return key;
    }

    /** The certificate as {@code POST /api/publishers} takes it. */
    public String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of the key's SubjectPublicKeyInfo, 64 hexadecimal digits. */
    public String fingerprint() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(certificate.getPublicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jar, signed. */
    public byte[] sign(byte[] jar) {
        return sign(jar, "PUBLISHR");
    }

    /**
     * The jar, signed.
     *
     * @param signer the base name of the two signature files, at most eight capitals and digits
     */
    public byte[] sign(byte[] jar, String signer) {
        try {
            Path unsigned = Files.createTempFile("unsigned", ".jar");
            try {
                Files.write(unsigned, jar);
                ByteArrayOutputStream signed = new ByteArrayOutputStream(jar.length + 8_192);
                try (ZipFile zip = new ZipFile(unsigned.toFile())) {
                    new JarSigner.Builder(
                                    key, CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)))
                            .digestAlgorithm("SHA-256")
                            .signerName(signer)
                            .build()
                            .sign(zip, signed);
                }
                return signed.toByteArray();
            } finally {
                Files.deleteIfExists(unsigned);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes key and certificate as a PKCS#12 key store with one entry, named as the publisher. */
    public void writeKeyStore(Path file, String password) {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(name, key, password.toCharArray(), new Certificate[] {certificate});
            store.store(out, password.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
