package io.maestro.signer;

import io.maestro.provenance.format.SigningSeed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Set;

/** The signer's key: PKCS#8 in PEM form, as OpenSSL makes it, or the one Ed25519 key of a PKCS#12 key store. */
final class KeyStoreFile {
    private static final int LARGEST = 64 * 1024;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final byte[] PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private KeyStoreFile() {}

    /** Reads the key; the password is for a key store. */
    static SigningSeed read(Path file, char[] password) throws IOException {
        checkPrivate(file);
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is too large for a key");
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
            Key key = text.startsWith(BEGIN) && text.endsWith(END) ? pem(text) : keyStore(file, password);
            byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
            return SigningSeed.of(seed);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(file + " holds no Ed25519 key that can be read", e);
        }
    }

    /** Makes a key in PEM form; the file must not be there yet. */
    static SigningSeed create(Path file) throws IOException {
        SigningSeed seed = SigningSeed.random(new SecureRandom());
        byte[] encoded = new byte[PREFIX.length + SigningSeed.BYTES];
        System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
        System.arraycopy(seed.bytes(), 0, encoded, PREFIX.length, SigningSeed.BYTES);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(file, BEGIN + "\n" + Base64.getEncoder().encodeToString(encoded) + "\n" + END + "\n");
        return seed;
    }

    /** What only the owner may read must not be readable for others. */
    static void checkPrivate(Path file) throws IOException {
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException("others may read " + file + "; take that away with chmod 600 " + file);
        }
    }

    private static Key pem(String text) throws GeneralSecurityException {
        String inside =
                text.substring(BEGIN.length(), text.length() - END.length()).replaceAll("\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(inside)));
    }

    private static Key keyStore(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        for (String alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password) instanceof EdECPrivateKey key) {
                return key;
            }
        }
        throw new GeneralSecurityException("no such key");
    }
}
