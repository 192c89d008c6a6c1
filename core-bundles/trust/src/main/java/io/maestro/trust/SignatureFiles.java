package io.maestro.trust;

import io.maestro.api.trust.TrustProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** The files of a jar's signatures: for each signer a list of digests ({@code .SF}) and the signature of that list. */
final class SignatureFiles {
    private static final Pattern LIST = Pattern.compile("META-INF/[^/]+\\.SF");
    private static final Pattern BLOCK = Pattern.compile("META-INF/[^/]+\\.(RSA|DSA|EC)");
    private static final int LARGEST = 8 << 20;
    private static final List<String> STRONG = List.of("SHA-256", "SHA-384", "SHA-512");

    /** File of digests to file of signature. */
    private final Map<String, String> signers;

    private SignatureFiles(Map<String, String> signers) {
        this.signers = signers;
    }

    /** Whether the entry needs no signature, because it is one. */
    static boolean exempt(String name) {
        return name.equals(JarContent.MANIFEST)
                || LIST.matcher(name).matches()
                || BLOCK.matcher(name).matches();
    }

    /** Whether the entry is the signature of a list of digests. */
    static boolean block(String name) {
        return BLOCK.matcher(name).matches();
    }

    /** How many signatures the jar claims to have. */
    int count() {
        return signers.size();
    }

    /** Finds them and refuses what does not come in pairs. */
    static SignatureFiles of(JarContent jar) {
        Map<String, String> blocks = new TreeMap<>();
        Map<String, String> signers = new TreeMap<>();
        for (String name : jar.names()) {
            boolean block = BLOCK.matcher(name).matches();
            if (block && blocks.put(base(name), name) != null) {
                throw JarSignature.broken(name, ZipShape.quoted(name) + " is a second signature of the same name");
            }
            if ((block || exempt(name)) && jar.size(name) > LARGEST) {
                throw JarSignature.broken(name, ZipShape.quoted(name) + " is larger than " + LARGEST + " bytes");
            }
        }
        for (String name : jar.names()) {
            if (LIST.matcher(name).matches()) {
                String block = blocks.remove(base(name));
                if (block == null) {
                    throw JarSignature.broken(name, ZipShape.quoted(name) + " has no signature block beside it");
                }
                signers.put(name, block);
            }
        }
        if (!blocks.isEmpty()) {
            String block = blocks.values().iterator().next();
            throw JarSignature.broken(block, ZipShape.quoted(block) + " has no .SF file beside it");
        }
        if (signers.isEmpty()) {
            throw Refusals.of(
                    TrustProblem.SIGNATURE_MISSING,
                    "there is no signature in META-INF",
                    "Sign the jar with a trusted publisher's key: maestro adapter sign --key KEY.p12 JAR.");
        }
        return new SignatureFiles(signers);
    }

    /** One of the signatures' files, for messages. */
    String firstSigner() {
        return signers.values().iterator().next().substring("META-INF/".length());
    }

    /** Refuses when anything was added to the manifest or removed from the jar since it was signed. */
    void checkCoversManifest(JarContent jar) {
        byte[] manifest = bytes(jar, JarContent.MANIFEST);
        for (String list : signers.keySet()) {
            if (!covers(parse(list, bytes(jar, list)).getMainAttributes(), manifest)) {
                throw JarSignature.broken(
                        JarContent.MANIFEST,
                        "META-INF/MANIFEST.MF is not the one that was signed: its digest in " + list
                                + " is another, or not SHA-256 or stronger");
            }
        }
        List<String> gone = new ArrayList<>();
        parse(JarContent.MANIFEST, manifest).getEntries().forEach((name, attributes) -> {
            if (jar.size(name) < 0
                    && attributes.keySet().stream()
                            .anyMatch(key -> key.toString().endsWith("-Digest"))) {
                gone.add(name);
            }
        });
        if (!gone.isEmpty()) {
            throw JarSignature.broken(
                    gone.getFirst(), "the signed entry " + ZipShape.quoted(gone.getFirst()) + " was removed");
        }
    }

    /** At least one strong digest, and all that are strong must be right. */
    private static boolean covers(Attributes attributes, byte[] manifest) {
        boolean covered = false;
        for (String algorithm : STRONG) {
            String wanted = attributes.getValue(algorithm + "-Digest-Manifest");
            if (wanted == null) {
                continue;
            }
            String actual = Base64.getEncoder().encodeToString(digest(algorithm, manifest));
            if (!wanted.equals(actual)) {
                return false;
            }
            covered = true;
        }
        return covered;
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static Manifest parse(String name, byte[] bytes) {
        try {
            return new Manifest(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw JarSignature.broken(name, ZipShape.quoted(name) + " is malformed");
        }
    }

    private static byte[] bytes(JarContent jar, String name) {
        byte[] bytes = jar.bytes(name, LARGEST);
        if (bytes == null) {
            throw JarSignature.broken(name, ZipShape.quoted(name) + " cannot be read");
        }
        return bytes;
    }

    private static String base(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
