package io.maestro.trust;

import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.security.CodeSigner;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the trusted key that signed every entry of a jar, or refuses.
 *
 * <p>Java verifies each entry, but it also takes a jar with entries added, removed, or signed by somebody else. So every
 * entry must carry a signer, one signer must cover all of them, the signature must cover the whole manifest, and what the
 * manifest lists must be there.
 */
final class JarSignature {
    private final KeyLookup keys;
    private final InstantSource clock;

    JarSignature(KeyLookup keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The trusted key that signed all. */
    PublisherKey verify(JarContent jar) {
        SignatureFiles files = SignatureFiles.of(jar);
        Map<Digest, X509Certificate> everywhere = new LinkedHashMap<>();
        Map<Digest, X509Certificate> anywhere = new LinkedHashMap<>();
        boolean first = true;
        List<String> unsigned = new ArrayList<>();
        int most = 0;
        byte[] buffer = new byte[1 << 16];
        for (String name : jar.names()) {
            if (name.endsWith("/") || SignatureFiles.exempt(name)) {
                continue;
            }
            CodeSigner[] verified = verified(jar, name, buffer);
            most = Math.max(most, verified.length);
            Map<Digest, X509Certificate> signers = signers(verified);
            if (signers.isEmpty()) {
                unsigned.add(name);
            }
            anywhere.putAll(signers);
            if (first) {
                everywhere.putAll(signers);
                first = false;
            } else {
                everywhere.keySet().retainAll(signers.keySet());
            }
        }
        if (anywhere.isEmpty()) {
            throw Refusals.of(
                    TrustProblem.SIGNATURE_MISSING,
                    "META-INF/" + files.firstSigner()
                            + " is there, but signs nothing: Java refuses its algorithm or key, or cannot read it",
                    "Sign with SHA-256 or stronger and an RSA key of at least 2048 bits or an EC key: maestro adapter sign.");
        }
        if (!unsigned.isEmpty()) {
            throw incomplete(unsigned);
        }
        files.checkCoversManifest(jar);
        if (most < files.count()) {
            // else anybody could make other bytes of a signed jar by adding a block of rubbish
            throw broken(
                    "META-INF/" + files.firstSigner(),
                    "of " + files.count() + " signatures Java can verify only " + most);
        }
        return judge(everywhere, anywhere.keySet());
    }

    private static CodeSigner[] verified(JarContent jar, String name, byte[] buffer) {
        try {
            CodeSigner[] signers = jar.verified(name, buffer).getCodeSigners();
            return signers == null ? new CodeSigner[0] : signers;
        } catch (ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // the JDK's parsers throw whatever comes to hand when a signature is rubbish
            throw broken(
                    name,
                    "the entry " + ZipShape.quoted(name) + " does not match the signature: "
                            + Refusals.printable(String.valueOf(e.getMessage())));
        }
    }

    private static Map<Digest, X509Certificate> signers(CodeSigner[] verified) {
        Map<Digest, X509Certificate> found = new LinkedHashMap<>();
        for (CodeSigner signer : verified) {
            if (signer.getSignerCertPath().getCertificates().getFirst() instanceof X509Certificate certificate) {
                found.put(Certificates.fingerprint(certificate), certificate);
            }
        }
        return found;
    }

    private PublisherKey judge(Map<Digest, X509Certificate> everywhere, Set<Digest> anywhere) {
        for (Digest fingerprint : anywhere) {
            PublisherKey key = keys.key(fingerprint);
            if (key != null && key.revokedAt() != null) {
                throw Refusals.of(
                        TrustProblem.SIGNATURE_KEY_REVOKED,
                        "the key " + fingerprint + " of publisher " + key.publisher() + " was revoked: "
                                + key.revokedReason(),
                        "Get a version from the publisher that is signed with a key in use.");
            }
        }
        if (everywhere.isEmpty()) {
            throw Refusals.of(
                    TrustProblem.SIGNATURE_INCOMPLETE,
                    "no single signer covers every entry",
                    "Sign the whole jar with one key: maestro adapter sign.");
        }
        for (Map.Entry<Digest, X509Certificate> signer : everywhere.entrySet()) {
            PublisherKey key = keys.key(signer.getKey());
            if (key != null) {
                checkValid(signer.getValue(), key);
                return key;
            }
        }
        Map.Entry<Digest, X509Certificate> signer =
                everywhere.entrySet().iterator().next();
        throw Refusals.of(
                TrustProblem.SIGNATURE_KEY_UNKNOWN,
                "the jar is signed by "
                        + Refusals.printable(
                                signer.getValue().getSubjectX500Principal().getName()) + " with the key "
                        + signer.getKey() + ", which nobody here trusts",
                "If you know this publisher, trust its certificate first: maestro publisher trust.");
    }

    /** The dates of the trusted certificate count too: those of the jar's copy could have been changed. */
    private void checkValid(X509Certificate certificate, PublisherKey key) {
        Instant now = clock.instant();
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw expired(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }
        if (now.isAfter(key.notAfter())) {
            throw expired(certificate.getNotBefore().toInstant(), key.notAfter());
        }
    }

    private static ProblemException expired(Instant notBefore, Instant notAfter) {
        return Refusals.of(
                TrustProblem.SIGNATURE_CERTIFICATE_EXPIRED,
                "the signing certificate is valid from " + notBefore + " to " + notAfter + " only",
                "Get a version from the publisher that is signed with a certificate valid now.");
    }

    private static ProblemException incomplete(List<String> unsigned) {
        String more = unsigned.size() == 1 ? "" : " and " + (unsigned.size() - 1) + " more";
        return Refusals.at(
                TrustProblem.SIGNATURE_INCOMPLETE,
                unsigned.getFirst(),
                "the entry " + ZipShape.quoted(unsigned.getFirst()) + more + " carries no signature",
                "Do not change a jar after it was signed; sign it again as a whole: maestro adapter sign.");
    }

    static ProblemException broken(String place, String detail) {
        return Refusals.at(
                TrustProblem.SIGNATURE_BROKEN,
                place,
                detail,
                "Do not change a jar after it was signed; get the original or sign it again: maestro adapter sign.");
    }
}
