package io.maestro.api.node;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the master key is that wraps all data keys of the database.
 *
 * @param current the one to use
 * @param former the one before, while a change of it is under way; else null
 */
public record MasterKeys(Source current, @Nullable Source former) {
    /** The usual one: a file among the keys of the node. */
    public static MasterKeys usual(Path data) {
        return new MasterKeys(new KeyFile(data.resolve("keys").resolve("master.key")), null);
    }

    /** What holds a master key. */
    public sealed interface Source {}

    /**
     * The key alone in a file, which is made when a new database needs it.
     *
     * @param file 32 bytes, for the node's user only
     */
    public record KeyFile(Path file) implements Source {}

    /**
     * A PKCS#12 key store.
     *
     * @param store the file
     * @param alias names the key in it
     * @param password of the store; not printed
     */
    public record KeyStoreFile(Path store, String alias, String password) implements Source {
        @Override
        public String toString() {
            return "KeyStoreFile[" + store + ", alias=" + alias + "]";
        }
    }

    /**
     * A token that speaks PKCS#11; the key never leaves it.
     *
     * @param configuration names the library and the slot, in the format of Java's SunPKCS11 provider
     * @param alias the label of the key
     * @param pin of the token's user; not printed
     */
    public record Token(Path configuration, String alias, String pin) implements Source {
        @Override
        public String toString() {
            return "Token[" + configuration + ", alias=" + alias + "]";
        }
    }
}
