package io.maestro.secrets;

import io.maestro.api.node.MasterKeys.KeyStoreFile;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.crypto.KeyGenerator;

/** Makes master keys as an operator would. */
final class MasterKeysOfTests {
    private static final String PASSWORD = "a-password-of-tests";

    private MasterKeysOfTests() {}

    /** A PKCS#12 store with a key of this name, made when it is not there. */
    static KeyStoreFile keyStore(Path file, String alias) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = PASSWORD.toCharArray();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password);
            }
        } else {
            store.load(null, password);
        }
        if (!store.containsAlias(alias)) {
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(256);
            store.setEntry(
                    alias,
                    new KeyStore.SecretKeyEntry(generator.generateKey()),
                    new KeyStore.PasswordProtection(password));
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, password);
            }
        }
        return new KeyStoreFile(file, alias, PASSWORD);
    }
}
