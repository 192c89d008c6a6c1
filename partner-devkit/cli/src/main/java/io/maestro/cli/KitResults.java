package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Digest;
import io.maestro.trust.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * Results of kits in a DSSE envelope (Dead Simple Signing Envelope 1.0.2): who says that an adapter, named by the digest of its
 * jar, passed. Keys are those that sign adapters, named as there.
 */
final class KitResults {
    static final String PAYLOAD_TYPE = "application/vnd.maestro.kit-result+json";

    private static final long LARGEST = 24L << 20;
    private static final int MOST_SIGNATURES = 8;
    private static final String FORMAT = "maestro-kit-result/1";
    private static final JsonMapper JSON = new JsonMapper();

    private KitResults() {}

    /**
     * The envelope of a report.
     *
     * @throws Failure when it is none
     */
    static ObjectNode sign(Path file, SigningKey key) throws IOException {
        JsonNode report = read(file);
        requireReport(file, report);
        byte[] payload = JSON.writeValueAsBytes(report);
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("payloadType", PAYLOAD_TYPE);
        envelope.put("payload", Base64.getEncoder().encodeToString(payload));
        ObjectNode signature = envelope.putArray("signatures").addObject();
        signature.put("keyid", Certificates.fingerprint(key.certificate()).toString());
        try {
            Signature signer = Signature.getInstance(algorithm(key.key()));
            signer.initSign(key.key());
            signer.update(encoded(payload));
            signature.put("sig", Base64.getEncoder().encodeToString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw Failure.file("the result cannot be signed with the key " + key.alias(), e);
        }
        return envelope;
    }

    /**
     * The report in an envelope, once it is certain that the certificate's key signed it, and of which jar it tells.
     *
     * @throws Failure with exit code 5 when it does not hold
     */
    static JsonNode verified(Path file, X509Certificate certificate, Digest jar) throws IOException {
        JsonNode envelope = read(file);
        try {
            byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
            if (!envelope.path("payloadType").asText().equals(PAYLOAD_TYPE)) {
                throw refused(file + " is no signed result of a kit");
            }
            if (!isSigned(envelope, certificate, encoded(payload))) {
                throw refused(file + " is not signed by " + certificate.getSubjectX500Principal() + ", or was changed");
            }
            JsonNode report = JSON.readTree(payload);
            requireReport(file, report);
            if (!report.path("digest").asText().equals(jar.toString())) {
                throw refused(
                        file + " tells of another jar, " + report.path("digest").asText());
            }
            return report;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw refused(file + " is no signed result of a kit");
        }
    }

    private static void requireReport(Path file, JsonNode report) {
        int passed = 0;
        int failed = 0;
        for (JsonNode test : report.path("tests")) {
            passed += test.path("outcome").asText().equals("PASSED") ? 1 : 0;
            failed += test.path("outcome").asText().equals("FAILED") ? 1 : 0;
        }
        if (!report.path("format").asText().equals(FORMAT)
                || report.path("passed").asBoolean() != (passed > 0 && failed == 0)) {
            throw refused(file + " is no result of a kit");
        }
    }

    private static boolean isSigned(JsonNode envelope, X509Certificate certificate, byte[] encoded)
            throws GeneralSecurityException {
        String key = Certificates.fingerprint(certificate).toString();
        int looked = 0;
        for (JsonNode signature : envelope.path("signatures")) {
            if (signature.path("keyid").asText().equals(key) && looked++ < MOST_SIGNATURES) {
                Signature verifier = Signature.getInstance(algorithm(certificate.getPublicKey()));
                verifier.initVerify(certificate.getPublicKey());
                verifier.update(encoded);
                if (isVerified(verifier, signature.path("sig").asText())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One that cannot be read is none, and says nothing of the others. */
    private static boolean isVerified(Signature verifier, String base64) {
        try {
            return verifier.verify(Base64.getDecoder().decode(base64));
        } catch (SignatureException | IllegalArgumentException e) {
            return false;
        }
    }

    /** What is signed: the type and the payload, each with its length (DSSE, "PAE"). */
    private static byte[] encoded(byte[] payload) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.write(
                ("DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length + " ").getBytes(UTF_8));
        encoded.write(payload);
        return encoded.toByteArray();
    }

    private static String algorithm(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw Failure.usage(
                        "a key for " + key.getAlgorithm() + " signs no results", "Use a key for RSA, EC or Ed25519.");
        };
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw refused(file + " is too large for a result of a kit");
            }
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw refused(file + " is no signed result of a kit");
        } catch (IOException e) {
            throw Failure.file(file + " cannot be read", e);
        }
    }

    private static Failure refused(String detail) {
        return Failure.of(
                Exit.ARTIFACT,
                Failure.local(
                        "kit-result-refused",
                        "The result of the kit does not hold",
                        Output.clean(detail),
                        "Ask for the result of exactly this jar, and for the certificate of who ran the kit."));
    }
}
