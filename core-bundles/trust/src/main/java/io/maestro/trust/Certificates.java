package io.maestro.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;

/** Reads publishers' certificates. Only the key, the subject and the validity matter; there is no certificate authority. */
public final class Certificates {
    private static final int LARGEST = 20_000;
    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private Certificates() {}

    /**
     * Reads one certificate in PEM form.
     *
     * @throws ProblemException {@link TrustProblem#CERTIFICATE_INVALID} when it is not one, its key is too weak, or it has
     *     ended
     */
    public static X509Certificate parse(String pem, Instant now) {
        String text = pem.strip();
        if (text.length() > LARGEST
                || !text.startsWith(BEGIN)
                || text.indexOf(BEGIN, 1) >= 0
                || !text.endsWith(END)
                || !text.chars().allMatch(c -> c == '\n' || c == '\r' || (c >= ' ' && c < 127))) {
            throw invalid("the text is not one certificate in PEM form");
        }
        X509Certificate certificate = read(text);
        checkStrong(certificate.getPublicKey());
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw invalid(
                    "the certificate ended at " + certificate.getNotAfter().toInstant());
        }
        checkSelfSignature(certificate);
        return certificate;
    }

    /** SHA-256 of the certificate's SubjectPublicKeyInfo. */
    public static Digest fingerprint(X509Certificate certificate) {
        return Digest.of(
                IncomingFolder.sha256().digest(certificate.getPublicKey().getEncoded()));
    }

    private static X509Certificate read(String text) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(text.getBytes(US_ASCII)));
        } catch (CertificateException e) {
            throw invalid("the text is not a well-formed X.509 certificate");
        }
    }

    private static void checkStrong(PublicKey key) {
        boolean strong = switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS;
            case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS;
            case EdECPublicKey _ -> true;
            default -> false;
        };
        if (!strong) {
            throw invalid("the key is too weak or of an unknown kind (" + key.getAlgorithm() + ")");
        }
    }

    private static void checkSelfSignature(X509Certificate certificate) {
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return;
        }
        try {
            certificate.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw invalid("the certificate is damaged: it does not match its own signature");
        }
    }

    private static ProblemException invalid(String detail) {
        return Refusals.of(
                TrustProblem.CERTIFICATE_INVALID,
                detail,
                "Send one X.509 certificate in PEM form with an RSA key of at least 2048 bits, an EC key of at least 256 bits "
                        + "or an Ed25519 key: maestro publisher create-key makes one.");
    }
}
