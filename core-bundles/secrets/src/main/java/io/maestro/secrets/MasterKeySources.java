package io.maestro.secrets;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.MasterKeys.KeyStoreFile;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.api.node.MasterKeys.Token;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Opens what holds a master key. Every failure says which holder it is about and what is wrong with it. */
final class MasterKeySources {
    private static final System.Logger LOG = System.getLogger(MasterKeySources.class.getName());
    private static final int KEY_BYTES = 32;

    private MasterKeySources() {}

    /**
     * Opens one.
     *
     * @param fresh whether the database has no master key yet, so that a key file may be made
     * @throws ProblemException {@link SecretProblem#MASTER_KEY_WRONG}
     */
    static KeyManagement open(Source source, boolean fresh) {
        try {
            KeyManagement key = switch (source) {
                case MasterKeys.KeyFile file -> open(file.file(), fresh);
                case KeyStoreFile store -> open(store);
                case Token token -> open(token);
            };
            return new BoundedMasterKey(key, BoundedMasterKey.PATIENCE, BoundedMasterKey.AT_A_TIME);
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            LOG.log(Level.DEBUG, "the master key cannot be opened", e);
            throw unusable(source, reason(e));
        }
    }

    private static KeyManagement open(Path file, boolean fresh) throws IOException, GeneralSecurityException {
        if (fresh && !KeyFile.exists(file)) {
            KeyFile.make(file);
        }
        return WrappingKey.of(KeyFile.read(file), null);
    }

    private static KeyManagement open(KeyStoreFile source) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = source.password().toCharArray();
        try (InputStream in = Files.newInputStream(source.store())) {
            store.load(in, password);
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new IOException("its password is wrong");
            }
            throw e;
        }
        SecretKey key = key(store, source.alias(), password);
        byte[] encoded = key.getEncoded();
        if (encoded == null || encoded.length != KEY_BYTES) {
            throw new GeneralSecurityException("the key \"" + source.alias() + "\" is not an AES key of 256 bits");
        }
        return WrappingKey.of(key, null);
    }

    private static KeyManagement open(Token source) throws IOException, GeneralSecurityException {
        if (!Files.isReadable(source.configuration())) {
            throw new IOException("the file " + source.configuration() + " cannot be read");
        }
        Provider base = Security.getProvider("SunPKCS11");
        if (base == null) {
            throw new GeneralSecurityException("this Java has no PKCS#11 provider (module jdk.crypto.cryptoki)");
        }
        Provider provider = configured(base, source.configuration());
        KeyStore token = KeyStore.getInstance("PKCS11", provider);
        token.load(null, source.pin().toCharArray());
        SecretKey key = key(token, source.alias(), null);
        if (key.getEncoded() != null) {
            throw new GeneralSecurityException("the key \"" + source.alias()
                    + "\" may leave the token: make one that is sensitive and not extractable");
        }
        return WrappingKey.of(key, provider);
    }

    private static Provider configured(Provider base, Path configuration) throws IOException {
        try {
            return base.configure(configuration.toString());
        } catch (RuntimeException e) {
            throw new IOException(
                    "the library or slot that " + configuration + " names cannot be used: " + reason(e), e);
        }
    }

    private static SecretKey key(KeyStore store, String alias, char @Nullable [] password)
            throws GeneralSecurityException {
        Key key = store.getKey(alias, password);
        if (key instanceof SecretKey secret && secret.getAlgorithm().equals("AES")) {
            return secret;
        }
        throw new GeneralSecurityException("there is no AES key \"" + alias + "\" in it");
    }

    /** All messages, from the outermost to the innermost: a store says most outside, a token inside. */
    private static String reason(Throwable thrown) {
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable one = thrown; one != null; one = one.getCause()) {
            String message = one.getMessage();
            messages.add(message == null ? one.getClass().getSimpleName() : message);
        }
        return String.join(": ", messages);
    }

    private static String described(Source source) {
        return switch (source) {
            case MasterKeys.KeyFile file -> "the file " + file.file();
            case KeyStoreFile store -> "the key store " + store.store();
            case Token token -> "the token of " + token.configuration();
        };
    }

    /** Without the cause: at the start the innermost message is shown alone, and it says less than this one. */
    private static ProblemException unusable(Source source, String reason) {
        return Problem.of(
                        SecretProblem.MASTER_KEY_WRONG,
                        "the master key in " + described(source) + " cannot be used: " + reason
                                + "; put it back from the backup, or give the right one with --master-key",
                        "Nothing was changed. Without the master key, the secrets in the database cannot be read.")
                .asException();
    }
}
